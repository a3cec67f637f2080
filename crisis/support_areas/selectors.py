"""What waits, and which places are entitled from when to when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.models import Designation
from crisis.support_areas.enums import CaseState, ReportState
from crisis.support_areas.models import SupportCase, Term, YearlyReport
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.todo import Todo

DESIGNATED, INCENTIVE = "SUPPORT_AREA", "SUPPORT_AREA_RELEASED"


@dataclass(frozen=True, slots=True)
class Entitled:
    """A place whose firms are entitled from `first` to `last` (both count): a region or a cluster, by which status."""

    region_id: int | None
    cluster_id: int | None
    status: str
    first: date
    last: date
    case_code: str


def entitled_places(*, on: date | None = None) -> Iterator[Entitled]:
    """Every place of every term, and of every incentive after release; those that hold `on` a day when one is given."""
    terms = Term.objects.select_related("case").prefetch_related("case__places").order_by("case_id", "effective")
    for term in terms.filter(effective__contains=on) if on else terms:
        last = term.effective.upper - timedelta(days=1)
        yield from _places(term.case, DESIGNATED, term.effective.lower, last)
    released = SupportCase.objects.filter(state=CaseState.RELEASED, incentive_until__isnull=False)
    if on:
        released = released.filter(released_on__lte=on, incentive_until__gte=on)
    for case in released.prefetch_related("places").order_by("pk"):
        if case.released_on and case.incentive_until:
            yield from _places(case, INCENTIVE, case.released_on, case.incentive_until)


def _places(case: SupportCase, status: str, first: date, last: date) -> Iterator[Entitled]:
    for place in case.places.all():
        yield Entitled(place.region_id, place.cluster_id, status, first, last, case.code)


def other_designations(case: SupportCase) -> list[Designation]:
    """What other ministries designated in the same places: context, never mixed with ours."""
    regions = {place.region_id or place.cluster.region_id for place in case.places.select_related("cluster")}  # type: ignore[union-attr]
    return list(Designation.objects.filter(area__region__in=regions).select_related("area").order_by("-start"))


def waiting(scope: Scope) -> Iterator[Todo]:
    """Work that waits: the ministry's desk, the 시·도's corrections and reports."""
    today = timezone.localdate()
    if scope.can(Capability.DECIDE_SUPPORT_AREAS):
        desk = SupportCase.objects.visible_to(scope).filter(state=CaseState.SUBMITTED).count()
        yield Todo(
            title=_("특별지원지역 신청 접수"), url=reverse("support_areas:cases") + "?state=SUBMITTED", count=desk
        )
        handed = YearlyReport.objects.visible_to(scope).filter(state=ReportState.SUBMITTED).count()
        yield Todo(
            title=_("특별지원지역 연차 보고 확인"),
            url=reverse("support_areas:reports") + "?state=SUBMITTED",
            count=handed,
        )
    if scope.can(Capability.APPLY_SUPPORT_AREAS):
        mine = scope.within(Capability.APPLY_SUPPORT_AREAS)
        back = SupportCase.objects.filter(mine.regions("sido"), state=CaseState.RETURNED).count()
        yield Todo(
            title=_("특별지원지역 신청 보완"), url=reverse("support_areas:cases") + "?state=RETURNED", count=back
        )
        owed = YearlyReport.objects.owed().filter(mine.regions("case__sido"), due_on__lte=today + timedelta(days=30))
        first = owed.order_by("due_on").values_list("due_on", flat=True).first()
        yield Todo(
            title=_("특별지원지역 연차 보고"),
            url=reverse("support_areas:reports") + "?state=OWED",
            count=owed.count(),
            due=first,
        )
