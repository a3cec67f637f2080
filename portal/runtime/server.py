"""What an embedded server is to the keeper that runs it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from portal.runtime.account import Account, server_account
from portal.runtime.messages import Trouble
from portal.runtime.paths import Paths
from portal.runtime.processes import Child

DATA_ELSEWHERE = Path("/var/lib")


class Server(ABC):
    """One embedded server over one data directory.

    The keeper calls `prepare` once, then starts `child()` and waits for `ready()`, then `furnish()`; others only ask
    for `url`. `variable` is the environment variable that replaces this server by one from outside.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    variable: ClassVar[str]

    def __init__(self, paths: Paths) -> None:
        self.paths = paths

    @property
    def account(self) -> Account:
        return server_account()

    @property
    def log(self) -> Path:
        return self.paths.log / f"{self.name}.log"

    @abstractmethod
    def prepare(self, tell: Callable[[str], None]) -> None:
        """Check the data directory or make it. Raises Trouble with what is wrong and how to mend it."""

    @abstractmethod
    def child(self) -> Child:
        """The server process, not yet started."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it answers."""

    def furnish(self) -> None:  # noqa: B027 - nothing to do for most
        """What is done once it answers."""

    @property
    @abstractmethod
    def url(self) -> str:
        """The value of `variable` for those who use it."""

    @property
    def programs(self) -> Path | None:
        """Directory of its client programs, for people at a prompt."""
        return None

    def data(self) -> Path:
        """Its data directory, made when missing: `var/<name>`, or under /var/lib when root's low account cannot get
        into `var/` (a clone below a closed home directory).

        Raises:
            Trouble: the data lie where the account cannot go, or are another account's.
        """
        inside = self.paths.var / self.name
        if self.account.can_enter(self.paths.var):
            return self.account.private(inside)
        if inside.exists():
            raise Trouble(
                f"{self.title} 자료가 있지만 {self.account.name} 계정이 그 폴더까지 들어갈 수 없습니다.",
                where=inside,
                how=f"위 폴더들에 지나갈 권한(o+x)을 주시거나, 자료를 {self._elsewhere()} 로 옮겨 주십시오.",
            )
        elsewhere = self._elsewhere()
        elsewhere.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        return self.account.private(elsewhere)

    def _elsewhere(self) -> Path:
        return DATA_ELSEWHERE / f"portal-{self.paths.identity}" / self.name

    def sockets(self) -> Path:
        """The sockets' directory, 0700 of the server account: whoever passes it is trusted by the servers."""
        return self.account.private(self.paths.sockets)
