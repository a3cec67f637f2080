"""Who is asked: a sample drawn by seed, workplaces chosen by hand, a reserve in the place of one that cannot answer."""

import secrets
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from companies.enums import OperatingState
from companies.models import Workplace, WorkplaceCluster
from crisis.fieldwork.enums import CampaignState, UnitOrigin, UnitState
from crisis.fieldwork.models import Campaign, CampaignCluster, Unit
from crisis.fieldwork.rules import sampling
from crisis.fieldwork.services.common import keep, locked, needs_runner, recorded, refuse_stale, refuse_unless_draft
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import scope_of
from portal.kernel.errors import Refusal


def frame(campaign: Campaign) -> QuerySet[WorkplaceCluster]:
    """Workplaces registered today in the campaign's clusters whose firm and site are not closed, merged or gone."""
    today = timezone.localdate()
    return (
        WorkplaceCluster.objects.in_force_on(today)
        .filter(
            cluster__in=campaign.clusters.values("cluster"),
            workplace__effective__contains=today,
            workplace__company__merged_into=None,
        )
        .exclude(workplace__company__state=OperatingState.CLOSED)
    )


def _strata(campaign: Campaign) -> dict[int, dict[str, list[int]]]:
    """Workplace keys by cluster and size class; one that lies in two clusters is taken in the first by code."""
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    taken: set[int] = set()
    rows = (
        frame(campaign)
        .order_by("cluster__code", "workplace")
        .values_list("cluster", "workplace", "workplace__company__size")
    )
    for cluster, workplace, size in rows:
        if workplace not in taken:
            taken.add(workplace)
            found[cluster][size].append(workplace)
    return found


@transaction.atomic
def draw_sample(
    *, campaign: Campaign, size: int | None, percent: int | None, seed: str = "", seen: int, actor: User
) -> Campaign:
    """Draw the sample anew, stratified by size in each cluster: `size` workplaces or `percent` of them.

    The seed is made up when empty and kept: the same register and seed give the same sample. What was drawn or chosen
    before is replaced. Refuses an opened campaign, no clusters, both or neither of size and percent.
    """
    held = locked(campaign)
    needs_runner(actor, held.sido_id)
    refuse_unless_draft(held)
    refuse_stale(held, seen)
    if (size is None) == (percent is None):
        raise Refusal("size_or_share", "뽑는 수와 비율 가운데 하나만 적어 주세요.", {"size": "하나만 적어 주세요."})
    places = list(held.clusters.select_related("cluster").order_by("cluster__code"))
    if not places:
        raise Refusal("no_clusters", "조사할 밀집지역을 먼저 골라 주세요.")
    held.seed = seed.strip() or secrets.token_hex(8)
    strata, made = _strata(held), []
    for place in places:
        of_place = strata.get(place.cluster_id, {})
        drawn = sampling.drawn(of_place, f"{held.seed}|{place.cluster.code}", size=size, percent=percent)
        place.strata = {name: {"eligible": len(of_place[name]), "drawn": len(keys)} for name, keys in drawn.items()}
        made += [(place, name, key) for name, keys in drawn.items() for key in keys]
    if not made:
        raise Refusal(
            "nobody_to_ask", "고른 밀집지역에 등록된 사업장이 없습니다. 기업 정보의 입주 기록을 확인해 주세요."
        )
    held.sample_size, held.sample_percent = size, percent
    held.drawn_at, held.drawn_by = timezone.now(), actor
    with recorded("draw_sample", held, actor=actor, units=len(made), seed=held.seed):
        held.units.all().delete()
        CampaignCluster.objects.bulk_update(places, ["strata"])
        Unit.objects.bulk_create(
            Unit(campaign=held, place=place, workplace_id=key, size=name, number=f"{at:04d}", origin=UnitOrigin.DRAWN)
            for at, (place, name, key) in enumerate(made, 1)
        )
        keep(held)
    return held


def _next_number(campaign: Campaign) -> int:
    last = campaign.units.order_by("-number").values_list("number", flat=True).first()
    return int(last or 0) + 1


@transaction.atomic
def choose_units(*, campaign: Campaign, workplaces: Iterable[Workplace], seen: int, actor: User) -> int:
    """Add workplaces by hand; returns how many were new. Refuses those outside the campaign's clusters or closed."""
    held, wanted = locked(campaign), {one.pk: one for one in workplaces}
    needs_runner(actor, held.sido_id)
    refuse_unless_draft(held)
    refuse_stale(held, seen)
    places = {place.cluster_id: place for place in held.clusters.all()}
    rows = frame(held).filter(workplace__in=wanted).order_by("-cluster__code")
    where = {
        key: (places[cluster], size)
        for key, cluster, size in rows.values_list("workplace", "cluster", "workplace__company__size")
    }
    if strange := [str(wanted[pk]) for pk in wanted if pk not in where]:
        raise Refusal(
            "not_in_the_clusters",
            f"이 조사의 밀집지역에 등록되지 않았거나 폐업한 사업장 {len(strange)}곳: {', '.join(strange[:10])}",
        )
    there = set(held.units.filter(workplace__in=wanted).values_list("workplace", flat=True))
    first = _next_number(held)
    with recorded("choose_units", held, actor=actor, units=len(wanted) - len(there)):
        made = Unit.objects.bulk_create(
            Unit(
                campaign=held, place=where[pk][0], workplace_id=pk, size=where[pk][1], number=f"{first + at:04d}",
                origin=UnitOrigin.CHOSEN,
            )
            for at, pk in enumerate(pk for pk in sorted(wanted) if pk not in there)
        )  # fmt: skip
        keep(held)
    return len(made)


@transaction.atomic
def remove_unit(*, unit: Unit, actor: User) -> None:
    """Take a workplace out of the sample before the campaign opens."""
    held = locked(unit.campaign)
    needs_runner(actor, held.sido_id)
    refuse_unless_draft(held)
    with recorded("remove_unit", held, actor=actor, number=unit.number):
        held.units.filter(pk=unit.pk).delete()
        keep(held)


@transaction.atomic
def assign_units(*, campaign: Campaign, units: Iterable[Unit], interviewer: User | None, actor: User) -> int:
    """Give workplaces to an interviewer (None: to nobody). Refuses somebody who may not write sheets there."""
    held = locked(campaign)
    needs_runner(actor, held.sido_id)
    chosen = list(held.units.filter(pk__in=[unit.pk for unit in units]).select_related("place__cluster"))
    if interviewer is not None:
        mine = scope_of(interviewer).within(Capability.ENTER_SURVEYS)
        if not all(mine.holds(unit.place.cluster.region_id) for unit in chosen):
            raise Refusal("not_an_interviewer", f"{interviewer.name} 님은 이 지역의 조사표를 쓸 권한이 없습니다.")
    with recorded("assign_units", held, actor=actor, units=len(chosen)):
        Unit.objects.filter(pk__in=[unit.pk for unit in chosen]).update(
            interviewer=interviewer, updated_at=timezone.now()
        )
    return len(chosen)


@transaction.atomic
def replace_unit(*, unit: Unit, reason: str, actor: User) -> Unit:
    """Ask the next in line of the same cluster and size class instead of one that gave no answer. Returns the new unit.

    The one replaced keeps its outcome and still counts as asked in the response rate. Refuses: an answer or no coded
    outcome yet, a second replacement, nobody left in line.
    """
    campaign = locked(unit.campaign)
    needs_runner(actor, campaign.sido_id)
    held = (
        Unit.objects.select_for_update(no_key=True, of=("self",))
        .select_related("place__cluster", "workplace__company")
        .get(pk=unit.pk)
    )
    if campaign.state != CampaignState.OPEN:
        raise Refusal("campaign_not_open", "조사 중일 때만 표본을 대체할 수 있습니다.")
    if held.state in {UnitState.PENDING, UnitState.DRAFT, UnitState.SUBMITTED}:
        raise Refusal("still_to_answer", "거절, 연락 안 됨, 휴·폐업 가운데 하나로 적은 다음 대체할 수 있습니다.")
    if Unit.objects.filter(replaces=held).exists():
        raise Refusal("already_replaced", "이미 다른 사업장으로 대체했습니다.")
    asked = set(campaign.units.values_list("workplace", flat=True))
    strata = _strata(campaign).get(held.place.cluster_id, {})
    seed = f"{campaign.seed or campaign.code}|{held.place.cluster.code}"
    left = [key for key in sampling.line(strata.get(held.size, ()), seed) if key not in asked]
    if not left:
        raise Refusal("nobody_left", "같은 밀집지역과 규모에서 더 물을 사업장이 없습니다.")
    new = Unit(
        campaign=campaign, place=held.place, workplace_id=left[0], size=held.size,
        number=f"{_next_number(campaign):04d}", origin=UnitOrigin.REPLACEMENT, interviewer=held.interviewer,
        replaces=held, replace_reason=reason.strip(),
    )  # fmt: skip
    with recorded("replace_unit", campaign, actor=actor, reason=reason, unit=held.number, by=new.number):
        new.full_clean()
        new.save()
    return new
