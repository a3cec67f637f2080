"""A real browser before a real server, with a real Celery worker and its clock behind it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
import redis
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import translation

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = next((Path(__file__).parents[1]).glob("**/axe.min.js"))
SIZES = ((1440, 900), (390, 844))
PICTURES = os.environ.get("PORTAL_PICTURES", "")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser of the system: none is downloaded."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "ko-KR",
        "timezone_id": "Asia/Seoul",
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
        "accept_downloads": True,
    }


@pytest.fixture
def page(page: Any, live_server: Any) -> Iterator[Any]:
    """A page that fails its test on script errors, requests to other hosts and breaches of the content policy."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda request: (
            faults.append(f"outside: {request.url}")
            if not request.url.startswith((live_server.url, "data:", "blob:"))
            else None
        ),
    )
    page.on("response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
    page.add_init_script(
        "window.__csp=[];addEventListener('securitypolicyviolation',e=>__csp.push(e.violatedDirective+' '+e.blockedURI))"
    )
    with translation.override("ko"):
        yield page
    assert not faults, faults


@pytest.fixture
def axe(page: Any) -> Callable[[], None]:
    """Fail on any WCAG 2.2 AA violation, policy breach or sideways scroll of the page as it stands."""
    source = AXE.read_text(encoding="utf-8")

    def look() -> None:
        assert page.evaluate("window.__csp") == [], page.url
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} scrolls sideways by {wide}px at {page.viewport_size}"
        page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": source})
        found = page.evaluate(
            "async rules=>(await axe.run(document,{runOnly:rules})).violations"
            ".map(v=>`${v.impact} ${v.id} ×${v.nodes.length} ${v.nodes[0].target} ${v.nodes[0].html.slice(0,120)}`)",
            RULES,
        )
        assert found == [], f"{page.url} at {page.viewport_size}: {found}"

    return look


@pytest.fixture
def looked_at(page: Any, live_server: Any, axe: Callable[[], None]) -> Callable[[str, str], None]:
    """Open an address at both widths, let axe look, keep a picture if a folder is named."""

    def look(name: str, url: str) -> None:
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            answer = page.goto(f"{live_server.url}{url}")
            assert answer.status == 200, url
            axe()
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name}_{width}.png", full_page=True)

    return look


@pytest.fixture
def sign_in_as(page: Any, live_server: Any) -> Callable[[Any], None]:
    """Sign in through the sign-in page, as people do."""

    def signed(user: Any, password: str = "Portal-e2e-2026") -> None:
        user.set_password(password)
        user.save(update_fields=["password"])
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/login/")
        page.get_by_label("아이디").fill(user.login_id)
        page.get_by_label("비밀번호").fill(password)
        page.get_by_role("button", name="로그인", exact=True).click()
        page.wait_for_url(f"{live_server.url}/")

    return signed


def database_url() -> str:
    """The address of the database this test runs in."""
    facts = connection.settings_dict
    return f"postgresql://{facts['USER']}@/{facts['NAME']}?host={quote(facts['HOST'])}"


class Worker:
    """A Celery worker with two processes and beat, on this test's database and the suite's broker."""

    def __init__(self, folder: Path, on: datetime | None = None) -> None:
        """`on`: the moment its clock begins at, where that is not now."""
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "PORTAL_SWEEP_SECONDS": "1",
            "PORTAL_VAR": str(settings.VAR),
        }
        redis.from_url(settings.REDIS_URL).flushdb()  # what another test left behind would start by itself
        self.written = folder / "worker.log"
        program = ["-m", "celery"] if on is None else ["-m", "tests.e2e.clock", on.isoformat()]
        with self.written.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *program, "-A", "portal.celery", "worker", "-B", "-s", str(folder / "beat"),
                 "-c", "2", "-l", "INFO", "--without-gossip", "--without-mingle"],
                env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, cwd=settings.BASE_DIR,
            )  # fmt: skip
        end = time.monotonic() + 60
        while b" ready." not in self.written.read_bytes():
            assert self.process.poll() is None, self.written.read_text(errors="replace")[-2000:]
            assert time.monotonic() < end, "the worker did not get ready within a minute"
            time.sleep(0.2)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait()


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[Worker]:
    begun = Worker(tmp_path)
    yield begun
    begun.stop()


class Calendar:
    """The portal's clock, put forward: for the pages of this process and for a worker begun anew."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.travelling, self.worker = folder, None, None

    def go(self, year: int, month: int, day: int, *, worker: bool = True) -> None:
        """Make it nine in the morning of a day, in Seoul. Without a worker nothing is computed on that day."""
        self.stop()
        moment = datetime(year, month, day, 9, 0, tzinfo=ZoneInfo("Asia/Seoul"))
        self.travelling = time_machine.travel(moment, tick=True)
        self.travelling.start()
        self.worker = Worker(self.folder, moment) if worker else None

    def stop(self) -> None:
        if self.worker is not None:
            self.worker.stop()
        if self.travelling is not None:
            self.travelling.stop()
        self.worker = self.travelling = None


@pytest.fixture
def calendar(transactional_db: None, tmp_path: Path) -> Iterator[Calendar]:
    """A clock that has not been put forward yet and has no worker: `calendar.go(2025, 1, 13)` begins one."""
    year = Calendar(tmp_path)
    yield year
    year.stop()
