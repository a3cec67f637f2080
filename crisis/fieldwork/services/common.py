"""What every deed needs: the lock, the permission, the version its writer saw."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.urls import reverse

from crisis.fieldwork.enums import NEXT_STATES, CampaignState
from crisis.fieldwork.models import Campaign
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import scope_of
from portal.kernel.errors import ChangedMeanwhile, Refusal


def locked(campaign: Campaign) -> Campaign:
    """The campaign with its row held: whoever changes its plan, its sample or its state queues here."""
    rows = Campaign.objects.select_for_update(no_key=True, of=("self",)).select_related("sido", "body", "form")
    return rows.get(pk=campaign.pk)


def shared(campaign: Campaign) -> Campaign:
    """The campaign held shared: writers of sheets do not wait for each other, but closing waits for them.

    Django knows no FOR KEY SHARE/FOR SHARE, so the lock is taken in SQL.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM fieldwork_campaign WHERE id = %s FOR SHARE", [campaign.pk])
    return Campaign.objects.select_related("sido", "body", "form").get(pk=campaign.pk)


def needs_runner(actor: User | None, sido_id: int) -> None:
    """Campaigns are run by the crisis centres and technoparks of the 시·도. The machine (None) may close what is due."""
    if actor is not None and not scope_of(actor).within(Capability.RUN_FIELDWORK).holds(sido_id):
        raise Refusal("out_of_scope", "관할 시·도의 조사가 아니거나 조사를 운영할 권한이 없습니다.")


def refuse_stale(campaign: Campaign, seen: int) -> None:
    if campaign.version != seen:
        raise ChangedMeanwhile(campaign)


def refuse_unless_draft(campaign: Campaign) -> None:
    if campaign.state != CampaignState.DRAFT:
        raise Refusal("campaign_opened", f"‘{campaign.get_state_display()}’인 조사의 계획과 표본은 바꿀 수 없습니다.")


def step(campaign: Campaign, state: str) -> None:
    """Move on as the table of states allows, or say why not."""
    if state not in NEXT_STATES[campaign.state]:
        raise Refusal(
            "campaign_state",
            f"‘{campaign.get_state_display()}’인 조사는 ‘{CampaignState(state).label}’(으)로 바꿀 수 없습니다.",
        )
    campaign.state = state


def keep(campaign: Campaign) -> None:
    """Save under the next version."""
    campaign.version += 1
    campaign.full_clean()
    campaign.save()


def campaign_url(campaign: Campaign) -> str:
    return reverse("fieldwork:campaign", args=[campaign.code])


@contextmanager
def recorded(verb: str, campaign: Campaign, *, actor: User | None, reason: str = "", **facts: Any) -> Iterator[None]:
    """Do a deed on a campaign under its name: history carries it, the record of deeds has it."""
    with deed(verb, actor=actor, reason=reason) as done:
        yield
        done.about(campaign, region=campaign.sido, **facts)
