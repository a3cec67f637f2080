"""Special zones as a file states them, and back."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crisis.declining.models import SpecialZone
from crisis.declining.services.common import in_words, keep, last_day, needs_holder, span
from crisis.declining.services.zones import region_ids, set_places
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.intake.models import Upload
from portal.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Stated:
    """A zone as a file states it. Days are ISO, `last` is included; `regions` are primary keys in order."""

    code: str
    name: str
    kind: str
    resource: str
    regions: tuple[int, ...]
    first: str
    last: str | None
    end_reason: str
    notice: str
    source: str
    note: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"regions": list(self.regions)}


def stated(zone: SpecialZone) -> Stated:
    """How a zone stands. Reads `places` (prefetch them)."""
    last = last_day(zone.effective)
    return Stated(
        zone.code, zone.name, zone.kind, zone.resource, tuple(sorted(place.region_id for place in zone.places.all())),
        zone.effective.lower.isoformat(), last.isoformat() if last else None, zone.end_reason, zone.notice, zone.source,
        zone.note,
    )  # fmt: skip


def _write(zone: SpecialZone | None, one: Stated, upload: Upload | None) -> None:
    row = zone or SpecialZone(code=one.code)
    for name in ("name", "kind", "resource", "end_reason", "notice", "source", "note"):
        setattr(row, name, getattr(one, name))
    row.effective = span(date.fromisoformat(one.first), date.fromisoformat(one.last) if one.last else None)
    row.upload = upload
    try:
        keep(row)
    except ValidationError as fault:
        raise Refusal("zone_impossible", f"{one.code} {one.name}: {in_words(fault)}") from fault
    set_places(row, one.regions)


def _locked(code: str) -> SpecialZone | None:
    return SpecialZone.objects.select_for_update(of=("self",)).filter(code=code).first()


@transaction.atomic
def record_zones(rows: Iterable[tuple[Stated, Stated | None]], *, upload: Upload, actor: User) -> dict[str, int]:
    """Write the zones of a file, each with how it stood in the preview; refuses what changed since or lies elsewhere."""
    counts: dict[str, Any] = {"new": 0, "changed": 0, "same": 0}
    with deed("record_special_zones", actor=actor) as done:
        for now, was in rows:
            zone = _locked(now.code)
            needs_holder(actor, Capability.RECORD_DECLINING, {*now.regions, *(region_ids(zone) if zone else ())})
            if (stated(zone) if zone else None) != was:
                text = _("%(code)s %(name)s이(가) 확인한 뒤에 바뀌었습니다. 파일을 다시 확인해 주세요.")
                raise Refusal("changed_meanwhile", text % {"code": now.code, "name": now.name})
            _write(zone, now, upload)
            counts["new" if zone is None else "changed"] += 1
        done.about(upload, **counts)
    return counts


@transaction.atomic
def undo_zones(
    rows: Iterable[tuple[Stated, Stated | None]], *, upload: Upload, actor: User, reason: str
) -> dict[str, int]:
    """Put back what stood before a file; zones changed since, or with parts of their own by now, are `kept`."""
    counts: dict[str, Any] = {"withdrawn": 0, "restored": 0, "kept": 0}
    with deed("undo_special_zones", actor=actor, reason=reason) as done:
        for now, was in rows:
            zone = _locked(now.code)
            if zone is None or zone.upload_id != upload.pk or stated(zone) != now:
                counts["kept"] += 1
                continue
            needs_holder(actor, Capability.RECORD_DECLINING, region_ids(zone))
            if was is not None:
                _write(zone, was, None)
                counts["restored"] += 1
            elif zone.changes.exists() or zone.exceptions.exists() or zone.operators.exists():
                counts["kept"] += 1
            else:
                zone.delete()
                counts["withdrawn"] += 1
        if not counts["withdrawn"] and not counts["restored"]:
            raise Refusal("nothing_to_undo", _("되돌릴 것이 없습니다. 이 파일의 특구는 모두 그 뒤에 바뀌었습니다."))
        done.about(upload, **counts)
    return counts
