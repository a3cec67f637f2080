"""The frame in a real browser: no fault to axe, the keyboard opens and closes, and nothing needs JavaScript.

The page is drawn once without a database and served with the strict policy by a small server of its own.
"""

import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Browser, Page

from portal.kernel import charts
from portal.kernel.charts.maps import geometry
from tests.portal.ui.conftest import CHROMIUM, POLICY

ROOT = Path(settings.BASE_DIR)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]
SOURCE = """{% extends "layout/base.html" %}{% load ui %}{% block title %}진열{% endblock %}
{% block breadcrumb %}{% breadcrumb "위기대응" "#a" "진열" %}{% endblock %}{% block heading %}진열장{% endblock %}
{% block actions %}<button type="button" class="krds-btn medium primary" data-portal-dialog="dl">내려받기</button>
{% endblock %}
{% block main %}{% alert "warning" title="알림" %}<a href="#a">이어 보기</a>{% endalert %}
{% steps "가" "나" "다" current=2 %}<div class="p-grid">{% kpi "심각" 38 unit="곳" url="#a" %}</div>{{ distribution }}
{% table_wrap "목록" %}<table class="tbl col data p-stack"><caption>목록</caption><thead><tr>{% sort_th "n" "이름" %}
<th scope="col">단계</th></tr></thead><tbody><tr><th scope="row"><a href="#a">창원</a></th><td data-label="단계">
{% stage "SEVERE" %}{% stage "CAUTION" %}{% stage "GOOD" %}{% stage None %}{% grade "C" %}{% robustness "ROBUST" %}
{% example %}</td></tr></tbody></table>{% endtable_wrap %}{{ line }}{{ strip }}{{ bars }}{{ map }}{{ province }}
{% progress "산출" 1 2 %}{% empty "없음" url="#a" label="올리기" %}{{ form }}
<dialog id="dl" class="p-dialog" aria-labelledby="dlt"><h2 id="dlt">내려받기</h2>
<button type="button" data-portal-close>닫기</button></dialog>
{% endblock %}"""


def gallery() -> str:
    """One page with every piece on it."""
    from tests.portal.ui.test_forms import Sample

    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=True)  # type: ignore[assignment]
    menu = [
        {
            "label": f"메뉴{n}",
            "url": "#a",
            "current": n == 1,
            "children": [{"label": f"쪽{n}", "url": "#b", "current": n == 1}],
        }
        for n in (1, 2, 3)
    ]
    months = [(f"{2024 + n // 12}-{n % 12 + 1:02d}", None if n == 9 else Decimal(n % 5) - 2) for n in range(24)]
    bands = [charts.Band("GOOD", -1, None), charts.Band("SEVERE", None, -1)]
    stages = ("GOOD", "CAUTION", "SEVERE", None)
    provinces = {r["code"]: charts.MapValue(stages[n % 4], url="#a") for n, r in enumerate(geometry("sido")["regions"])}
    context = {
        "request": request,
        "portal_name": "지역중소기업 정책포털",
        "demo": True,
        "menu": menu,
        "task_count": 7,
        "form": Sample({"count": "-1"}),
        "line": charts.line_chart([charts.Series("고용", months)], title="추이", unit="%", bands=bands),
        "strip": charts.stage_strip([("2024H1", "GOOD"), ("2024H2", "CAUTION")], "회차"),
        "bars": charts.contribution_bars(
            [charts.Contribution("종사자", Decimal(30))], caption="구성", total=Decimal(30)
        ),
        "distribution": charts.distribution_bar({"GOOD": 3, "CAUTION": 2, "SEVERE": 1, None: 1}, label="단계별"),
        "map": charts.sido_map(provinces, date(2026, 7, 1)),
        "province": charts.sigungu_map("47", {"47110": charts.MapValue("CAUTION", url="#a")}),
    }
    return engines["django"].from_string(SOURCE).render(context)


@pytest.fixture
def address() -> Iterator[str]:
    html = gallery().encode()

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(ROOT))

        def do_GET(self) -> None:
            if self.path.startswith("/static/"):
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Any]:
    """Open the page; at the end nothing may have gone wrong: no script error, blocked style or outside request."""
    contexts, wrong = [], []

    def opened(width: int = 1440, *, scripts: bool = True, mode: str = "") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            java_script_enabled=scripts,
            locale="ko-KR",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith((address, "data:")) else None)
        page.on("response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        if mode:
            page.add_init_script(f"localStorage.setItem('portal.mode', '{mode}')")
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, by its own words."""
    axe = (ROOT / "tests/vendor/axe/axe.min.js").read_text(encoding="utf-8")
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": axe})
    return page.evaluate(
        """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}))
        .violations.flatMap(v => v.nodes.map(n => `${v.id} ${n.target} ${n.failureSummary}`))"""
    )


@pytest.mark.parametrize("mode", ["light", "high-contrast"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(visit, width, mode):
    page = visit(width, mode=mode)
    assert page.evaluate("document.documentElement.dataset.krdsMode") == mode
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []


@pytest.mark.parametrize("width", [360, 768, 1024])
def test_no_width_scrolls_sideways(visit, width):
    assert visit(width).evaluate("document.documentElement.scrollWidth") <= width


def test_the_menu_opens_one_at_a_time_and_escape_gives_the_focus_back(visit):
    page = visit()
    first, second = page.get_by_role("button", name="메뉴1"), page.get_by_role("button", name="메뉴2")
    first.click()
    assert page.get_by_role("link", name="쪽1").is_visible()
    second.click()
    assert not page.get_by_role("link", name="쪽1").is_visible()
    assert page.get_by_role("link", name="쪽2").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not page.get_by_role("link", name="쪽2").is_visible()
    assert second.evaluate("element => element === document.activeElement")


def test_the_dialog_closes_by_escape_after_tabbing(visit):
    page = visit()
    page.get_by_role("button", name="내려받기").click()
    box = page.locator("#dl")
    assert box.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not box.is_visible()


def test_contrast_and_size_are_kept_for_the_next_page(visit):
    page = visit()
    page.get_by_role("button", name="화면 설정").click()
    page.get_by_role("button", name="선명하게").click()
    page.get_by_role("button", name="더 크게").click()
    page.reload()
    root = page.evaluate("({...document.documentElement.dataset})")
    assert (root["krdsMode"], root["portalScale"]) == ("high-contrast", "xl")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "12.8px"


def test_on_a_narrow_screen_the_menu_is_behind_a_button(visit):
    page = visit(390)
    assert not page.get_by_role("button", name="메뉴1").is_visible()
    page.get_by_role("button", name="메뉴", exact=True).click()
    page.get_by_role("button", name="메뉴2").click()
    assert page.get_by_role("link", name="쪽2").is_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_without_scripts_the_menu_still_opens(visit, width):
    page = visit(width, scripts=False)
    if width > 1023:
        assert not page.get_by_role("link", name="쪽2").is_visible()
        page.get_by_role("button", name="메뉴2").hover()
    assert page.get_by_role("link", name="쪽2").is_visible()


def test_a_map_area_is_reached_and_named_by_the_keyboard(visit):
    page = visit()
    page.locator(".map-country a").first.focus()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("서울특별시: ")


def test_only_one_of_the_three_drawings_shows(visit):
    for width, form in ((1440, "wide"), (390, "narrow")):
        page = visit(width)
        shown = [name for name in ("wide", "middle", "narrow") if page.locator(f".p-chart-{name}").first.is_visible()]
        assert shown == [form]
