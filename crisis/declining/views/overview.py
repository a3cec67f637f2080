"""The ministry's view of a year: projects and money by 시·도 and purse, 농공단지 and 특구, beside the plan's figures."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.declining.enums import Ministry
from crisis.declining.forms import YearForm
from crisis.declining.selectors import Line, overview, plan_figures, years
from crisis.declining.selectors.overview import money_series
from crisis.declining.views.regions import sheet
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import charts, exports
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

HUNDRED_MILLION = 100_000_000
CHARTED = (Ministry.MOIS, Ministry.MSS, Ministry.LOCAL)


def _year(request: PortalRequest) -> tuple[int, YearForm]:
    """The year asked for; without one this year, or the newest with anything in it."""
    today = timezone.localdate().year
    offered = years(request.scope) or [today]
    standing = today if today in offered else offered[0]
    form = YearForm(request.GET if "year" in request.GET else {"year": standing}, years=offered)
    return (form.cleaned_data["year"] or standing) if form.is_valid() else standing, form


@needs(Capability.VIEW)
@methods()
def status(request: PortalRequest) -> HttpResponse:
    """The table of a year, the money over the years, the plan beside it."""
    year, form = _year(request)
    lines, total = overview(request.scope, year, timezone.localdate())
    purses = [purse for purse in Ministry if total.agreed[purse]] or [Ministry.MOIS, Ministry.MSS]
    context: dict[str, Any] = {
        "lines": [(line, [line.agreed[purse] for purse in purses]) for line in lines], "total": total,
        "total_money": [total.agreed[purse] for purse in purses], "purses": [purse.label for purse in purses],
        "year": year, "form": form, "figures": plan_figures(),
        "exports": request.scope.can(Capability.EXPORT),
    }  # fmt: skip
    context |= _chart(request)
    return render(request, "declining/status.html", context)


def _chart(request: PortalRequest) -> dict[str, Any]:
    """Agreed money by purse over the years in 억원, when there are at least two years."""
    found = money_series(request.scope)
    if len({year for points in found.values() for year, _won in points}) < 2:
        return {}
    series = [
        charts.Series(
            str(Ministry(purse).label), [(year, round(won / HUNDRED_MILLION, 1)) for year, won in found[purse]]
        )
        for purse in CHARTED
        if purse in found
    ]
    title = _("해마다 합의한 예산")
    return {
        "chart": charts.line_chart(series, title=title, unit=_("억원")),
        "table": charts.chart_table(series, caption=title, unit=_("억원"), places=1),
    }


def _row(line: Line, name: str) -> list[Any]:
    return [
        name, line.decline, line.watch, line.projects, line.decided, line.municipalities, line.planned,
        *(line.agreed[purse] for purse in Ministry.values), line.agreed_total, line.executed, line.complexes, line.zones,
    ]  # fmt: skip


@needs(Capability.EXPORT)
@methods()
def status_file(request: PortalRequest, format: str) -> HttpResponseBase:
    """The table of a year as a file; money in won."""
    if format not in exports.FORMATS:
        raise Http404
    year, _form = _year(request)
    lines, total = overview(request.scope, year, timezone.localdate())
    heads = [_("시·도"), _("인구감소지역"), _("관심지역"), _("사업"), _("합의한 사업"), _("합의한 시·군·구"), _("계획(원)"),
             *(_("합의 %(purse)s(원)") % {"purse": purse.label} for purse in Ministry), _("합의 합계(원)"), _("집행(원)"),
             _("농공단지"), _("지역특구")]  # fmt: skip
    rows = [_row(line, line.region.name if line.region else "") for line in lines] + [_row(total, _("전체"))]
    return sheet(_("소멸위기지역 현황 %(year)s년") % {"year": year}, format, heads, rows, texts=1)
