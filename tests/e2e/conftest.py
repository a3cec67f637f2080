"""A real browser before a real server, with a real Celery worker and its clock behind it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import redis
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


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker with two processes and beat, on this test's database and the suite's broker."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PORTAL_SWEEP_SECONDS": "1",
        "PORTAL_VAR": str(settings.VAR),
    }
    redis.from_url(settings.REDIS_URL).flushdb()  # what another test left behind would start by itself
    written = tmp_path / "worker.log"
    log = written.open("wb")
    command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-B", "-s", str(tmp_path / "beat")]
    process = subprocess.Popen(
        [*command, "-c", "2", "-l", "INFO", "--without-gossip", "--without-mingle"],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    end = time.monotonic() + 60
    while b" ready." not in written.read_bytes():
        assert process.poll() is None, written.read_text(errors="replace")[-2000:]
        assert time.monotonic() < end, "the worker did not get ready within a minute"
        time.sleep(0.2)
    yield process
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
    log.close()
