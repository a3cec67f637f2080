"""Child processes that cannot outlive their parent, stop by the signal they like, and take their own group along."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.runtime.account import Account
from portal.runtime.logs import open_log

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


def tied_to_parent(death_signal: int) -> Callable[[], None]:
    """What to run in a fresh child: an own process group (so that the terminal's Ctrl-C reaches only the supervisor)
    and a signal from the kernel when the parent dies. Call it in the parent, just before the fork."""
    parent = os.getpid()

    def arrange() -> None:
        os.setpgid(0, 0)
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return arrange


@dataclass
class Child:
    """One long-running program.

    `stop_signal` asks it to end in good order within `grace` seconds; `death_signal` is what the kernel sends when we
    are killed ourselves, so it should mean "at once".
    """

    name: str
    command: Sequence[str | Path]
    log: Path
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGTERM
    grace: float = 15.0
    environment: dict[str, str] = field(default_factory=dict)
    directory: Path = Path("/")
    account: Account = field(default_factory=lambda: Account(None))
    pass_fds: tuple[int, ...] = ()
    started: float = 0.0
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it, writing to its log. The caller must be the main thread: the kernel ties a child to its thread."""
        with open_log(self.log) as log:
            self.process = subprocess.Popen(
                [str(part) for part in self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                cwd=self.directory,
                preexec_fn=tied_to_parent(self.death_signal),
                pass_fds=self.pass_fds,
                **self.account.popen(),
            )
        self.started = time.monotonic()

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    @property
    def code(self) -> int | None:
        """Exit code, or None while it runs."""
        return self.process.poll() if self.process else 0

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> bool:
        """Ask it to end, wait `grace` seconds, then insist. Returns False when it had to be forced."""
        if self.process is None:
            return True
        willing = True
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(self.grace)
            except subprocess.TimeoutExpired:
                willing = False
        self.sweep()
        self.process.wait()
        return willing

    def sweep(self) -> None:
        """Kill what is left of its process group: a killed master must not leave workers behind."""
        if self.process is not None:
            kill_group(self.process.pid)


def kill_group(group: int) -> None:
    """SIGKILL to a whole process group, which may be gone already."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
