"""Real servers and real processes in a place of their own, gone afterwards."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.runtime.paths import LAUNCH, ROOT, Paths
from portal.runtime.server import DATA_ELSEWHERE

OURS = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PORT")


def clean_environment(var: Path) -> dict[str, str]:
    """Our environment without what a test run or an operator has put into it."""
    kept = {key: value for key, value in os.environ.items() if key not in OURS and not key.startswith("PORTAL_")}
    return kept | {"PORTAL_VAR": str(var), "PORTAL_PG_CARELESS": "1"}


def until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Wait for a condition; fails with `what` when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def parents() -> dict[int, int]:
    """pid → parent's pid of every process that is not a zombie."""
    found: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if state != "Z":
                found[int(entry.name)] = int(parent)
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


class Portal:
    """A supervisor in a session of its own, as a terminal would have started it."""

    def __init__(self, var: Path, *arguments: str, **environment: str) -> None:
        self.var = var
        self.output = var.parent / f"output-{time.monotonic_ns()}.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, LAUNCH, "supervisor", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=clean_environment(var) | environment,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def address(self, seconds: float = 120) -> str:
        """Wait for the line that says the portal is open; returns the address in it."""
        found: list[str] = []

        def opened() -> bool:
            assert self.process.poll() is None, self.said
            found[:] = re.findall(r"열렸습니다:\s+(http\S+)", self.said)
            return bool(found)

        until(opened, seconds, f"the address\n{self.said}")
        return found[0]

    def descendants(self) -> set[int]:
        """Children, their children, and so on."""
        tree, family = parents(), {self.process.pid}
        while grown := {pid for pid, parent in tree.items() if parent in family} - family:
            family |= grown
        return family - {self.process.pid}

    def find(self, *words: str) -> int:
        """The lowest pid among descendants whose command line holds all the words; 0 when there is none."""
        return min((pid for pid in self.descendants() if all(w in command_of(pid) for w in words)), default=0)

    def interrupt(self) -> int:
        """Ctrl-C, as a terminal sends it: to the whole foreground group. Returns the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(90)


def alive(pids: set[int]) -> set[int]:
    return pids & parents().keys()


@pytest.fixture(scope="session")
def fresh_var() -> Iterator[Callable[[], Path]]:
    """Makes places for `var/` where root's low account can go; all are swept away at the end, whatever ran there."""
    made: list[Path] = []

    def make() -> Path:
        top = Path(tempfile.mkdtemp(prefix="portal-runtime-", dir="/tmp"))
        top.chmod(0o755)
        made.append(top)
        return top / "var"

    yield make
    for top in made:
        paths = Paths(top / "var")
        for pid in parents():
            if str(top) in command_of(pid):
                os.kill(pid, signal.SIGKILL)  # only processes that name this temporary place
        if paths.var.exists():
            shutil.rmtree(paths.sockets, ignore_errors=True)
            shutil.rmtree(DATA_ELSEWHERE / f"portal-{paths.identity}", ignore_errors=True)
        shutil.rmtree(top, ignore_errors=True)


@pytest.fixture
def open_portal() -> Iterator[Callable[..., Portal]]:
    """Starts a `Portal`; one that a failed test leaves running is closed."""
    opened: list[Portal] = []

    def start(var: Path, *arguments: str, **environment: str) -> Portal:
        opened.append(Portal(var, *arguments, **environment))
        return opened[-1]

    yield start
    for portal in opened:
        if portal.process.poll() is None:
            portal.interrupt()


@pytest.fixture
def place(fresh_var: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A fresh installation's paths, with an environment that points to it and to no server from outside."""
    paths = Paths(fresh_var()).made()
    environment = clean_environment(paths.var)
    for key in set(os.environ) - set(environment):
        monkeypatch.delenv(key)
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    return paths
