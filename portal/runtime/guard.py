"""The guard: outlives a killed supervisor by a few seconds and ends whatever process groups it left.

The supervisor writes `+<group>` and `-<group>` lines to the guard's standard input. When the pipe closes, however the
supervisor ended, groups still listed get `GRACE` seconds (the kernel has told their leaders already), then SIGKILL.
A grandchild that is busy computing hears no polite signal; this is for it.
"""

import os
import signal
import subprocess
import sys
import time

from portal.runtime.paths import LAUNCH, ROOT
from portal.runtime.processes import kill_group

GRACE = 2.5


class Guard:
    """The supervisor's end of the pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, LAUNCH, "guard"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=ROOT,
        )

    def watch(self, group: int) -> None:
        """End this process group should we die."""
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """It has ended in good order."""
        self._tell(f"-{group}\n")

    def dismiss(self) -> None:
        """Close the pipe and wait: with nothing listed the guard ends at once."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
            self._process.wait(GRACE + 2)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()
        except OSError:
            pass  # without a guard the kernel's signal still stands


def _exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        sign, number_text = line[0], line[1:].strip()
        (groups.add if sign == "+" else groups.discard)(int(number_text))
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline and any(map(_exists, groups)):
        time.sleep(0.05)
    for group in groups:
        kill_group(group)


if __name__ == "__main__":
    main()
