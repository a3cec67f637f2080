"""Reference data the ministry keeps: centres and the regions they serve, the rule of a day, the items of diagnoses."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from crisis.conversion.models import Centre, CentreRegion, ConversionRule, ScoreItem
from crisis.conversion.services.common import recorded
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Region, User
from portal.directory.scope import scope_of
from portal.kernel.dates import period
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal


def _needs_ministry(actor: User) -> None:
    if not scope_of(actor).within(Capability.MANAGE_CONVERSION).nationwide:
        raise Refusal("not_the_ministry", "본부 담당자만 할 수 있는 일입니다.")


@transaction.atomic
def save_centre(
    *, centre: Centre | None, facts: Mapping[str, Any], regions: Iterable[Region], seen: int, actor: User
) -> Centre:
    """Register a centre or correct one. `facts`: code, organization, name, seat, effective, source, provisional."""
    _needs_ministry(actor)
    if centre is None:
        held = Centre()
    else:
        held = Centre.objects.select_for_update(no_key=True, of=("self",)).get(pk=centre.pk)
        refuse_stale(held, seen)
        held.version += 1
    for name, value in facts.items():
        setattr(held, name, value)
    wanted = {one.pk for one in regions}
    if not wanted:
        raise Refusal(
            "centre_serves_nobody", "관할 지역을 하나 이상 골라 주세요.", {"regions": "하나 이상 골라 주세요."}
        )
    with recorded("save_restructuring_centre", held, held.seat, actor=actor, regions=len(wanted)):
        held.full_clean()
        held.save()
        have = set(held.regions.values_list("region_id", flat=True))  # type: ignore[attr-defined]
        CentreRegion.objects.filter(centre=held, region__in=have - wanted).delete()
        for pk in sorted(wanted - have):
            CentreRegion.objects.create(centre=held, region_id=pk)
    return held


@transaction.atomic
def add_rule(*, starts_on: date, facts: Mapping[str, Any], actor: User) -> ConversionRule:
    """A rule that holds from a day on. The one before ends on the eve; what was judged by it keeps pointing at it."""
    _needs_ministry(actor)
    rows = ConversionRule.objects.select_for_update()
    last = rows.order_by("-effective").first()
    if last is not None and last.effective.lower and starts_on <= last.effective.lower:
        text = f"지금 기준의 시작일({last.effective.lower:%Y-%m-%d}) 뒤의 날을 적어 주세요."
        raise Refusal("rule_before_the_last", text, {"starts_on": text})
    rule = ConversionRule(effective=period(starts_on), **facts)
    with deed("add_conversion_rule", actor=actor) as done:
        if last is not None and (last.effective.upper is None or last.effective.upper > starts_on):
            last.effective = period(last.effective.lower, starts_on)
            last.save()
        rule.full_clean()
        rule.save()
        done.about(rule)
    return rule


@transaction.atomic
def add_score_item(*, facts: Mapping[str, Any], starts_on: date, actor: User) -> ScoreItem:
    """An item diagnoses are scored by from a day on."""
    _needs_ministry(actor)
    item = ScoreItem(effective=period(starts_on), **facts)
    with deed("add_score_item", actor=actor) as done:
        item.full_clean()
        item.save()
        done.about(item)
    return item


@transaction.atomic
def end_score_item(*, item: ScoreItem, last_day: date, actor: User) -> ScoreItem:
    """The item is no longer asked after a day; what was scored by it stays."""
    _needs_ministry(actor)
    held = ScoreItem.objects.select_for_update().get(pk=item.pk)
    if held.effective.lower and last_day < held.effective.lower:
        text = "적용을 시작한 날보다 빠릅니다."
        raise Refusal("item_ends_early", text, {"last_day": text})
    held.effective = period(held.effective.lower, last_day + timedelta(days=1))
    with deed("end_score_item", actor=actor) as done:
        held.save()
        done.about(held)
    return held
