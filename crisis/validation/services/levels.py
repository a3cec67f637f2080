"""Local sub-levels of a 시·도."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from crisis.validation.models import LocalLevel, LocalScheme
from crisis.validation.rules.levels import Level, faults
from portal.directory.audit import deed
from portal.directory.enums import RegionLevel
from portal.directory.models import Region, User
from portal.kernel.dates import period
from portal.kernel.errors import Refusal


@transaction.atomic
def enter_scheme(
    *,
    region: Region,
    title: str,
    document: str,
    start: date,
    levels: Sequence[Level],
    notes: Sequence[str] = (),
    actor: User | None,
    is_demo: bool = False,
) -> LocalScheme:
    """Put a 시·도's table of levels in force from a day on; the one before ends the day before.

    Refuses a table that does not fit the legal stages, with every fault at once.
    """
    if region.level != RegionLevel.SIDO:
        raise Refusal("not_a_sido", "자체 단계는 시·도 단위로 정합니다.")
    if found := faults(levels):
        raise Refusal("levels_invalid", " ".join(found))
    with deed("enter_local_scheme", actor=actor) as done:
        before = LocalScheme.objects.select_for_update(no_key=True).in_force_on(start).filter(region=region).first()
        if before is not None:
            if before.effective.lower is not None and before.effective.lower >= start:
                raise Refusal(
                    "same_day", "같은 날부터 적용되는 자체 단계표가 이미 있습니다.", {"start": "다른 날을 적어 주세요."}
                )
            before.effective = period(before.effective.lower, start)
            before.save(update_fields=["effective", "updated_at"])
        following = LocalScheme.objects.filter(region=region, effective__startswith__gt=start).order_by("effective")
        later = following.first()
        scheme = LocalScheme(
            region=region, title=title, document=document, entered_by=actor, is_demo=is_demo,
            effective=period(start, later.effective.lower if later else None),
        )  # fmt: skip
        scheme.full_clean()
        scheme.save()
        for at, level in enumerate(sorted(levels)):
            row = LocalLevel(
                scheme=scheme, order=level.order, name=level.name, stage=level.stage, lowest=level.lowest,
                note=notes[at] if at < len(notes) else "",
            )  # fmt: skip
            row.full_clean()
            row.save()
        done.about(scheme, region=region, levels=[level.name for level in sorted(levels)], start=start.isoformat())
    return scheme


@transaction.atomic
def end_scheme(*, scheme: LocalScheme, end: date, actor: User) -> LocalScheme:
    """Let a table end: `end` is the first day on which it no longer holds."""
    scheme = LocalScheme.objects.select_for_update(no_key=True, of=("self",)).select_related("region").get(pk=scheme.pk)
    lower = scheme.effective.lower
    if scheme.effective.upper is not None or (lower is not None and end <= lower):
        raise Refusal(
            "scheme_ended", "이미 끝났거나 시작일보다 이른 날입니다.", {"end": "시작일 뒤의 날을 적어 주세요."}
        )
    with deed("end_local_scheme", actor=actor) as done:
        scheme.effective = period(lower, end)
        scheme.save(update_fields=["effective", "updated_at"])
        done.about(scheme, region=scheme.region, end=end.isoformat())
    return scheme
