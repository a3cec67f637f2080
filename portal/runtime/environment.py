"""What the portal's processes find in their environment, and what an installation remembers about itself."""

import json
import os
from pathlib import Path

from portal.runtime.messages import Trouble
from portal.runtime.paths import Paths

SETTINGS = "portal.settings.dev"


class Instance:
    """The choice made when an installation was first started: with the demo's data or empty.

    It is kept because a forgotten `--empty` must not pour invented companies into an office's real data.
    """

    def __init__(self, paths: Paths) -> None:
        self._path: Path = paths.var / "instance.json"

    @property
    def demo(self) -> bool | None:
        """True or False once chosen, None before."""
        try:
            return bool(json.loads(self._path.read_text())["demo"])
        except (OSError, ValueError, KeyError):
            return None

    def choose(self, *, empty: bool, demo: bool) -> bool:
        """Decide from the command line, the environment and what was chosen before; remember and return it.

        A database from outside starts empty unless the demo is asked for: it may be anybody's.

        Raises:
            Trouble: `--empty` on an installation that already holds the demo.
        """
        before = self.demo
        asked = demo or os.environ.get("PORTAL_DEMO") == "1"
        if empty and before:
            raise Trouble(
                "이 자리에는 이미 시범 자료가 들어 있어 빈 포털로 켤 수 없습니다.",
                where=self._path.parent,
                how="빈 포털은 PORTAL_VAR=<새 폴더> ./start --empty 로 따로 켜 주십시오.",
            )
        if empty or os.environ.get("PORTAL_DEMO") == "0":
            chosen = False
        elif asked or before is not None:
            chosen = asked or bool(before)
        else:
            chosen = not os.environ.get("DATABASE_URL")
        if chosen != before:
            self._path.write_text(json.dumps({"demo": chosen}) + "\n")
        return chosen


def set_defaults(paths: Paths) -> None:
    """Fill in what the settings read and nobody has set."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    os.environ["PORTAL_VAR"] = str(paths.var)
    demo = Instance(paths).demo
    if demo is not None:
        os.environ.setdefault("PORTAL_DEMO", "1" if demo else "0")
