"""The keeper: runs one embedded server for as long as anybody uses it.

Started by `join`, in a session of its own. It reports on standard output, one JSON object a line (`say`, `trouble`,
`ready`), closes that, and then watches: the server died → start it again; nobody holds the users' lock → stop the
server and end; SIGTERM → stop and end whatever the users think.
"""

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable

from portal.runtime.locks import FileLock, ServerLocks
from portal.runtime.logs import last_lines, shorten
from portal.runtime.messages import Trouble
from portal.runtime.paths import Paths
from portal.runtime.postgres import Postgres
from portal.runtime.processes import Child
from portal.runtime.server import Server
from portal.runtime.valkey import Valkey

SERVERS: dict[str, type[Server]] = {kind.name: kind for kind in (Postgres, Valkey)}
START_SECONDS = 60.0
TICK = 0.1
DEATHS_ALLOWED, WITHIN_SECONDS = 3, 60.0


class Keeper:
    """One server, its locks and its state file."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.locks = ServerLocks(server.paths.run, server.name)
        self.state = server.paths.run / f"{server.name}.json"
        self.told_to_stop = False
        self._sockets = FileLock(server.paths.run / "sockets.lock")
        self._deaths: list[float] = []

    def run(self) -> None:
        """Serve until nobody needs the server. Raises Trouble when it cannot be started or keeps dying."""
        self.locks.keeper.wait_exclusive(patience=5)
        child = self._bring_up(None, lambda text: report(say=text))
        try:
            self.server.furnish()
            self._write_state(child)
            report(ready=True)
            quiet()
            self._watch(child)
        finally:
            self.state.unlink(missing_ok=True)
            child.stop()
            self._leave_no_directory()

    def _watch(self, child: Child) -> None:
        next_look = 0.0
        while not self.told_to_stop and not self.locks.users.try_exclusive():
            if not child.alive:
                self._revive(child)
            if time.monotonic() > next_look:
                next_look = time.monotonic() + 60
                shorten(self.server.log)
            time.sleep(TICK)

    def _revive(self, child: Child) -> None:
        now = time.monotonic()
        self._deaths = [at for at in self._deaths if now - at < WITHIN_SECONDS] + [now]
        if len(self._deaths) > DEATHS_ALLOWED:
            raise Trouble(f"{self.server.title} 서버가 자꾸 멈춥니다.", where=self.server.log)
        child.sweep()
        self._bring_up(child, lambda text: None)
        self._write_state(child)

    def _bring_up(self, child: Child | None, tell: Callable[[str], None]) -> Child:
        """Prepare and start, while no other keeper may take the sockets' directory away."""
        self._sockets.wait_exclusive()
        try:
            self.server.prepare(tell)
            child = child or self.server.child()
            self._start(child)
        finally:
            self._sockets.release()
        return child

    def _leave_no_directory(self) -> None:
        """Remove the sockets' directory, unless the other server still has its socket in it."""
        self._sockets.wait_exclusive()
        with contextlib.suppress(OSError):
            self.server.paths.sockets.rmdir()
        self._sockets.release()

    def _start(self, child: Child) -> None:
        child.start()
        deadline = time.monotonic() + START_SECONDS
        while not self.server.ready():
            gone = not child.alive
            if gone or time.monotonic() > deadline or self.told_to_stop:
                child.stop()
                why = "켜지다 멈췄습니다" if gone else f"{START_SECONDS:.0f}초 안에 준비되지 않았습니다"
                raise Trouble(
                    f"{self.server.title} 서버가 {why}. 마지막 기록:\n{last_lines(self.server.log)}",
                    where=self.server.log,
                    how="디스크 빈 자리와 기억 장치를 살펴보신 뒤 다시 켜 주십시오.",
                )
            time.sleep(0.02)

    def _write_state(self, child: Child) -> None:
        draft = self.state.with_suffix(".new")
        draft.write_text(json.dumps({"keeper": os.getpid(), "pid": child.pid, "url": self.server.url}))
        draft.replace(self.state)


def report(**message: object) -> None:
    """One line to whoever started us; they may have gone."""
    with contextlib.suppress(OSError):
        print(json.dumps(message), flush=True)


def quiet() -> None:
    """Close the report: the starter reads to the end of the pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def main() -> None:
    keeper = Keeper(SERVERS[sys.argv[1]](Paths.from_environment().made()))

    def stop(*_: object) -> None:
        keeper.told_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        keeper.run()
    except Trouble as trouble:
        report(trouble=[trouble.what, trouble.where, trouble.how])
        print(trouble, file=sys.stderr, flush=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
