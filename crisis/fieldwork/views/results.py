"""Results of a campaign: index by cluster, change, shares, the course over the quarters, what was fed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crisis.fieldwork.enums import ENDED, UnitState
from crisis.fieldwork.models import Campaign, Unit
from crisis.fieldwork.rules.questionnaire import TIMES
from crisis.fieldwork.selectors import Line, history_of, previous_of, response_rates, results_of
from crisis.fieldwork.views.common import campaign_of, runs, sees_firms
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import charts
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

_SHOWN_TEXTS = 100


@needs(Capability.VIEW)
@methods()
def results(request: PortalRequest, code: str) -> HttpResponse:
    """The results as far as the reader may see them."""
    found, scope = campaign_of(request, code), request.scope
    firms = sees_firms(scope, found)
    context: dict[str, Any] = {"campaign": found, "ended": found.state in ENDED, "firms": firms}
    if found.state in ENDED:
        context |= _shown(request, found, firms)
    return render(request, "fieldwork/results.html", context)


def _shown(request: PortalRequest, found: Campaign, firms: bool) -> dict[str, Any]:
    scope, form = request.scope, found.form.questionnaire
    told = results_of(found, scope, _("전체"), firms=firms)
    all_of = told.answered[""]
    place = request.GET.get("cluster", "")
    place = place if place in dict(told.places) else ""
    items = [form.item(one) for one in form.items]
    course = history_of(found, scope, _drawn_items(form.items), place)
    title = _("%(place)s 경기실사지수") % {"place": dict(told.places).get(place, _("전체"))}
    series = [charts.Series(label, points) for label, points in course]
    texts = [field.code for field in form.texts] if firms else []
    sheets = Unit.objects.visible_to(scope).filter(campaign=found, state=UnitState.SUBMITTED)
    return {
        "told": told,
        "items": items,
        "rows": [
            (code, name, told.answered.get(code), [told.items.get(code, {}).get(item.code) for item in items])
            for code, name in told.places
        ],
        "place": place,
        "place_name": dict(told.places).get(place, _("전체")),
        "place_items": [line for item in items if (line := told.items.get(place, {}).get(item.code))],
        "place_answered": told.answered.get(place),
        "shares": [
            (question.label, sorted(told.shares.get(place, {}).get(question.code, []), key=_by_value))
            for question in form.multiples
        ],
        "chart": charts.line_chart(series, title=title, domain=(0, 200), key=f"bsi-{found.code}-{place or 'all'}")
        if any(value is not None for one in series for _at, value in one.points)
        else "",
        "chart_table": charts.chart_table(series, caption=title, places=1) if series else "",
        "previous": previous_of(found, scope),
        "rate": response_rates(found).total if firms or not all_of.hidden else None,
        "limit": form.smallest,
        "texts": [
            (one.place.cluster.name, [text for code in texts if (text := one.answers.get(code))])
            for one in sheets.select_related("place__cluster").order_by("number")[:_SHOWN_TEXTS]
            if any(one.answers.get(code) for code in texts)
        ]
        if texts
        else [],
        "runs": runs(scope, found),
        "confirmation": found.confirmations.select_related("by").order_by("-number").first(),
    }


def _by_value(line: Line) -> Decimal:
    """The most chosen first, what is hidden last."""
    return -(line.value if line.value is not None else Decimal(-1))


def _drawn_items(items: Sequence[str]) -> list[str]:
    """What the chart draws: the first topic's items, what was and what is expected."""
    return list(items[: len(TIMES)])
