"""Reads that join several models into an answer."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from crisis.enums import STAGE_RANK, AreaLevel, RunKind
from crisis.models import Determination, Floor, Result, Round
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.todo import Todo


def floors_of(areas: Iterable[int], day: date) -> dict[int, list[Floor]]:
    """The floors active on a day, the worst first, by area (primary keys); areas without one are left out."""
    found: dict[int, list[Floor]] = {}
    for floor in Floor.objects.active_on(day).filter(area__in=list(areas)).select_related("area").order_by("pk"):
        found.setdefault(floor.area_id, []).append(floor)
    for rows in found.values():
        rows.sort(key=lambda floor: -STAGE_RANK[floor.stage])
    return found


def latest_evaluated_round() -> Round | None:
    return Round.objects.evaluated().order_by("-reference_month").first()


def stage_counts(scope: Scope, *, level: str) -> dict[int, dict[str | None, int]]:
    """How many of the reader's areas of a level are at each model stage, by round (official runs). None: no stage."""
    rows = (
        Result.objects.filter(official=True, run__finished_at__isnull=False, area__level=level)
        .visible_to(scope)
        .order_by()
        .values_list("run__round_id", "model_stage", "status")
        .annotate(count=Count("pk"))
    )
    counts: dict[int, dict[str | None, int]] = {}
    for round_id, stage, status, count in rows:
        key = stage if status == "OK" else None
        by_stage = counts.setdefault(round_id, {})
        by_stage[key] = by_stage.get(key, 0) + count
    return counts


def undecided_areas(scope: Scope, round: Round) -> int:
    """Areas of the scope with a proposal in the round that no council has decided or is deciding."""
    taken = Determination.objects.filter(round=round, area=OuterRef("area")).exclude(
        state__in=["WITHDRAWN", "SUPERSEDED"]
    )
    return (
        Result.objects.filter(run__round=round, run__kind=RunKind.OFFICIAL, status="OK")
        .filter(area__level__in=[AreaLevel.SIGUNGU, AreaLevel.CLUSTER])
        .visible_to(scope)
        .exclude(Exists(taken))
        .count()
    )


def todo(scope: Scope) -> Iterator[Todo]:
    """What waits for this reader in crisis response."""
    preparing = scope.within(Capability.PREPARE_DECISIONS)
    if preparing.is_empty:
        return
    newest = latest_evaluated_round()
    if newest is not None:
        count = undecided_areas(preparing, newest)
        if count:
            yield Todo(
                title=_("%(round)s 단계 심의 대기") % {"round": newest},
                url=reverse("crisis:meetings"),
                count=count,
                detail=_("산출이 끝났고 아직 협의회가 결정하지 않은 지역"),
            )
    drafts = Determination.objects.awaiting_council().visible_to(preparing).values("agenda_item__meeting").distinct()
    waiting = drafts.count()
    if waiting:
        yield Todo(title=_("의결할 회의"), url=reverse("crisis:meetings"), count=waiting)
