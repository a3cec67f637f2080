"""A year of 함안군 on its real series: it falls into caution, a plan is made and checked, it gets better, help ends."""

import json
import re
import urllib.request
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crisis.enums import Stage
from crisis.models import Observation
from crisis.plans.models import Plan
from crisis.services import open_due_rounds
from tests.e2e.test_main_job import PATIENCE, wait_for
from tests.e2e.year import CHILSEO, HAMAN, Land, judged, settle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.servers,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.django_db(transaction=True),
]


class Desk:
    """One browser, the people before it one after another."""

    def __init__(self, page: Any, base: str, sign_in_as: Any, axe: Any, land: Land) -> None:
        self.page, self.base, self.signed, self.look, self.land = page, base, sign_in_as, axe, land
        self.seen: set[str] = set()
        page.on("dialog", lambda dialog: dialog.accept())

    def axe(self) -> None:
        """Once a page: the test is long, and a page seen by the next reader is mostly the same."""
        if (path := self.page.url.partition("?")[0]) not in self.seen:
            self.seen.add(path)
            self.look()

    def sit(self, login: str, url: str) -> None:
        self.signed(self.land.people[login])
        self.open(url)

    def open(self, url: str) -> None:
        answer = self.page.goto(self.base + url)
        assert answer.status == 200, f"{answer.status} {url}"
        self.axe()

    def field(self, label: str) -> Any:
        """A field by its label, which a mark of what must be filled may follow."""
        name = re.compile(rf"^\s*{re.escape(label)}([\s*]|$)")
        return self.page.locator("input, textarea, select").and_(self.page.get_by_label(name))

    def write(self, texts: dict[str, str]) -> None:
        for label, text in texts.items():
            self.field(label).fill(text)

    def press(self, name: str) -> None:
        with self.page.expect_navigation(wait_until="load"):
            self.page.get_by_role("button", name=name, exact=True).first.click()
        self.axe()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.axe()

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for(timeout=PATIENCE * 1000)


ANSWERS = {
    "경기 실적": "나빠짐", "경기 전망": "나빠짐", "매출 실적": "줄어듦", "매출 전망": "비슷함", "영업이익 실적": "줄어듦", "영업이익 전망": "비슷함",
    "자금 사정 실적": "비슷함", "자금 사정 전망": "비슷함", "고용 실적": "비슷함", "고용 전망": "비슷함", "위기 원인 1": "수출 감소", "제출": "○",
}  # fmt: skip


def firms_are_asked(desk: Desk, folder: Path) -> None:
    """The centre asks the firms of a complex: by a workbook filled without a network, checked, taken in, published."""
    desk.sit("cc-gyeongnam", "/fieldwork/new/")
    desk.field("조사 분기").select_option("2024Q4")
    desk.field("양식").select_option(index=1)
    desk.write({
        "조사 이름": "함안 칠서단지 경기동향", "여는 날": "2024-12-16", "마감일": "2024-12-20", "목적": "위기징후 파악",
        "대상": "입주 중소기업", "내용": "경기 실적과 전망",
    })  # fmt: skip
    desk.press("저장")
    campaign = desk.page.url.removeprefix(desk.base)
    desk.open(f"{campaign}clusters/")
    desk.page.get_by_label("칠서", exact=True).check(force=True)
    desk.press("저장")
    desk.open(f"{campaign}sample/")
    desk.write({"밀집지역마다 뽑는 비율(%)": "100"})
    desk.press("저장")
    desk.follow("조사 시작")
    desk.press("조사 시작")
    desk.press("표본이 든 엑셀 내려받기")
    ready = desk.page.get_by_role("link", name="파일 내려받기", exact=True)
    ready.wait_for(timeout=PATIENCE * 1000)
    with desk.page.expect_download() as begun:
        ready.click()
    book = folder / "조사표.xlsx"
    begun.value.save_as(book)
    fill(book)
    desk.open(campaign)
    desk.follow("적은 엑셀 올리기")
    desk.page.locator("input[type=file]").set_input_files(book)
    desk.press("올리고 확인하기")
    desk.page.get_by_role("button", name="반영하기").wait_for(timeout=PATIENCE * 1000)
    desk.press("반영하기")
    desk.sees("반영했습니다")
    desk.open(f"{campaign}do/close/")
    desk.write({"사유": "모두 답함"})
    desk.press("조사 마감")
    desk.follow("결과 확정")
    desk.press("결과 확정")
    desk.open(f"{campaign}results/")


def fill(path: Path) -> None:
    """Answer for every firm of the sample, as an interviewer does in Excel."""
    book = openpyxl.load_workbook(path)
    sheet = book["자료"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, 8):
        assert sheet.cell(row, columns["조사 번호"]).value
        for header, value in ANSWERS.items():
            sheet.cell(row, columns[header], value)
    book.save(path)


def council_decides(desk: Desk, code: str, day: date, stage: str) -> None:
    """The office looks at the evidence, puts the area on the agenda; the head records the votes by name."""
    desk.sit("gyeongnam", f"/crisis/workbench/rounds/{code}/areas/{HAMAN}/")
    desk.write({"의견": f"{day.year}년 현장 의견: 수주가 준 기업이 많음"})
    desk.page.get_by_label("협의회에 알림").check(force=True)
    desk.press("의견 남기기")
    desk.open("/crisis/meetings/new/")
    desk.press("저장")
    meeting = desk.page.url.removeprefix(desk.base)
    desk.open(f"/crisis/workbench/rounds/{code}/agenda/?area={HAMAN}")
    desk.field("회의").select_option(value=meeting.rstrip("/").rpartition("/")[2])
    desk.press("이 회의의 안건으로 올리기")
    for box in desk.page.locator("input[name=present]").all():
        box.check(force=True)  # its label lies over it, as for a mouse
    desk.press("개의하기")
    desk.sit("gyeongnam-head", meeting)
    desk.press("표결 결과 확정")
    desk.sees("가결")
    row = desk.page.get_by_role("row").filter(has_text="함안군").first
    assert stage in row.inner_text()
    desk.sit("gyeongnam", meeting)
    desk.write({"회의록": "근거표를 검토하고 원안대로 의결함"})
    desk.press("폐회하기")
    desk.sit("gyeongnam-head", meeting)
    desk.press("회의록 승인")


def plan_is_made(desk: Desk) -> str:
    """The 도 writes the plan it owes, the office gives its opinion, the ministry approves."""
    desk.sit("sido-gyeongnam", "/plans/obligations/")
    desk.sees("함안군")
    desk.open("/plans/new/")
    for box in desk.page.locator("input[name=obligations]").all():
        box.check(force=True)
    desk.write({"계획 이름": "함안군 위기예방계획", "시작일": "2025-02-17"})
    desk.press("계획 시작")
    plan = desk.page.url.removeprefix(desk.base)
    desk.follow("내용 고치기")
    desk.write({"위기 원인과 현황": "수출이 줄었다.", "목표": "수출을 되돌린다.", "추진체계": "도·군·테크노파크"})
    desk.press("저장")
    desk.open(f"{plan}measures/new/")
    desk.field("구분").select_option("SALES")
    desk.write({"과제 이름": "해외 판로 개척", "내용": "바이어 상담", "주관 기관": "경남테크노파크"})
    desk.write({"국비(백만원)": "300", "시·도비(백만원)": "120.5"})
    desk.write({"지표 1 이름": "수출 계약", "지표 1 단위": "건", "지표 1 현재값": "0", "지표 1 목표값": "12"})
    desk.press("저장")
    desk.open(plan)
    desk.follow("제출")
    desk.press("제출")
    desk.sit("gyeongnam", plan)
    desk.follow("검토 의견 내기")
    desk.write({"검토 의견": "적정함"})
    desk.press("검토 의견 내기")
    desk.sit("hq", plan)
    desk.follow("승인")
    desk.press("승인")
    desk.sees("승인했습니다")
    return plan


def quarter_is_checked(desk: Desk, plan: str, quarter: str, contracts: str, paper: Any) -> None:
    """The 도 reports with a paper, the crisis centre checks on the spot, the ministry rates."""
    report = f"{plan}measures/1/{quarter}/"
    desk.sit("sido-gyeongnam", report)
    desk.page.locator("input[type=file]").set_input_files(paper)
    desk.press("증빙 올리기")
    desk.write({"국비 집행(백만원)": "75", "추진 실적": "상담회 한 번", "수출 계약(건)": contracts})
    desk.press("저장하고 내기")
    desk.sit("cc-gyeongnam", report)
    desk.page.get_by_label("보고와 같음").check(force=True)
    desk.press("점검 기록")
    desk.sit("hq", report)
    desk.page.get_by_label("보통", exact=True).check(force=True)
    desk.press("평가 기록")
    desk.sees("본부 평가")


def entitled(desk: Desk, number: str, day: date) -> bool:
    """What a fund's system is told of a firm's workplace on a day."""
    request = urllib.request.Request(
        f"{desk.base}/api/v1/entitlements/?business_number={number}&date={day}",
        headers={"Authorization": f"Token {desk.land.key}"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)["results"][0]["entitled"]


def test_a_year_from_caution_to_good(page, live_server, sign_in_as, axe, calendar, tmp_path):
    land = settle()
    desk = Desk(page, live_server.url, sign_in_as, axe, land)
    firm, stranger = land.firms[0].business_number, land.stranger.business_number
    paper = tmp_path / "상담회 결과.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")

    calendar.go(2024, 12, 16)
    firms_are_asked(desk, tmp_path)
    told = Observation.objects.get(area__code=CHILSEO, indicator__code="BSI")
    assert (told.period, told.value) == (date(2024, 12, 1), Decimal("0.0"))  # all six say it gets worse

    calendar.go(2025, 1, 13)
    open_due_rounds(today=date(2024, 12, 16))
    assert wait_for("2024H1", lambda: judged("2024H1", land.area)).model_stage == Stage.GOOD
    found = wait_for("2024H2", lambda: judged("2024H2", land.area))
    assert (found.model_stage, round(found.rci, 1)) == (Stage.CAUTION, Decimal("42.4"))
    assert not entitled(desk, firm, date(2025, 1, 13))
    council_decides(desk, "2024H2", date(2025, 1, 13), "주의")
    assert entitled(desk, firm, date(2025, 1, 13))
    assert not entitled(desk, stranger, date(2025, 1, 13))

    calendar.go(2025, 2, 10, worker=False)
    plan = plan_is_made(desk)

    calendar.go(2025, 4, 10, worker=False)
    quarter_is_checked(desk, plan, "2025Q1", "1", paper)
    calendar.go(2025, 7, 8, worker=False)
    quarter_is_checked(desk, plan, "2025Q2", "3", paper)
    open_due_rounds(today=date(2025, 7, 8))

    calendar.go(2025, 7, 14)
    found = wait_for("2025H1", lambda: judged("2025H1", land.area))
    assert (found.model_stage, round(found.rci, 1)) == (Stage.GOOD, Decimal("16.8"))
    council_decides(desk, "2025H1", date(2025, 7, 14), "양호")
    assert Plan.objects.get().recovered_on == date(2025, 7, 14)
    assert entitled(desk, firm, date(2025, 7, 13))
    assert not entitled(desk, firm, date(2025, 7, 14))
