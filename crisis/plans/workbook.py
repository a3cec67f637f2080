"""A whole plan as a workbook: what it says, its measures with money and indicators, what was reported."""

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from crisis.plans.enums import SOURCE_WORDS, SOURCES
from crisis.plans.models import Plan, QuarterlyReport
from crisis.plans.rules import quarter_text
from portal.kernel import display
from portal.kernel.exports import plain

LONGEST_CELL = 32_767


def write_plan(target: BinaryIO, plan: Plan) -> None:
    """Four sheets, money in won as numbers, texts never as formulas."""
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    writer = _Writer(book)
    obligations = list(plan.obligations.select_related("area").order_by("area__code"))
    measures = list(plan.measures.prefetch_related("targets").order_by("number"))
    writer.sheet(_("계획"), [_("항목"), _("내용")], _facts(plan, obligations), widths=(22, 100))
    money = [str(SOURCE_WORDS[source]) for source in SOURCES]
    heads = [_("번호"), _("구분"), _("과제"), _("내용"), _("주관 기관"), _("참여 기관"), _("시작일"), _("종료일"), *money,
             _("합계(원)"), _("뺀 날")]  # fmt: skip
    rows: list[list[Any]] = [
        [m.number, str(m.get_kind_display()), m.title, m.content, m.lead_name, m.partners, display.day(m.starts_on),
         display.day(m.ends_on), *(getattr(m, f"budget_{s}") for s in SOURCES), m.budget_total,
         display.day(m.dropped_on) if m.dropped_on else ""]
        for m in measures
    ]  # fmt: skip
    live = [m for m in measures if m.dropped_on is None]
    sums = [sum(getattr(m, f"budget_{s}") for m in live) for s in SOURCES]
    rows.append(["", "", _("합계(뺀 과제 제외)"), "", "", "", "", "", *sums, sum(sums), ""])
    writer.sheet(_("과제와 예산"), heads, rows, widths=(6, 16, 30, 50, 20, 20, 13, 13, 16, 16, 16, 16, 16, 13))
    writer.sheet(
        _("성과지표"), [_("과제"), _("지표"), _("단위"), _("현재값"), _("목표값")],
        [[str(m), t.name, t.unit, "" if t.baseline is None else plain(t.baseline), plain(t.target)]
         for m in measures for t in m.targets.all()],
        widths=(36, 30, 10, 14, 14),
    )  # fmt: skip
    heads = [_("과제"), _("분기"), _("기한"), _("상태"), *(_("%s 집행") % SOURCE_WORDS[s] for s in SOURCES), _("합계(원)"),
             _("추진 실적"), _("문제점과 대책"), _("점검"), _("평가")]  # fmt: skip
    writer.sheet(_("이행 보고"), heads, [_report(one) for one in _reports(plan)],
                 widths=(36, 10, 13, 12, 16, 16, 16, 16, 16, 50, 40, 14, 10))  # fmt: skip
    book.close()


def _facts(plan: Plan, obligations: Sequence[Any]) -> list[list[Any]]:
    areas = ", ".join(dict.fromkeys(f"{one.area.name}({one.get_stage_display()})" for one in obligations))
    rows = [
        [_("계획 번호"), plan.code], [_("계획 이름"), plan.title], [_("시·도"), plan.sido.name], [_("지역"), areas],
        [_("계획 기간"), f"{display.day(plan.starts_on)} ~ {display.day(plan.ends_on)}"],
        [_("상태"), str(plan.get_state_display())], [_("위기 원인과 현황"), plan.diagnosis], [_("목표"), plan.goal],
        [_("추진체계"), plan.structure], [_("제출 일시"), display.moment(plan.submitted_at)],
        [_("검토 의견"), plan.review_opinion], [_("승인 일시"), display.moment(plan.approved_at)],
    ]  # fmt: skip
    evaluation = getattr(plan, "evaluation", None)
    if evaluation is not None:
        rows += [[_("성과"), evaluation.outcome], [_("남은 과제와 교훈"), evaluation.lessons],
                 [_("종합 평가"), str(evaluation.get_rating_display())]]  # fmt: skip
    if plan.is_demo:
        rows.insert(0, [_("예시"), _("시범 자료입니다.")])
    return rows


def _reports(plan: Plan) -> Iterable[QuarterlyReport]:
    rows = QuarterlyReport.objects.filter(measure__plan=plan).select_related("measure")
    return rows.order_by("measure__number", "quarter")


def _report(one: QuarterlyReport) -> list[Any]:
    spent = [getattr(one, f"spent_{source}") for source in SOURCES]
    return [
        str(one.measure), quarter_text(one.quarter), display.day(one.due_on), str(one.get_state_display()), *spent,
        one.spent_total, one.result, one.problems, str(one.get_finding_display()), str(one.get_rating_display()),
    ]  # fmt: skip


class _Writer:
    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#eef2f7", "text_wrap": True})
        self.words = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        self.money = book.add_format({"num_format": "#,##0", "valign": "top"})

    def sheet(self, title: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]], *, widths: Sequence[int]) -> None:
        sheet = self.book.add_worksheet(title[:31])
        for at, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, str(head), self.head)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                if isinstance(value, int) and not isinstance(value, bool):
                    sheet.write_number(line, at, value, self.money)
                elif value:
                    sheet.write_string(line, at, str(value)[:LONGEST_CELL], self.words)
