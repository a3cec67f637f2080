"""Use an embedded server: join the one that runs, or start it; let go, and the last one out turns off the light.

with Embedded(Paths.from_environment(), say) as servers:
    os.environ.update(servers.environment)
"""

import atexit
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from portal.runtime.keeper import SERVERS
from portal.runtime.locks import ServerLocks
from portal.runtime.logs import open_log
from portal.runtime.messages import Trouble
from portal.runtime.paths import LAUNCH, ROOT, Paths
from portal.runtime.server import Server

CLOSING_SECONDS = 90.0


class Use:
    """Our use of one embedded server. Dies with us: the lock is the kernel's."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._locks = ServerLocks(server.paths.run, server.name)
        self._keeper: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Hold the server from now on; at once when a keeper is up. Pair with `ensure`."""
        self._locks.users.wait_shared()

    def ensure(self, say: Callable[[str], None]) -> None:
        """Wait until the server answers, starting its keeper when there is none.

        Raises:
            Trouble: it could not be started; the keeper's own words.
        """
        self._locks.start.wait_exclusive()
        try:
            while self._locks.keeper_alive():
                if self._state():
                    return
                time.sleep(0.03)  # it is closing (a starting one would hold the start lock through its parent)
            self._start_keeper(say)
        finally:
            self._locks.start.release()

    def lost(self) -> bool:
        """Whether the keeper has gone although we still use the server."""
        return not self._locks.keeper_alive()

    def end(self) -> bool:
        """Let go. Waits until the server is down when we were the last; returns False when others still use it."""
        if not self._locks.users.held:
            return True
        self._locks.users.release()
        noticed = time.monotonic() + 1.0
        closed = time.monotonic() + CLOSING_SECONDS
        while self._locks.keeper_alive():
            # A closing keeper first removes its state; one that keeps it has other users.
            if time.monotonic() > (noticed if self._state() else closed):
                return False
            time.sleep(0.03)
        if self._keeper is not None:
            self._keeper.wait()
        return True

    def _start_keeper(self, say: Callable[[str], None]) -> None:
        server = self.server
        if self._keeper is not None:
            self._keeper.wait()  # the one before has gone: its lock was free
        with open_log(server.paths.log / f"{server.name}-keeper.log") as log:
            self._keeper = subprocess.Popen(
                [sys.executable, LAUNCH, "keeper", server.name],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                cwd=ROOT,
                env={**os.environ, "PORTAL_VAR": str(server.paths.var)},
            )
        assert self._keeper.stdout is not None
        with self._keeper.stdout as reports:
            for line in reports:
                message = json.loads(line)
                if "say" in message:
                    say(message["say"])
                elif "trouble" in message:
                    self._keeper.wait()
                    what, where, how = message["trouble"]
                    raise Trouble(what, where=where, how=how)
                elif message.get("ready"):
                    return
        raise Trouble(f"{server.title} 서버를 켜지 못했습니다.", where=log.name)

    def _state(self) -> dict[str, object]:
        try:
            found: dict[str, object] = json.loads(
                (self.server.paths.run / f"{self.server.name}.json").read_text(encoding="utf-8")
            )
        except (FileNotFoundError, ValueError):
            return {}
        return found


def servers_needed(paths: Paths, environment: Mapping[str, str]) -> list[Server]:
    """The embedded servers that the environment does not replace, each for itself."""
    return [kind(paths) for kind in SERVERS.values() if not environment.get(kind.variable)]


class Embedded:
    """Our use of all the embedded servers that `os.environ` does not replace by others; a context manager.

    `say` gets the few lines worth telling the operator.
    """

    def __init__(self, paths: Paths, say: Callable[[str], None]) -> None:
        self._say = say
        self._paths = paths
        self._uses = [Use(server) for server in servers_needed(paths, os.environ)]
        self.shared: list[str] = []

    def __enter__(self) -> "Embedded":
        if self._uses:
            self._paths.made()
        try:
            for use in self._uses:
                use.begin()
            for use in self._uses:
                use.ensure(self._say)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of all; `shared` then names the servers that others still use."""
        self.shared = [use.server.title for use in reversed(self._uses) if not use.end()]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead to the servers, as the settings read them."""
        return {use.server.variable: use.server.url for use in self._uses}

    @property
    def programs(self) -> list[str]:
        """Directories of the servers' own client programs (psql, pg_dump)."""
        return [str(use.server.programs) for use in self._uses if use.server.programs]

    def mend(self) -> None:
        """Bring back a server whose keeper was killed. Raises Trouble when it does not come back."""
        for use in self._uses:
            if use.lost():
                self._say(f"{use.server.title} 서버가 사라져 다시 켭니다.")
                use.ensure(self._say)


def join_for_this_process() -> None:
    """For `manage.py`: have the servers until this process ends, and their addresses in the environment."""
    servers = Embedded(Paths.from_environment(), lambda text: print(text, file=sys.stderr)).__enter__()
    os.environ.update(servers.environment)
    os.environ["PATH"] = os.pathsep.join([*servers.programs, os.environ.get("PATH", os.defpath)])
    owner = os.getpid()

    def leave() -> None:
        if os.getpid() == owner:  # the end of a fork is not the end of the command
            servers.__exit__()

    atexit.register(leave)
