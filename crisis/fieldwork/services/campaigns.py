"""A campaign from its plan to its end: planned, opened, closed by hand or on its day, cancelled before it opens."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from companies.models import Cluster
from crisis.fieldwork.enums import UNFINISHED, CampaignState
from crisis.fieldwork.models import Campaign, CampaignCluster, FieldForm
from crisis.fieldwork.services.common import (
    campaign_url,
    keep,
    locked,
    needs_runner,
    recorded,
    refuse_stale,
    refuse_unless_draft,
    step,
)
from crisis.fieldwork.services.results import derive_results
from portal.directory.enums import Capability
from portal.directory.models import Holiday, Organization, Region, User
from portal.directory.services import notify, settle_notices
from portal.kernel.deadlines import next_working_day
from portal.kernel.errors import Refusal

WARN_DAYS = (7, 2)
PLAN = ("title", "kind", "quarter", "form", "purpose", "people", "content", "opens_on", "closes_on")


def _code(sido: Region, kind: str, quarter: date | None) -> str:
    """`48-2026Q3`, `48-2026A1`; a number behind it when that is taken (another body's, a cancelled one's)."""
    year = quarter.year if quarter else timezone.localdate().year
    stem = f"{sido.code[:6]}-{year}" + (f"Q{quarter.month // 3}" if quarter else "A")
    taken = set(Campaign.objects.filter(code__startswith=stem).values_list("code", flat=True))
    if quarter and stem not in taken:
        return stem
    made = (f"{stem}-{n}" if quarter else f"{stem}{n}" for n in range(2 if quarter else 1, 1000))
    return next(code for code in made if code not in taken)


def _fitting_form(form: FieldForm, sido: Region) -> None:
    if form.region_id not in {None, sido.pk}:
        raise Refusal("form_of_another", "다른 지역의 양식입니다.", {"form": "이 시·도의 양식을 골라 주세요."})


@transaction.atomic
def plan_campaign(
    *, sido: Region, body: Organization, facts: Mapping[str, Any], actor: User, is_demo: bool = False
) -> Campaign:
    """Begin a campaign with its plan. `facts`: the fields of `PLAN`. The deadline moves off a day off."""
    needs_runner(actor, sido.pk)
    _fitting_form(facts["form"], sido)
    campaign = Campaign(sido=sido, body=body, is_demo=is_demo, **{name: facts[name] for name in PLAN})
    campaign.code = _code(sido, campaign.kind, campaign.quarter)
    campaign.closes_due = next_working_day(campaign.closes_on, Holiday.objects.days())
    campaign.full_clean()
    with recorded("plan_campaign", campaign, actor=actor):
        campaign.save()
    return campaign


@transaction.atomic
def change_plan(*, campaign: Campaign, facts: Mapping[str, Any], seen: int, actor: User) -> Campaign:
    """Change the plan while nothing is open. Refuses an opened campaign and a version seen before another's change."""
    held = locked(campaign)
    needs_runner(actor, held.sido_id)
    refuse_unless_draft(held)
    refuse_stale(held, seen)
    _fitting_form(facts.get("form", held.form), held.sido)
    for name in PLAN:
        if name in facts:
            setattr(held, name, facts[name])
    held.closes_due = next_working_day(held.closes_on, Holiday.objects.days())
    with recorded("change_campaign", held, actor=actor):
        keep(held)
    return held


@transaction.atomic
def set_clusters(*, campaign: Campaign, clusters: Iterable[Cluster], seen: int, actor: User) -> Campaign:
    """Which clusters are covered. One that leaves takes its part of the sample with it."""
    held, wanted = locked(campaign), {cluster.pk: cluster for cluster in clusters}
    needs_runner(actor, held.sido_id)
    refuse_unless_draft(held)
    refuse_stale(held, seen)
    inside = Cluster.objects.filter(Q(region=held.sido) | Q(region__parent=held.sido), pk__in=wanted)
    if inside.count() != len(wanted):
        raise Refusal(
            "cluster_elsewhere", "이 시·도에 있는 밀집지역만 넣을 수 있습니다.",
            {"clusters": "다른 시·도의 밀집지역이 있습니다."},
        )  # fmt: skip
    with recorded("set_campaign_clusters", held, actor=actor, clusters=len(wanted)):
        gone = held.clusters.exclude(cluster__in=wanted)
        held.units.filter(place__in=gone).delete()
        gone.delete()
        there = set(held.clusters.values_list("cluster", flat=True))
        CampaignCluster.objects.bulk_create(
            CampaignCluster(campaign=held, cluster=cluster) for pk, cluster in wanted.items() if pk not in there
        )
        keep(held)
    return held


def lacking(campaign: Campaign) -> list[str]:
    """What still has to be done before the campaign can open, in words."""
    found = [
        f"{word}을 적어 주세요." for word, text in
        (("조사의 목적", campaign.purpose), ("조사의 대상", campaign.people), ("조사의 내용", campaign.content))
        if not text.strip()
    ]  # fmt: skip
    if not campaign.clusters.exists():
        found.append("조사할 밀집지역을 골라 주세요.")
    elif not campaign.units.exists():
        found.append("표본을 추출하거나 사업장을 직접 골라 주세요.")
    if timezone.localdate() > campaign.closes_due:
        found.append("마감일이 이미 지났습니다. 기간을 고쳐 주세요.")
    return found


@transaction.atomic
def open_campaign(*, campaign: Campaign, seen: int, actor: User) -> Campaign:
    """Open it: from `opens_on` sheets can be written. Refuses with all that is lacking; freezes the form's version."""
    held = locked(campaign)
    needs_runner(actor, held.sido_id)
    refuse_stale(held, seen)
    step(held, CampaignState.OPEN)
    if missing := lacking(held):
        raise Refusal("campaign_incomplete", "아직 열 수 없습니다. " + " ".join(missing))
    now = timezone.now()
    FieldForm.objects.filter(pk=held.form_id, frozen_at=None).update(frozen_at=now)
    held.opened_at, held.opened_by = now, actor
    with recorded("open_campaign", held, actor=actor, units=held.units.count()):
        keep(held)
    notify(
        kind="campaign_opened", key=f"campaign:{held.pk}:opened", title=f"실태조사가 시작됩니다: {held.title}",
        url=campaign_url(held), users=_interviewers(held), organizations=[held.body],
        capability=Capability.ENTER_SURVEYS, due=held.closes_due,
    )  # fmt: skip
    return held


def _interviewers(campaign: Campaign) -> list[User]:
    return list(User.objects.filter(pk__in=campaign.units.exclude(interviewer=None).values("interviewer")))


@transaction.atomic
def close_campaign(*, campaign: Campaign, actor: User | None, reason: str = "") -> Campaign:
    """End entry and work the results out. Before the day has passed only by hand and with a reason."""
    held = locked(campaign)
    needs_runner(actor, held.sido_id)
    step(held, CampaignState.CLOSED)
    early = timezone.localdate() <= held.closes_due
    if early and (actor is None or not reason.strip()):
        raise Refusal("reason_missing", "마감일 전에 마감하는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    held.closed_at, held.close_reason = timezone.now(), reason.strip() if early else ""
    with recorded("close_campaign", held, actor=actor, reason=held.close_reason):
        keep(held)
        derive_results(held)
    settle_notices(*(f"campaign:{held.pk}:{days}" for days in (*WARN_DAYS, "opened")))
    notify(
        kind="campaign_closed", key=f"campaign:{held.pk}:closed", title=f"실태조사가 마감되었습니다. 결과를 확정해 주세요: {held.title}",
        url=campaign_url(held), organizations=[held.body], capability=Capability.RUN_FIELDWORK,
    )  # fmt: skip
    return held


@transaction.atomic
def cancel_campaign(*, campaign: Campaign, reason: str, seen: int, actor: User) -> Campaign:
    """Give a plan up before it opens."""
    held = locked(campaign)
    needs_runner(actor, held.sido_id)
    refuse_stale(held, seen)
    step(held, CampaignState.CANCELLED)
    held.cancel_reason = reason.strip()
    with recorded("cancel_campaign", held, actor=actor, reason=reason):
        keep(held)
    return held


def watch(*, today: date | None = None) -> tuple[int, int]:
    """Close what is past its day, remind of what ends soon: returns (closed, told). A second run does nothing."""
    today = today or timezone.localdate()
    closed = 0
    for campaign in Campaign.objects.running().filter(closes_due__lt=today).order_by("pk"):
        try:
            close_campaign(campaign=campaign, actor=None)
        except Refusal:  # somebody closed it meanwhile
            continue
        closed += 1
    return closed, sum(_remind(campaign, today) for campaign in Campaign.objects.running().select_related("body"))


@transaction.atomic
def _remind(campaign: Campaign, today: date) -> int:
    left = (campaign.closes_due - today).days
    days = next((days for days in sorted(WARN_DAYS) if left <= days), None)
    open_units = campaign.units.filter(replacement=None, state__in=UNFINISHED)
    count = open_units.count()
    if days is None or left < 0 or not count:
        return 0
    return notify(
        kind="campaign_due", key=f"campaign:{campaign.pk}:{days}",
        title=f"마감이 {left}일 남았습니다. 답하지 않은 사업장 {count:,}곳: {campaign.title}",
        url=campaign_url(campaign), due=campaign.closes_due,
        users=User.objects.filter(pk__in=open_units.exclude(interviewer=None).values("interviewer")),
        organizations=[campaign.body], capability=Capability.ENTER_SURVEYS,
    )  # fmt: skip
