"""Special zones on the page: kept, changed, ended; their exceptions and operators."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crisis.declining.models import SpecialZone, ZoneChange, ZoneException, ZoneOperator, ZonePlace
from crisis.declining.services.common import keep, last_day, needs_holder, needs_sigungu, put, span
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Region, User
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal

FACTS = ("name", "kind", "resource", "notice", "source", "note")


def locked_zone(zone: SpecialZone) -> SpecialZone:
    return SpecialZone.objects.select_for_update(no_key=True, of=("self",)).get(pk=zone.pk)


def region_ids(zone: SpecialZone) -> list[int]:
    return list(zone.places.values_list("region", flat=True))


def may_write(zone: SpecialZone, actor: User) -> None:
    """A zone of several 시·군·구 is written by whoever answers for all of them: their 시·도 or the ministry."""
    needs_holder(actor, Capability.RECORD_DECLINING, region_ids(zone))


def first_region(zone: SpecialZone) -> Region:
    place = zone.places.select_related("region").first()
    if place is None:
        raise LookupError(f"zone {zone.code} lies nowhere")
    return place.region


@transaction.atomic
def put_zone(
    *, zone: SpecialZone | None, code: str, facts: Mapping[str, Any], regions: Iterable[Region], first: date,
    seen: int, actor: User, is_demo: bool = False,
) -> SpecialZone:  # fmt: skip
    """Record a zone or change it. `facts`: FACTS. Its code and end are not changed here."""
    places = list(regions)
    needs_holder(actor, Capability.RECORD_DECLINING, [region.pk for region in places])
    needs_sigungu(*places)
    if not places:
        text = _("특구가 있는 시·군·구를 하나 이상 고르세요.")
        raise Refusal("zone_nowhere", text, {"regions": text})
    if zone is not None:
        zone = locked_zone(zone)
        may_write(zone, actor)
        refuse_stale(zone, seen)
    row = zone or SpecialZone(code=code.strip(), is_demo=is_demo)
    put(row, facts, FACTS)
    row.effective = span(first, row.last_day if row.pk else None)
    row.upload = None
    with deed("put_special_zone", actor=actor) as done:
        keep(row)
        set_places(row, [region.pk for region in places])
        done.about(row, region=places[0], places=len(places))
    return row


def set_places(zone: SpecialZone, wanted: Iterable[int]) -> None:
    """The zone lies in exactly these 시·군·구."""
    ids = set(wanted)
    zone.places.exclude(region__in=ids).delete()
    for pk in sorted(ids - set(region_ids(zone))):
        ZonePlace.objects.create(zone=zone, region_id=pk)


@transaction.atomic
def end_zone(*, zone: SpecialZone, last: date, reason: str, seen: int, actor: User) -> SpecialZone:
    """The designation ends on a day. Exceptions and operators that go on beyond it end with it."""
    zone = locked_zone(zone)
    may_write(zone, actor)
    refuse_stale(zone, seen)
    if not reason.strip():
        raise Refusal("reason_missing", _("끝난 사유를 적어 주세요."), {"reason": _("끝난 사유를 적어 주세요.")})
    zone.effective, zone.end_reason = span(zone.effective.lower, last), reason.strip()
    with deed("end_special_zone", actor=actor, reason=reason.strip()) as done:
        keep(zone)
        parts: tuple[Any, ...] = (*zone.exceptions.all(), *zone.operators.all())
        for part in parts:
            if (ends := last_day(part.effective)) is None or ends > last:
                part.effective = span(part.effective.lower, max(last, part.effective.lower or last))
                part.save()
        done.about(zone, region=first_region(zone), last=last.isoformat())
    return zone


def _inside(zone: SpecialZone, day: date, field: str) -> None:
    if day < zone.designated_on or (zone.last_day is not None and day > zone.last_day):
        text = _("특구의 지정 기간 안의 날을 적어 주세요.")
        raise Refusal("outside_the_zone", text, {field: text})


@transaction.atomic
def change_zone(
    *, zone: SpecialZone, changed_on: date, content: str, notice: str, seen: int, actor: User
) -> ZoneChange:
    """Record a change of the zone's plan."""
    zone = locked_zone(zone)
    may_write(zone, actor)
    refuse_stale(zone, seen)
    _inside(zone, changed_on, "changed_on")
    row = ZoneChange(
        zone=zone, changed_on=changed_on, content=content.strip(), notice=notice.strip(), recorded_by=actor
    )
    row.full_clean()
    with deed("change_special_zone", actor=actor) as done:
        row.save()
        keep(zone)
        done.about(zone, region=first_region(zone), on=changed_on.isoformat())
    return row


@transaction.atomic
def add_exception(
    *, zone: SpecialZone, code: str, text: str, first: date, last: date | None, seen: int, actor: User
) -> ZoneException:
    """The zone is excepted from a rule during a period within its own."""
    zone = locked_zone(zone)
    may_write(zone, actor)
    refuse_stale(zone, seen)
    _inside(zone, first, "first")
    if last is not None:
        _inside(zone, last, "last")
    row = ZoneException(zone=zone, code=code, text=text.strip(), effective=span(first, last or zone.last_day))
    row.full_clean()
    with deed("add_zone_exception", actor=actor) as done:
        row.save()
        keep(zone)
        done.about(zone, region=first_region(zone), code=code)
    return row


@transaction.atomic
def add_operator(
    *, zone: SpecialZone, name: str, role: str, first: date, last: date | None, seen: int, actor: User
) -> ZoneOperator:
    """Somebody runs the zone (특화사업자) during a period within its own."""
    zone = locked_zone(zone)
    may_write(zone, actor)
    refuse_stale(zone, seen)
    _inside(zone, first, "first")
    if last is not None:
        _inside(zone, last, "last")
    row = ZoneOperator(zone=zone, name=name.strip(), role=role.strip(), effective=span(first, last or zone.last_day))
    row.full_clean()
    with deed("add_zone_operator", actor=actor) as done:
        row.save()
        keep(zone)
        done.about(zone, region=first_region(zone), operator=row.name)
    return row


@transaction.atomic
def end_part(*, part: ZoneException | ZoneOperator, last: date, actor: User) -> None:
    """An exception or an operator ends on a day."""
    zone = locked_zone(part.zone)
    may_write(zone, actor)
    _inside(zone, last, "last")
    part.effective = span(part.effective.lower, last)
    part.full_clean()
    with deed("end_zone_part", actor=actor) as done:
        part.save()
        keep(zone)
        done.about(zone, region=first_region(zone), part=str(part), last=last.isoformat())
