"""Listings of 시·군·구 as 인구감소지역 or 관심지역: by the page and by file, and back."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crisis.declining.models import DeclineStatus
from crisis.declining.selectors.places import Lineage
from crisis.declining.services.common import in_words, last_day, needs_ministry, needs_sigungu, span
from portal.directory.audit import deed
from portal.directory.models import Region, User
from portal.intake.models import Upload
from portal.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing as a file states it. Days are ISO, `last` is included; `region` is a primary key."""

    region: int
    kind: str
    first: str
    last: str | None
    notice: str
    source: str
    provisional: bool

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def listed(row: DeclineStatus) -> Listed:
    """How a listing stands."""
    last = last_day(row.effective)
    return Listed(
        row.region_id, row.kind, row.effective.lower.isoformat(), last.isoformat() if last else None, row.notice,
        row.source, row.provisional,
    )  # fmt: skip


def _refuse_overlap(row: DeclineStatus, lineage: Lineage) -> None:
    """The table refuses two listings of one code; this refuses two of one place under its codes."""
    others = DeclineStatus.objects.filter(
        region__in=lineage.all_of(row.region_id), effective__overlap=row.effective
    ).exclude(pk=row.pk)
    if (other := others.first()) is not None:
        text = _("%(region)s에는 같은 기간에 이미 지정(%(kind)s)이 있습니다.") % {
            "region": row.region, "kind": other.get_kind_display(),
        }  # fmt: skip
        raise Refusal("listed_twice", text, {"first": text})


@transaction.atomic
def put_status(
    *, region: Region, kind: str, first: date, last: date | None, source: str, notice: str = "",
    provisional: bool = False, actor: User, is_demo: bool = False,
) -> DeclineStatus:  # fmt: skip
    """List a 시·군·구 by hand, with the source it was read in."""
    needs_ministry(actor)
    needs_sigungu(region)
    row = DeclineStatus(
        region=region, kind=kind, effective=span(first, last), notice=notice.strip(), source=source.strip(),
        provisional=provisional, recorded_by=actor, is_demo=is_demo,
    )  # fmt: skip
    _refuse_overlap(row, Lineage())
    row.full_clean()
    with deed("put_decline_status", actor=actor) as done:
        row.save()
        done.about(row, region=region, kind=kind)
    return row


@transaction.atomic
def end_status(*, status: DeclineStatus, last: date, reason: str, actor: User) -> DeclineStatus:
    """A listing ends on a day, for a reason."""
    needs_ministry(actor)
    row = DeclineStatus.objects.select_for_update(no_key=True, of=("self",)).select_related("region").get(pk=status.pk)
    if not reason.strip():
        raise Refusal("reason_missing", _("끝난 사유를 적어 주세요."), {"reason": _("끝난 사유를 적어 주세요.")})
    row.effective, row.end_reason = span(row.effective.lower, last), reason.strip()
    _refuse_overlap(row, Lineage())
    row.full_clean()
    with deed("end_decline_status", actor=actor, reason=reason.strip()) as done:
        row.save()
        done.about(row, region=row.region, last=last.isoformat())
    return row


def _standing(one: Listed, lineage: Lineage) -> DeclineStatus | None:
    """The listing of that place that began on that day."""
    rows = DeclineStatus.objects.select_for_update(of=("self",)).filter(region__in=lineage.all_of(one.region))
    return rows.filter(effective__startswith=date.fromisoformat(one.first)).first()


def _write(row: DeclineStatus | None, one: Listed, upload: Upload | None, actor: User, lineage: Lineage) -> None:
    row = row or DeclineStatus(region_id=one.region)
    row.kind, row.notice, row.source, row.provisional = one.kind, one.notice, one.source, one.provisional
    row.effective = span(date.fromisoformat(one.first), date.fromisoformat(one.last) if one.last else None)
    row.upload, row.recorded_by = upload, actor
    _refuse_overlap(row, lineage)
    try:
        row.full_clean()
    except ValidationError as fault:
        raise Refusal("listing_impossible", f"{row.region}: {in_words(fault)}") from fault
    row.save()


@transaction.atomic
def record_statuses(stated: Iterable[tuple[Listed, Listed | None]], *, upload: Upload, actor: User) -> dict[str, int]:
    """Write the listings of a file; each comes with how it stood in the preview. Refuses what changed since."""
    needs_ministry(actor)
    lineage = Lineage()
    counts: dict[str, Any] = {"new": 0, "changed": 0, "same": 0}
    with deed("record_decline_statuses", actor=actor) as done:
        for now, was in sorted(stated, key=lambda pair: pair[1] is None):  # what ends makes room for what begins
            row = _standing(now, lineage)
            if (listed(row) if row else None) != was:
                raise Refusal("changed_meanwhile", _("확인한 뒤에 지정이 바뀌었습니다. 파일을 다시 확인해 주세요."))
            _write(row, now, upload, actor, lineage)
            counts["new" if row is None else "changed"] += 1
        done.about(upload, **counts)
    return counts


@transaction.atomic
def undo_statuses(
    stated: Iterable[tuple[Listed, Listed | None]], *, upload: Upload, actor: User, reason: str
) -> dict[str, int]:
    """Put back what stood before a file; a listing somebody changed since is left alone and counted as `kept`."""
    needs_ministry(actor)
    lineage = Lineage()
    counts: dict[str, Any] = {"withdrawn": 0, "restored": 0, "kept": 0}
    with deed("undo_decline_statuses", actor=actor, reason=reason) as done:
        for now, was in stated:
            row = _standing(now, lineage)
            if row is None or row.upload_id != upload.pk or listed(row) != now:
                counts["kept"] += 1
            elif was is None:
                row.delete()
                counts["withdrawn"] += 1
            else:
                _write(row, was, None, actor, lineage)
                counts["restored"] += 1
        if not counts["withdrawn"] and not counts["restored"]:
            raise Refusal("nothing_to_undo", _("되돌릴 것이 없습니다. 이 파일의 지정은 모두 그 뒤에 바뀌었습니다."))
        done.about(upload, **counts)
    return counts
