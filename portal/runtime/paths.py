"""Where things lie: the source tree, `var/`, locks, logs and the sockets' directory."""

import contextlib
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from portal.runtime.messages import Trouble

ROOT = Path(__file__).resolve().parent.parent.parent
LAUNCH = ROOT / "portal" / "runtime" / "launch.py"


@dataclass(frozen=True)
class Paths:
    """The directories of one installation. `var` is `$PORTAL_VAR`, by default `<root>/var`."""

    var: Path

    @classmethod
    def from_environment(cls) -> "Paths":
        """Read PORTAL_VAR; nothing is made or looked at yet."""
        return cls(Path(os.environ.get("PORTAL_VAR") or ROOT / "var").absolute())

    def made(self) -> "Paths":
        """The same, with its directories made and checked.

        Raises:
            Trouble: `var/` cannot be made or belongs to someone else.
        """
        ours = (self.var, self.run, self.log)
        try:
            for directory in ours:
                directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._not_ours() from error
        if not all(os.access(each, os.W_OK | os.X_OK) for each in ours):
            raise self._not_ours()
        return self

    def _not_ours(self) -> Trouble:
        return Trouble(
            "자료를 둘 자리에 쓸 수 없습니다.",
            where=self.var,
            how="처음 켠 계정으로 켜시거나, PORTAL_VAR=<쓸 수 있는 폴더>를 앞에 붙여 주십시오.",
        )

    @property
    def run(self) -> Path:
        """Locks and states of running processes."""
        return self.var / "run"

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def identity(self) -> str:
        """A random name of this installation, made once. It names what must lie outside `var/`."""
        path = self.var / "identity"
        if not path.exists():
            fresh = path.with_name(f"identity.{os.getpid()}")
            fresh.write_text(secrets.token_hex(5) + "\n")
            with contextlib.suppress(FileExistsError):  # of two at once the second keeps the first one's name
                path.hardlink_to(fresh)
            fresh.unlink()
        return path.read_text().strip()

    @property
    def sockets(self) -> Path:
        """Directory of the unix sockets: short (a socket path holds 107 bytes), and another one for a copied `var/`."""
        digest = hashlib.sha256(f"{self.identity} {self.var.resolve()}".encode()).hexdigest()
        return Path(f"/tmp/portal-{digest[:12]}")
