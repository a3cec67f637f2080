"""What the workbench is told of field surveys: areas to be looked at on the spot that nobody has asked this half-year."""

from datetime import date

from django.db.models import Case, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext as _

from crisis.enums import RunKind
from crisis.fieldwork.enums import CampaignState
from crisis.fieldwork.models import CampaignCluster
from crisis.models import Area, Result, Run
from crisis.waiting import Asked, Wait

OK = "OK"
UNDER_WAY = (CampaignState.DRAFT, CampaignState.OPEN)


def of_areas(asked: Asked) -> dict[int, list[Wait]]:
    """Areas watched or held back for lack of figures: nothing once their clusters were asked in the round's half-year."""
    official_first = Case(When(kind=RunKind.OFFICIAL, then=0), default=1)
    runs = Run.objects.done().filter(round=asked.round, kind__in=[RunKind.OFFICIAL, RunKind.PRELIMINARY])
    doubtful = Result.objects.filter(run=runs.order_by(official_first, "-pk").values("pk")[:1], area__in=asked.areas)
    rows = list(
        doubtful.filter(Q(watch=True) | ~Q(status=OK)).values_list("area", "area__cluster", "area__region", "watch")
    )
    if not rows:
        return {}
    month = asked.round.reference_month
    asked_since = date(month.year, 1 if month.month <= 6 else 7, 1)
    surveys = list(
        CampaignCluster.objects.filter(campaign__opens_on__gte=asked_since)
        .filter(Q(cluster__in={row[1] for row in rows}) | Q(cluster__region__in={row[2] for row in rows}))
        .exclude(campaign__state=CampaignState.CANCELLED)
        .order_by("-campaign__opens_on")
        .values_list("cluster", "cluster__region", "campaign__code", "campaign__state")
    )
    found = {}
    for area, cluster, region, watched in rows:
        here = [
            (code, state) for at, lies_in, code, state in surveys if (at == cluster if cluster else lies_in == region)
        ]
        if any(state not in UNDER_WAY for _code, state in here):
            continue
        text = _("현장조사(관찰)") if watched else _("현장조사(판정보류)")
        url = reverse("fieldwork:campaigns")
        if here:
            text, url = _("현장조사 진행 중"), reverse("fieldwork:campaign", args=[here[0][0]])
        found[area] = [Wait(text, url)]
    return found


def places_of(code: str) -> QuerySet[CampaignCluster]:
    """The clusters of campaigns that lie in an area, or are it."""
    area = Area.objects.filter(code=code)
    regions = area.filter(cluster=None).values("region")
    return CampaignCluster.objects.filter(
        Q(cluster__in=area.exclude(cluster=None).values("cluster"))
        | Q(cluster__region__in=regions)
        | Q(cluster__region__parent__in=regions)
    )
