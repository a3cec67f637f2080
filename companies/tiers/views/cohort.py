"""The cohort flow: numbers, chart and table, each number with the very firms behind it."""

from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Company
from companies.tiers import rules
from companies.tiers.enums import Tier
from companies.tiers.forms import sidos
from companies.tiers.selectors import cohort as reads
from companies.tiers.views.lists import firm_url, marked
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import charts
from portal.kernel.dates import end_of_day
from portal.kernel.http import PortalRequest
from portal.kernel.lists import BadQuery, ListColumn, ListPage
from portal.kernel.views import methods

NONE = "NONE"


def _year(text: str) -> int:
    """The year asked for within the plan's years and this one; this year without a good one."""
    this = timezone.localdate().year
    return int(text) if text.isascii() and text.isdigit() and reads.FIRST_YEAR <= int(text) <= this else this


def _known(text: str) -> datetime | None:
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    return end_of_day(day) if day else None


def lens_of(scope: Any, query: Any) -> reads.Lens:
    """What the query looks at: `year`, `region` (a code of the reader's 시·도), `known` (a day)."""
    code = query.get("region", "")
    region = sidos(scope).filter(code=code).first() if code else None
    return reads.Lens(scope, _year(query.get("year", "")), region, _known(query.get("known", "")))


def _label(tier: str) -> str:
    return str(Tier(tier).label) if tier else _("등급 없음")


@needs(Capability.VIEW)
@methods()
def cohort(request: PortalRequest) -> HttpResponse:
    """Where the cohort stands against the targets, and who moved during the year."""
    lens = lens_of(request.scope, request.GET)
    base = {"year": str(lens.year)}
    if lens.region is not None:
        base["region"] = lens.region.code
    if lens.known_at is not None:
        base["known"] = request.GET.get("known", "")

    def rows_url(**more: str) -> str:
        return f"{reverse('tiers:cohort_firms')}?{urlencode({**base, **more})}"

    matrix = reads.moves(lens)
    table = [
        (
            _label(before),
            [
                (count, rows_url(before=before or NONE, after=after or NONE), before == after)
                for after, count in zip(rules.LADDER, line, strict=True)
            ],
            sum(line),
            rows_url(before=before or NONE),
        )
        for before, line in zip(rules.LADDER, matrix, strict=True)
    ]
    grown = reads.growth(lens)
    series = [
        charts.Series(_label(tier), [(str(year), count) for year, count in points]) for tier, points in grown.items()
    ]
    context = {
        "lens": lens,
        "query": base,
        "years": range(timezone.localdate().year, reads.FIRST_YEAR - 1, -1),
        "regions": sidos(request.scope),
        "standings": [
            (row, rows_url(tier=row.tier, count="ever"), rows_url(tier=row.tier, count="held"))
            for row in reads.standings(lens)
        ],
        "ladder": [_label(tier) for tier in rules.LADDER],
        "table": table,
        "totals": [
            (sum(column), rows_url(after=after or NONE))
            for after, column in zip(rules.LADDER, zip(*matrix, strict=True), strict=True)
        ],
        "chart": charts.line_chart(series, title=_("등급별 누적 기업 수"), unit=_("개사")),
        "chart_rows": charts.chart_table(series, caption=_("등급별 누적 기업 수"), unit=_("개사"), places=0),
        "by_region": [
            (
                region,
                [
                    (row, rows_url(region=region.code, tier=row.tier, count="held" if row.is_held else "ever"))
                    for row in rows
                ],
            )
            for region, rows in reads.by_region(lens)
        ],
        "can_set_targets": not request.scope.within(Capability.MANAGE_TIER_CRITERIA).is_empty,
        "tiers": [tier.label for tier in Tier],
    }
    return render(request, "tiers/cohort.html", context)


class FlowList(ListPage):
    """The firms behind one number of the cohort."""

    name = "cohort-firms"
    title = gettext_lazy("등급 이동 기업")
    template = "tiers/cohort_firms.html"
    default_sort = "name"
    extra = frozenset({"year", "region", "known", "before", "after", "tier", "count"})
    empty_text = gettext_lazy("여기에 드는 기업이 없습니다.")
    columns = (
        ListColumn(
            "name", gettext_lazy("기업"), value=lambda row: row.name, show=marked, link=firm_url,
            sort=("name_key",), fixed=True, width=24,
        ),
        ListColumn(
            "before", gettext_lazy("전년 말 등급"), value=lambda row: _label(row.tier_before or ""), sort=("tier_before",)
        ),
        ListColumn(
            "after", gettext_lazy("기준일 등급"), value=lambda row: _label(row.tier_after or ""), sort=("tier_after",)
        ),
        ListColumn("state", gettext_lazy("영업 상태"), value=lambda row: row.get_state_display()),
    )  # fmt: skip

    @cached_property
    def lens(self) -> reads.Lens:
        return lens_of(self.scope, self.query)

    def _tier(self, name: str) -> str | None:
        text = self.query.get(name, "")
        if text in ("", *Tier.values):
            return text or None
        if text == NONE:
            return ""
        raise BadQuery(_("‘%(tier)s’은(는) 없는 등급입니다.") % {"tier": text})

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.asked = {name: self._tier(name) for name in ("before", "after", "tier")}

    def queryset(self) -> QuerySet[Company]:
        if tier := self.asked["tier"]:
            return reads.firms_at(self.lens, tier, ever=self.query.get("count") != "held")
        return reads.firms_moved(self.lens, before=self.asked["before"], after=self.asked["after"])

    @property
    def what(self) -> str:
        """The number in words."""
        day: date = self.lens.after
        if tier := self.asked["tier"]:
            sense = _("보유") if self.query.get("count") == "held" else _("누적")
            return f"{_label(tier)} {sense}"
        sides = [
            _label(side) if side is not None else _("모두") for side in (self.asked["before"], self.asked["after"])
        ]
        return f"{day.year}: {sides[0]} → {sides[1]}"


@needs(Capability.VIEW)
@methods(writes=("POST",))
def cohort_firms(request: PortalRequest) -> HttpResponseBase:
    """The rows behind a number."""
    return FlowList.of(request).respond(request)
