"""The stages councils decided, as entitling statuses: now, or as known at a past moment."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from crisis.enums import DeterminationState, Stage
from crisis.measures.sources import Status, Wanted
from crisis.models import Area, Determination

ALARMED = (Stage.CAUTION, Stage.SEVERE)


def decided_stages(wanted: Wanted) -> Iterator[Status]:
    """Caution and severe, for the time each decision was in force. A corrected decision counts only before that."""
    rows = Determination.objects.select_related("round").order_by("area_id", "pk")
    if wanted.area_ids is not None:
        ids = set(wanted.area_ids)
        if wanted.cluster_ids:
            ids |= set(Area.objects.filter(cluster__in=wanted.cluster_ids).values_list("pk", flat=True))
        rows = rows.filter(area__in=ids)
    if wanted.known_at is not None:
        yield from _as_known(rows, wanted.known_at)
        return
    for row in rows.filter(state=DeterminationState.CONFIRMED, stage__in=ALARMED):
        if row.effective is not None and not row.effective.isempty and row.effective.lower is not None:
            yield _status(row, row.effective.lower, row.effective.upper)


def _as_known(rows, moment: datetime) -> Iterator[Status]:  # type: ignore[no-untyped-def]
    """What was confirmed by the moment and not corrected then: each lasts until the next one known begins."""
    by_area: dict[int, list[tuple[date, date | None, Determination]]] = defaultdict(list)
    for row in rows.known_at(moment):
        span = row.effective_at_confirmation or row.effective
        if span is not None and span.lower is not None:
            by_area[row.area_id].append((span.lower, span.upper, row))
    for spans in by_area.values():
        spans.sort(key=lambda each: (each[0], each[2].confirmed_at, each[2].pk))
        followers = [start for start, _before, _row in spans[1:]]
        for (start, before, row), follower in zip(spans, [*followers, None], strict=True):
            ends = [day for day in (before, follower) if day is not None]
            end = min(ends) if ends else None
            if row.stage in ALARMED and (end is None or start < end):
                yield _status(row, start, end)


def _status(row: Determination, start: date, before: date | None) -> Status:
    return Status(
        code=str(row.stage), start=start, before=before, area_id=row.area_id, reference=row.round.code,
        is_demo=row.is_demo,
    )  # fmt: skip
