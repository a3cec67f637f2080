"""A killed supervisor leaves nobody behind, not even a grandchild that listens to no signal."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.runtime.paths import LAUNCH, ROOT
from tests.runtime.conftest import alive, until

pytestmark = pytest.mark.servers

# A stand-in for the supervisor. Its child ends politely at once; its grandchild computes on, deaf to all signals.
SUPERVISOR = """
import runpy, sys, time
from pathlib import Path
runpy.run_path(sys.argv[1])["lean"]()
from portal.runtime.guard import Guard
from portal.runtime.processes import Child
guard = Guard() if sys.argv[3] == "guarded" else None
polite = "sh deaf.sh & echo $$ > child; wait"
child = Child(name="busy", command=["/bin/sh", "-c", polite], log=Path(sys.argv[2], "log"), directory=Path(sys.argv[2]))
child.start()
if guard:
    guard.watch(child.pid)
print("up", flush=True)
time.sleep(120)
"""


DEAF = "trap '' TERM QUIT INT HUP; echo $$ > grandchild; while :; do sleep 0.2; done"


def started(tmp_path: Path, guarded: str) -> "tuple[subprocess.Popen[str], set[int]]":
    (tmp_path / "deaf.sh").write_text(DEAF)
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR,
         str(LAUNCH), str(tmp_path), guarded],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    files = (tmp_path / "child", tmp_path / "grandchild")
    until(lambda: all(each.exists() and each.read_text().strip() for each in files), 10, "child and grandchild")
    return supervisor, {int(each.read_text()) for each in files}


def test_after_sigkill_the_group_is_gone_within_five_seconds(tmp_path: Path) -> None:
    supervisor, family = started(tmp_path, "guarded")
    assert alive(family) == family
    supervisor.send_signal(signal.SIGKILL)
    supervisor.communicate()
    until(lambda: not alive(family), 5, "everyone gone")


def test_without_the_guard_the_child_dies_but_the_deaf_grandchild_stays(tmp_path: Path) -> None:
    """Why there is a guard: the kernel's death signal reaches children only."""
    supervisor, family = started(tmp_path, "unguarded")
    child, grandchild = (int((tmp_path / name).read_text()) for name in ("child", "grandchild"))
    try:
        supervisor.send_signal(signal.SIGKILL)
        supervisor.communicate()
        until(lambda: not alive({child}), 5, "the child gone")
        assert alive({grandchild})
    finally:
        subprocess.run(["kill", "-KILL", str(grandchild)], check=False)
    until(lambda: not alive(family), 5, "cleaned up")
