"""What waits, and which places are entitled from when to when."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.enums import AreaLevel
from crisis.measures.sources import Status, Wanted
from crisis.models import Area, Designation
from crisis.support_areas.enums import CaseState, ReportState
from crisis.support_areas.models import CasePlace, SupportCase, Term, YearlyReport
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.todo import Waiting

DESIGNATED, INCENTIVE = "SPECIAL_SUPPORT_AREA", "SPECIAL_SUPPORT_AREA_RELEASED"


def statuses(wanted: Wanted) -> Iterator[Status]:
    """Every place of every term, and of every incentive after a release, as known at a moment (for entitlements)."""
    cases = SupportCase.objects.filter(Exists(Term.objects.filter(case=OuterRef("pk"))))
    if wanted.area_ids is not None or wanted.cluster_ids is not None:
        here = Q(cluster__in=wanted.cluster_ids or ())
        here |= Q(region__in=Area.objects.filter(pk__in=wanted.area_ids or ()).values("region"))
        cases = cases.filter(Exists(CasePlace.objects.filter(here, case=OuterRef("pk"))))
    areas: dict[int, int] = dict(
        Area.objects.filter(level=AreaLevel.SIGUNGU).order_by("pk").values_list("region_id", "pk")
    )
    for case in cases.prefetch_related("places", "terms"):
        for code, start, before, reference in _spans(case, wanted.known_at):
            for place in case.places.all():
                area = areas.get(place.region_id) if place.region_id else None
                if area or place.cluster_id:
                    yield Status(
                        code, start, before, area_id=area, cluster_id=place.cluster_id, reference=reference,
                        is_demo=case.is_demo,
                    )  # fmt: skip


def _spans(case: SupportCase, known_at: datetime | None) -> Iterator[tuple[str, date, date, str]]:
    """(status, first day, day after the last, reference) of a case. What was not yet known then is left out."""
    released = case.released_on if known_at is None or _known(case.released_at, known_at) else None
    for term in case.terms.all():
        if not _known(term.created_at, known_at):
            continue
        before = term.effective.upper if released else term.planned_until + timedelta(days=1)
        yield DESIGNATED, term.effective.lower, before, term.notice_number or case.code
    if released and case.incentive_until:
        yield INCENTIVE, released, case.incentive_until + timedelta(days=1), case.code


def _known(moment: datetime | None, known_at: datetime | None) -> bool:
    return moment is not None and (known_at is None or moment <= known_at)


def other_designations(case: SupportCase) -> list[Designation]:
    """What other ministries designated in the same places: context, never mixed with ours."""
    regions = {place.region_id or place.cluster.region_id for place in case.places.select_related("cluster")}  # type: ignore[union-attr]
    return list(Designation.objects.filter(area__region__in=regions).select_related("area").order_by("-start"))


def waiting(scope: Scope) -> Iterator[Waiting]:
    """Work that waits: the ministry's desk, the 시·도's corrections and reports."""
    today = timezone.localdate()
    if scope.can(Capability.DECIDE_SUPPORT_AREAS):
        desk = SupportCase.objects.visible_to(scope).filter(state=CaseState.SUBMITTED)
        yield Waiting(_("특별지원지역 신청 접수"), reverse("support_areas:cases") + "?state=SUBMITTED", desk)
        handed = YearlyReport.objects.visible_to(scope).filter(state=ReportState.SUBMITTED)
        yield Waiting(_("특별지원지역 연차 보고 확인"), reverse("support_areas:reports") + "?state=SUBMITTED", handed)
    if scope.can(Capability.APPLY_SUPPORT_AREAS):
        mine = scope.within(Capability.APPLY_SUPPORT_AREAS)
        back = SupportCase.objects.filter(mine.regions("sido"), state=CaseState.RETURNED)
        yield Waiting(_("특별지원지역 신청 보완"), reverse("support_areas:cases") + "?state=RETURNED", back)
        owed = YearlyReport.objects.owed().filter(mine.regions("case__sido"), due_on__lte=today + timedelta(days=30))
        yield Waiting(_("특별지원지역 연차 보고"), reverse("support_areas:reports") + "?state=OWED", owed, "due_on")
