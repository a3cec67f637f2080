"""고지: the office and the 시·도 are told what their council decided, once a body and item."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.enums import Stage
from crisis.models import Determination, StageChange
from network.models import AgendaItem
from portal.directory.enums import Capability, OrganizationKind
from portal.directory.models import Jurisdiction, Organization
from portal.directory.services import notify

_AT_ONCE = 500
_WORST_FIRST = (Stage.SEVERE, Stage.CAUTION, Stage.GOOD)


@transaction.atomic
def announce_decisions() -> int:
    """Tell of decisions nobody has been told of yet; returns how many. Two at once share the work between them."""
    rows = list(
        Determination.objects.unannounced()
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("area__region", "agenda_item__meeting__council__organization", "round")
        .order_by("agenda_item_id", "area__code")[:_AT_ONCE]
    )
    if not rows:
        return 0
    now, numbers = timezone.now(), [row.pk for row in rows]
    changed = set(StageChange.objects.filter(determination__in=numbers).values_list("determination_id", flat=True))
    by_item: dict[int, list[Determination]] = defaultdict(list)
    for row in rows:
        by_item[row.agenda_item_id].append(row)
    for decided in by_item.values():
        _tell(decided[0].agenda_item, decided, changed)
    Determination.objects.filter(pk__in=numbers).update(announced_at=now, updated_at=now)
    StageChange.objects.unannounced().filter(determination__in=numbers).update(announced_at=now)
    return len(rows)


def _tell(item: AgendaItem, decided: Sequence[Determination], changed: set[int]) -> None:
    """The office hears of all areas of the item, each 시·도 and 시·군·구 of its own."""
    office = item.meeting.council.organization
    _notify(item, office, decided, changed)
    places = {row.area.region_id for row in decided} | {row.area.region.parent_id for row in decided}
    governments = Jurisdiction.objects.filter(
        organization__kind__in=[OrganizationKind.PROVINCE, OrganizationKind.MUNICIPALITY],
        region__in=[place for place in places if place],
        effective__contains=timezone.localdate(),
    ).select_related("organization")
    reach: dict[Organization, set[int]] = defaultdict(set)
    for row in governments:
        reach[row.organization].add(row.region_id)
    for body, regions in sorted(reach.items(), key=lambda pair: pair[0].code):
        own = [row for row in decided if {row.area.region_id, row.area.region.parent_id} & regions]
        _notify(item, body, own, changed)


def _notify(item: AgendaItem, body: Organization, decided: Sequence[Determination], changed: set[int]) -> None:
    notify(
        kind="stage_decision",
        key=f"stage-decision:{item.pk}:{body.pk}",
        title=_title(item, decided, changed),
        url=reverse("crisis:meeting", args=[item.meeting_id]) + f"#item-{item.number}",
        organizations=[body],
        capability=Capability.VIEW,
    )


def _title(item: AgendaItem, decided: Sequence[Determination], changed: set[int]) -> str:
    first = decided[0]
    what = _("단계 결정 정정 고지") if first.is_correction else _("단계 결정 고지")
    counts = ", ".join(
        _("%(stage)s %(n)s곳") % {"stage": stage.label, "n": n}
        for stage in _WORST_FIRST
        if (n := _count(decided, stage))
    )
    if len(decided) == 1:
        counts = f"{first.area.name_ko} {first.get_stage_display()}"
    moved = sum(row.pk in changed for row in decided)
    return _("%(council)s %(round)s %(what)s: %(counts)s (변동 %(moved)s곳)") % {
        "council": item.meeting.council.name_ko,
        "round": first.round.title,
        "what": what,
        "counts": counts,
        "moved": moved,
    }


def _count(decided: Iterable[Determination], stage: str) -> int:
    return sum(row.stage == stage for row in decided)
