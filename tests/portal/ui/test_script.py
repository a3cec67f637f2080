"""What `static/ui/app.js` does with forms and htmx, in a real browser."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import engines
from playwright.sync_api import Browser, Page

from tests.portal.ui.conftest import CHROMIUM, POLICY

ROOT = Path(settings.BASE_DIR)

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]
SOURCE = """{% extends "layout/base.html" %}{% load ui %}{% block title %}일{% endblock %}
{% block heading %}일{% endblock %}
{% block main %}
<form id="grave" method="post" action="/grave" data-portal-confirm="정말 지울까요?"><button>지우기</button></form>
<form id="plain" method="post" action="/slow"><button>보내기</button></form>
<form id="pick" method="get" action="/pick"><label>회차 <select name="round" data-portal-autosubmit><option>1</option>
<option>2</option></select></label><button>보기</button></form>
<form id="long" method="post" action="/long" data-portal-guard><label>비고 <input name="note"></label></form>
<a href="/away">나가기</a>
<button id="hx" type="button" hx-post="/part" hx-target="#place" data-portal-confirm="바꿀까요?">바꾸기</button>
<div id="place"></div>
<button id="bad" type="button" hx-post="/broken">깨짐</button>
<label><input type="checkbox" data-portal-check-all="row">모두</label>
<input type="checkbox" name="row" aria-label="하나">
<div class="p-alert"><button type="button" data-portal-dismiss>닫기</button>알림 글</div>
{% progress "산출" 1 2 url="/progress" %}
{% endblock %}"""


@pytest.fixture
def seen() -> list[tuple[str, str, dict[str, str]]]:
    """Requests the server got: method, path, headers."""
    return []


@pytest.fixture
def page(browser: Browser, seen: list[Any]) -> Iterator[Page]:
    html = engines["django"].from_string(SOURCE).render({"csrf_token": "token-1"})
    done = engines["django"].from_string('{% load ui %}{% progress "산출" 2 2 url="/progress" done=True %}').render({})

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            seen.append((self.command, self.path, dict(self.headers)))
            if self.path.startswith("/static/"):
                file = ROOT / self.path.lstrip("/").split("?")[0]
                kind = {".css": "text/css", ".js": "text/javascript"}.get(file.suffix, "application/octet-stream")
                self.reply(200, kind, file.read_bytes())
                return
            body = {"/part": '<p id="new">새 부분</p>', "/progress": done, "/broken": "no"}.get(self.path, html)
            self.reply(
                503 if self.path == "/broken" else 204 if self.path == "/slow" else 200, "text/html", body.encode()
            )

        do_GET = do_POST = answer  # noqa: N815

        def reply(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            if status != 204:
                self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
    opened = context.new_page()
    opened.goto(f"http://127.0.0.1:{server.server_port}/")
    yield opened
    context.close()
    server.shutdown()
    server.server_close()


def calls(seen: list[tuple[str, str, dict[str, str]]], path: str) -> int:
    return sum(found == path for _method, found, _headers in seen)


def test_a_grave_deed_asks_first(page, seen):
    asked = []
    page.once("dialog", lambda box: (asked.append(box.message), box.dismiss()))
    page.get_by_role("button", name="지우기").click()
    assert asked == ["정말 지울까요?"]
    assert calls(seen, "/grave") == 0
    page.once("dialog", lambda box: box.accept())
    with page.expect_navigation():
        page.get_by_role("button", name="지우기").click()
    assert calls(seen, "/grave") == 1


def test_a_form_is_sent_once_however_often_it_is_pressed(page, seen):
    button = page.get_by_role("button", name="보내기")
    button.click()
    button.click()
    page.wait_for_timeout(300)
    assert calls(seen, "/slow") == 1


def test_a_list_sends_its_form_by_itself(page):
    with page.expect_navigation(url="**/pick?round=2"):
        page.get_by_label("회차").select_option("2")


def test_unsaved_input_is_guarded_and_saved_input_is_not(page):
    asked = []
    page.get_by_label("비고").fill("적던 말")
    page.once("dialog", lambda box: (asked.append(box.type), box.accept()))
    page.get_by_role("link", name="나가기").click()
    page.wait_for_url("**/away")
    assert asked == ["beforeunload"]
    page.on("dialog", lambda box: (asked.append(box.type), box.accept()))
    page.get_by_label("비고").fill("적은 말")
    page.get_by_label("비고").press("Enter")
    page.wait_for_url("**/long")
    assert asked == ["beforeunload"]


def test_htmx_asks_carries_the_token_and_swaps(page, seen):
    page.once("dialog", lambda box: box.dismiss())
    page.locator("#hx").click()
    assert calls(seen, "/part") == 0
    page.once("dialog", lambda box: box.accept())
    page.locator("#hx").click()
    page.locator("#new").wait_for()
    (headers,) = [headers for _method, path, headers in seen if path == "/part"]
    assert headers["X-CSRFToken"] == "token-1"


def test_a_failed_part_is_said_aloud(page):
    page.locator("#bad").click()
    toast = page.locator("#p-toasts .p-toast")
    toast.wait_for()
    assert "서버가 답하지 않아" in toast.inner_text()
    page.evaluate("htmx.trigger(document.body, 'portal:toast', {value: '저장했습니다.'})")
    assert json.dumps(page.locator("#p-toasts").inner_text(), ensure_ascii=False).count("저장했습니다.") == 1


def test_all_boxes_are_ticked_and_a_notice_can_be_put_away(page):
    page.get_by_label("모두").check()
    assert page.get_by_label("하나").is_checked()
    page.get_by_role("button", name="닫기", exact=True).click()
    assert page.get_by_text("알림 글").count() == 0


def test_progress_replaces_itself_until_it_is_done(page, seen):
    page.get_by_text("마쳤습니다").wait_for(timeout=6000)
    count = calls(seen, "/progress")
    page.wait_for_timeout(2600)
    assert calls(seen, "/progress") == count == 1
