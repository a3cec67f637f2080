"""Reads that join several models into an answer."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.enums import STAGE_RANK, AreaLevel, DeterminationState, RunKind
from crisis.models import Area, Determination, Floor, Result, Review, Round
from crisis.waiting import Asked, Wait
from network.models import Meeting
from portal.directory.enums import Capability
from portal.directory.scope import Scope, jurisdiction_of
from portal.kernel.todo import Todo

LAPSES_SOON_DAYS = 45


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


def field_cases(meeting: Meeting) -> QuerySet[Result]:
    """Results of the newest evaluated round that allow no stage, of the council's areas nobody decides yet."""
    newest = latest_evaluated_round()
    if newest is None:
        return Result.objects.none()
    scope = jurisdiction_of(meeting.council.organization_id, meeting.held_on)
    taken = Determination.objects.filter(
        round=newest, state__in=[DeterminationState.DRAFT, DeterminationState.CONFIRMED], area=OuterRef("area")
    )
    floored = Floor.objects.active_on(meeting.held_on).filter(area=OuterRef("area"))
    return (
        Result.objects.filter(run__round=newest, official=True, run__finished_at__isnull=False)
        .filter(scope.regions("area__region"), area__level__in=[AreaLevel.SIGUNGU, AreaLevel.CLUSTER])
        .exclude(status="OK")
        .exclude(Exists(taken))
        .exclude(Exists(floored))
        .select_related("area", "run__round")
        .order_by("area__code")
    )


def decision_history(area: Area) -> list[Determination]:
    """Every decision of an area that was ever confirmed, the latest first day first: the history as corrected."""
    return list(
        Determination.objects.filter(area=area, confirmed_at__isnull=False)
        .select_related("round", "agenda_item__meeting__council", "supersedes")
        .order_by("-effective__startswith", "-confirmed_at")
    )


def known_on(area: Area, *, moment: datetime) -> list[tuple[Determination, date, date | None]]:
    """The history of an area as it was known at a moment: each decision with its days as they stood then."""
    known = list(
        Determination.objects.known_at(moment).filter(area=area).select_related("round").order_by("confirmed_at", "pk")
    )
    spans: list[tuple[Determination, date, date | None]] = []
    for one in known:
        first = one.effective_at_confirmation or one.effective
        if first is None:
            continue
        cut = [
            (old, start, min(end, first.lower) if end is not None else first.lower)
            if start < first.lower and (end is None or end > first.lower)
            else (old, start, end)
            for old, start, end in spans
        ]
        spans = [*cut, (one, first.lower, first.upper)]
    return sorted(spans, key=lambda span: span[1], reverse=True)


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
    reviews = Review.objects.open().visible_to(preparing).count()
    if reviews:
        yield Todo(
            title=_("재판정 검토"),
            url=f"{reverse('crisis:reviews')}?state=OPEN",
            count=reviews,
            detail=_("결정한 뒤에 자료가 바뀌어 산출 단계가 달라진 지역"),
        )
    yield from _lapsing(preparing)


def _lapsing(scope: Scope) -> Iterator[Todo]:
    """Overrides that end within a month and a half: the council has to decide those areas again."""
    today = timezone.localdate()
    rows = (
        Determination.objects.in_force_on(today)
        .visible_to(scope)
        .exclude(stage=F("proposed_stage"))
        .filter(effective__endswith__lte=today + timedelta(days=LAPSES_SOON_DAYS))
    )
    found = rows.aggregate(count=Count("pk"), due=Min("effective__endswith"))
    if found["count"]:
        yield Todo(
            title=_("곧 끝나는 조정 결정"),
            url=reverse("crisis:meetings"),
            count=found["count"],
            due=found["due"],
            detail=_("제안과 다르게 정한 단계는 한 회차 동안만 적용됩니다."),
        )


def floors_waiting(asked: Asked) -> dict[int, list[Wait]]:
    """Floors to be looked at again: another ministry's designation is over, or the floor's own end comes near."""
    if not asked.newest:
        return {}
    today = timezone.localdate()
    found: dict[int, list[Wait]] = {}
    rows = Floor.objects.active_on(today).filter(area__in=asked.areas)
    over = Q(designation__end_last_known__lt=today)
    near = Q(effective__endswith__lte=today + timedelta(days=LAPSES_SOON_DAYS))
    for floor in rows.filter(over | near).select_related("designation").order_by("pk"):
        ended = floor.designation and floor.designation.end_last_known and floor.designation.end_last_known < today
        text = _("지정이 끝난 하한 사유 종료") if ended else _("곧 끝나는 하한 사유 확인")
        found.setdefault(floor.area_id, []).append(Wait(text, reverse("crisis:floor", args=[floor.public_id])))
    return found


def reviews_waiting(asked: Asked) -> dict[int, list[Wait]]:
    """Decided areas whose figures have changed since."""
    rows = Review.objects.open().filter(area__in=asked.areas, determination__round=asked.round)
    return {
        pk: [Wait(_("재판정 검토"), f"{reverse('crisis:reviews')}?state=OPEN")]
        for pk in rows.values_list("area", flat=True)
    }
