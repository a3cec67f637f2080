"""Advisory file locks (`flock`): the kernel lets go of them when their holder dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path

from portal.runtime.messages import Trouble

PATIENCE = 90.0


class FileLock:
    """One lock file. The descriptor is not inherited, so a child never holds its parent's lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def try_exclusive(self) -> bool:
        """Take it alone, or return False at once."""
        return self._try(fcntl.LOCK_EX)

    def try_shared(self) -> bool:
        """Take it together with others, or return False at once because somebody has it alone."""
        return self._try(fcntl.LOCK_SH)

    def wait_shared(self, patience: float = PATIENCE) -> None:
        self._wait(fcntl.LOCK_SH, patience)

    def wait_exclusive(self, patience: float = PATIENCE) -> None:
        self._wait(fcntl.LOCK_EX, patience)

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    @property
    def held(self) -> bool:
        return self._fd is not None

    def read(self) -> str:
        """What its holder wrote into it."""
        try:
            return self.path.read_text()
        except FileNotFoundError:
            return ""

    def write(self, text: str) -> None:
        """Replace the contents; only for the exclusive holder."""
        assert self._fd is not None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, text.encode(), 0)

    def _try(self, kind: int) -> bool:
        fd = self._fd if self._fd is not None else os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if self._fd is None:
                os.close(fd)
            return False
        self._fd = fd
        return True

    def _wait(self, kind: int, patience: float) -> None:
        # Polling, not a blocking flock: a signal must be able to end the wait.
        deadline = time.monotonic() + patience
        while not self._try(kind):
            if time.monotonic() > deadline:
                raise Trouble(
                    f"다른 프로세스가 {patience:.0f}초 넘게 잠금을 놓지 않습니다.",
                    where=self.path,
                    how="켜져 있는 포털이나 manage.py를 끝낸 뒤 다시 해 주십시오.",
                )
            time.sleep(0.03)


class ServerLocks:
    """The three locks around one embedded server.

    users: shared by everyone who uses it; alone by a keeper that is closing.
    keeper: held by the keeper as long as it lives.
    start: held by whoever is looking for a keeper or starting one.
    """

    def __init__(self, run: Path, name: str) -> None:
        self.users = FileLock(run / f"{name}.users")
        self.keeper = FileLock(run / f"{name}.keeper")
        self.start = FileLock(run / f"{name}.start")

    def keeper_alive(self) -> bool:
        """Whether a keeper holds its lock now."""
        probe = FileLock(self.keeper.path)
        free = probe.try_shared()
        probe.release()
        return not free
