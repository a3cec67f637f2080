"""The catalogue changes from a day on: what stood before keeps its days."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crisis.measures.models import PreferentialMeasure
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import scope_of
from portal.kernel.dates import period
from portal.kernel.db import advisory_lock
from portal.kernel.errors import Refusal

WRITABLE = frozenset(
    {
        "kind", "name_ko", "name_en", "provider", "provider_name", "benefit", "basis", "statuses", "lag_before_days",
        "lag_after_days", "outside_capital", "provisional", "note",
    }
)  # fmt: skip


def _refuse_stranger(actor: User) -> None:
    if not scope_of(actor).within(Capability.MANAGE_MEASURES).nationwide:
        raise Refusal("not_allowed", _("우대 제도는 본부 담당자만 바꿀 수 있습니다."))


@transaction.atomic
def change_measure(*, code: str, start: date, facts: Mapping[str, Any], actor: User) -> PreferentialMeasure:
    """Set the terms of a measure from a day on; a new code begins a new measure.

    What was in force on that day ends there. Refuses when terms begin on that day already, or later ones are set.
    """
    _refuse_stranger(actor)
    if strange := set(facts) - WRITABLE:
        raise ValueError(f"not a measure's field: {sorted(strange)}")
    advisory_lock(f"measures:{code}")
    rows = PreferentialMeasure.objects.of_code(code).select_for_update(no_key=True)
    later = rows.filter(effective__startswith__gte=start).order_by("effective").first()
    if later is not None:
        raise Refusal(
            "later_terms",
            _("이 날이나 그 뒤에 시작하는 조건이 이미 있습니다."),
            {"start": _("더 늦은 날을 적어 주세요.")},
        )
    with deed("change_measure", actor=actor) as done:
        before = rows.in_force_on(start).first()
        if before is not None:
            _cut(before, start)
        row = PreferentialMeasure(code=code, effective=period(start), **facts)
        row.full_clean()
        row.save()
        done.about(row, start=start.isoformat())
    return row


def _cut(row: PreferentialMeasure, end: date) -> None:
    row.effective = period(row.effective.lower, end)
    row.version += 1
    row.save(update_fields=["effective", "version", "updated_at"])


@transaction.atomic
def end_measure(*, measure: PreferentialMeasure, end: date, reason: str, actor: User) -> PreferentialMeasure:
    """End a measure: `end` is the first day on which nobody is entitled by it any more."""
    _refuse_stranger(actor)
    row = PreferentialMeasure.objects.select_for_update(no_key=True).get(pk=measure.pk)
    if row.effective.upper is not None:
        raise Refusal("already_ended", _("끝나는 날이 이미 정해진 제도입니다."))
    if end <= row.effective.lower:
        raise Refusal("ends_before_start", _("시작한 날보다 뒤여야 합니다."), {"end": _("더 늦은 날을 적어 주세요.")})
    if not reason.strip():
        raise Refusal("reason_missing", _("끝내는 사유를 적어 주세요."), {"reason": _("사유를 적어 주세요.")})
    with deed("end_measure", actor=actor, reason=reason.strip()) as done:
        _cut(row, end)
        done.about(row, end=end.isoformat())
    return row
