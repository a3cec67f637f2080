"""What became of alarmed and overridden areas after 6, 12 and 18 months.

What is owed is a question to the tables: official results with an alarm or an overriding decision whose day has come
and that have no row yet. Asking twice joins nothing twice.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from crisis.enums import Stage
from crisis.models import Area, Designation, Determination, Result
from crisis.validation.enums import CRISIS_EVENTS, EventKind
from crisis.validation.models import FollowUp, Incident
from crisis.validation.models.feedback import FOLLOW_UP_MONTHS
from crisis.validation.rules.cases import months_later
from portal.directory.audit import deed
from portal.kernel.dates import KST
from portal.kernel.db import advisory_lock

BATCH = 500


def followed_results() -> QuerySet[Result]:
    """Official results of decided areas that raised an alarm or that a council departed from."""
    overridden = (
        Determination.objects.confirmed()
        .filter(result=OuterRef("pk"))
        .filter(~Q(stage=F("proposed_stage")) | Q(proposed_stage=None))
    )
    alarmed = Q(status="OK", model_stage__in=[Stage.CAUTION, Stage.SEVERE]) | Q(watch=True)
    return (
        Result.objects.filter(official=True, run__finished_at__isnull=False, area__level__in=["SIGUNGU", "CLUSTER"])
        .filter(alarmed | Exists(overridden))
        .select_related("run__round", "area")
    )


def day_of(result: Result) -> date:
    """The day an alarm counts from: its round's cut-off."""
    return result.run.round.cutoff.astimezone(KST).date()


def join_due(*, today: date | None = None) -> int:
    """Join what is due, at most `BATCH` rows at once. Returns how many were joined; 0 means nothing is owed."""
    day = today or timezone.localdate()
    joined = 0
    for months in FOLLOW_UP_MONTHS:
        if joined >= BATCH:
            break
        with transaction.atomic():
            advisory_lock("crisis.validation.follow_ups")
            done = FollowUp.objects.filter(result=OuterRef("pk"), months=months)
            latest = months_later(day, -months)
            owed = followed_results().filter(~Exists(done), run__round__cutoff__date__lte=latest)
            rows = [r for r in owed.order_by("pk")[: BATCH - joined] if months_later(day_of(r), months) <= day]
            if rows:
                with deed("join_outcomes", actor=None):
                    _join([(row, months) for row in rows])
            joined += len(rows)
    return joined


def rejoin(*, area: Area) -> int:
    """Join an area's outcomes anew after an event was documented or taken back. Inside the caller's transaction."""
    rows = FollowUp.objects.filter(area=area).select_related("result__run__round", "result__area")
    return _join([(row.result, row.months) for row in rows])


def _join(wanted: Iterable[tuple[Result, int]]) -> int:
    wanted = list(wanted)
    areas = {result.area_id for result, _ in wanted}
    designations: dict[int, list[Designation]] = defaultdict(list)
    for one in Designation.objects.filter(area__in=areas):
        designations[one.area_id].append(one)
    incidents: dict[int, list[Incident]] = defaultdict(list)
    for event in Incident.objects.standing().filter(area__in=areas):
        incidents[event.area_id].append(event)
    later = _later_results(areas)
    for result, months in wanted:
        start = day_of(result)
        due = months_later(start, months)
        named = [one for one in designations[result.area_id] if start < one.start <= due]
        happened = [event for event in incidents[result.area_id] if start < event.occurred_on <= due]
        then = next((row for day, row in later[result.area_id] if start < day <= due), None)
        kept, _fresh = FollowUp.objects.update_or_create(
            result=result,
            months=months,
            defaults={
                "area": result.area,
                "due_on": due,
                "joined_at": timezone.now(),
                "crisis": bool(named) or any(event.kind in CRISIS_EVENTS for event in happened),
                "recovered": any(event.kind == EventKind.RECOVERY for event in happened),
                "stage": then.model_stage if then is not None else None,
                "rci": then.rci if then is not None else None,
            },
        )
        kept.designations.set(named)
        kept.incidents.set(happened)
    return len(wanted)


def _later_results(areas: Iterable[int]) -> dict[int, list[tuple[date, Result]]]:
    """Area → its official results with the day of their round, the newest first."""
    found: dict[int, list[tuple[date, Result]]] = defaultdict(list)
    rows = Result.objects.filter(official=True, area__in=areas, run__finished_at__isnull=False)
    for row in rows.select_related("run__round").defer("public").order_by("-run__round__cutoff"):
        found[row.area_id].append((day_of(row), row))
    return found
