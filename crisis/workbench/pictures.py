"""The charts of an evidence sheet, each with its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crisis import rules
from crisis.models import Indicator
from crisis.workbench.evidence import Evidence
from crisis.workbench.selectors.evidence import Reading
from portal.kernel import charts, display
from portal.kernel.dates import month_index, month_of, month_text

#: Two years and their months a year earlier: what a reader compares.
MONTHS_SHOWN = 24
YEAR = 12


def contribution_bars(sheet: Evidence, *, linked: bool = True) -> SafeString | None:
    """What the index is made of: bars that add up to it exactly. None without an index.

    `linked`: each indicator leads to its readings on the same page.
    """
    lines = sheet.contributing
    if not lines or sheet.result.rci is None:
        return None
    relative = sheet.public["view"] == "REL"
    items = [
        charts.Contribution(
            line.name,
            line.contribution or Decimal(0),
            note=_("비중 %(weight)s × 점수 %(score)s") % {
                "weight": display.percent(100 * (line.weight or Decimal(0)), 1),
                "score": display.number(line.score_rel if relative else line.score_abs, 2),
            },
            url=f"#readings-{line.code}" if linked else "",
        )
        for line in lines
    ]  # fmt: skip
    marks = ((Decimal(str(sheet.desk.body["T1"])), _("주의")), (Decimal(str(sheet.desk.body["T2"])), _("심각")))
    caption = _("%(area)s %(round)s 위기지수를 이루는 지표") % {
        "area": sheet.area.name,
        "round": sheet.desk.round.title,
    }
    return charts.contribution_bars(items, caption=caption, total=sheet.result.rci, marks=marks)


@dataclass(frozen=True, slots=True)
class Month:
    """One row of an indicator's table. `change`: against the same month a year before, per cent or points."""

    period: str
    value: Decimal | None
    year_before: Decimal | None
    change: Decimal | None
    judged: bool
    notes: list[str]


@dataclass(frozen=True, slots=True)
class ReadingsPart:
    """The readings behind one indicator."""

    code: str
    name: str
    unit: str
    change_unit: str
    chart: SafeString
    months: list[Month]


def readings_part(sheet: Evidence, indicator: Indicator, found: Sequence[Reading]) -> ReadingsPart:
    """Months newest first with their year-earlier twins, the judged window marked, and the line of both."""
    rate = sheet.desk.body["indicators"][indicator.code]["kind"] == "RATE"
    values = {month_index(one.period): one for one in found}
    last = max(values)
    shown = [at for at in range(last, last - MONTHS_SHOWN, -1) if at in values or at - YEAR in values]
    judged = judged_months(sheet, indicator.code)
    months = []
    for at in shown:
        one, twin = values.get(at), values.get(at - YEAR)
        now, past = (one.value if one else None), (twin.value if twin else None)
        months.append(Month(_period(at, indicator), now, past, _change(now, past, rate), at in judged, _notes(one)))
    title = _("%(area)s %(name)s") % {"area": sheet.area.name, "name": indicator.name}
    chart = charts.line_chart(
        [
            charts.Series(indicator.name, [(month.period, month.value) for month in reversed(months)]),
            charts.Series(_("1년 전 같은 때"), [(month.period, month.year_before) for month in reversed(months)]),
        ],
        title=title,
        unit=indicator.unit,
        key=f"readings-{indicator.code}",
    )
    return ReadingsPart(indicator.code, indicator.name, indicator.unit, "%p" if rate else "%", chart, months)


def judged_months(sheet: Evidence, code: str) -> set[int]:
    """The months whose sum was compared with a year earlier: K months up to the evaluation month (method §4.1)."""
    period = sheet.public["indicators"][code]["period"]
    if not period:
        return set()
    last = rules.month_index(period)
    window = sheet.desk.rule_set.indicators[code].window
    return set(range(last - window + 1, last + 1))


def _period(at: int, indicator: Indicator) -> str:
    day = month_of(at)
    return f"{day.year}Q{(day.month + 2) // 3}" if indicator.frequency == "Q" else month_text(day)


def _change(now: Decimal | None, past: Decimal | None, rate: bool) -> Decimal | None:
    if now is None or past is None:
        return None
    if rate:
        return now - past
    return 100 * (now / past - 1) if past > 0 else None


def _notes(one: Reading | None) -> list[str]:
    if one is None:
        return [_("자료 없음")]
    notes = []
    if one.value is None:
        notes.append(_("취소되거나 비공개"))
    if one.prelim:
        notes.append(_("잠정치"))
    if one.verified:
        notes.append(_("확인함: %(note)s") % {"note": one.note})
    return notes
