"""`./test`: the suite against embedded servers of its own, or with `--checks` everything a machine can check.

The servers' data lie in `var/test` (or `$PORTAL_TEST_VAR`), never in the office's `var/`, and are run without
fsync: they are nobody's. The addresses in DATABASE_URL and REDIS_URL are respected when given.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from portal.runtime import checks
from portal.runtime.environment import set_defaults
from portal.runtime.join import Embedded
from portal.runtime.messages import Trouble, complain, say
from portal.runtime.paths import ROOT, Paths

HELP = """\
./test [pytest의 인자]     전체 또는 일부 시험    예: ./test tests/crisis -k 판정 -x
./test -n 0 …              한 프로세스로(기본은 코어 수만큼, 파일 단위로 나눔)
./test --checks            서식·형식·의존 방향·마이그레이션·배포 설정 검사를 모두
"""


IN_ORDER = ["--no-loadscope-reorder"]  # in the order of tests/conftest.py: the long ones first


def pytest_command(arguments: list[str]) -> list[str]:
    """Spread a run over the cores, a file to a worker; not when a few named tests are quicker in one process."""
    spread = any(each == "-n" or each.startswith(("-n", "--numprocesses", "--pdb")) for each in arguments)
    narrow = any("::" in each or each.endswith(".py") for each in arguments)
    workers = [] if spread or narrow else ["-n", str(min(os.cpu_count() or 1, 8)), "--dist", "loadfile", *IN_ORDER]
    return [sys.executable, "-m", "pytest", "-p", "deploy.quick_states", *workers, *arguments]


def run(command: list[str]) -> int:
    """Run it in the terminal's group: Ctrl-C is for it, and we wait for it to say its summary."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = subprocess.Popen(command, cwd=ROOT, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def main() -> int:
    arguments = sys.argv[1:]
    if arguments[:1] in (["--help"], ["-h"]):
        say(HELP)
        return 0
    os.environ["PORTAL_VAR"] = os.environ.get("PORTAL_TEST_VAR") or str(ROOT / "var" / "test")
    os.environ["PORTAL_PG_CARELESS"] = "1"
    os.environ.pop("PORTAL_DEMO", None)
    checking = "--checks" in arguments
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    try:
        Path(os.environ["PORTAL_VAR"]).parent.mkdir(exist_ok=True)
        paths = Paths.from_environment().made()
        set_defaults(paths)
        with Embedded(paths, say) as servers:
            os.environ.update(servers.environment)
            return checks.main() if checking else run(pytest_command(arguments))
    except Trouble as trouble:
        complain(trouble)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
