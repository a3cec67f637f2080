"""Finding a campaign or a sheet, and what a reader may do with it."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from crisis.fieldwork.enums import CampaignState, UnitState
from crisis.fieldwork.models import Campaign, FieldForm, Unit
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.http import PortalRequest

STATE_KINDS = {
    CampaignState.DRAFT: "", CampaignState.OPEN: "info", CampaignState.CLOSED: "warn", CampaignState.CONFIRMED: "ok",
    CampaignState.CANCELLED: "mark",
}  # fmt: skip
UNIT_KINDS = {
    UnitState.PENDING: "", UnitState.DRAFT: "info", UnitState.SUBMITTED: "ok", UnitState.REFUSED: "warn",
    UnitState.NO_CONTACT: "warn", UnitState.SHUT: "mark",
}  # fmt: skip


def campaign_of(request: PortalRequest, code: str) -> Campaign:
    rows = Campaign.objects.visible_to(request.scope).select_related("sido", "body", "form", "opened_by", "drawn_by")
    return get_object_or_404(rows, code=code)


def unit_of(request: PortalRequest, code: str, number: str) -> Unit:
    """A sheet, for those who may read the firm's answers; for everybody else it does not exist."""
    rows = Unit.objects.visible_to(request.scope).select_related(
        "campaign__form", "campaign__sido", "campaign__body", "place__cluster__region", "workplace__company",
        "interviewer", "submitted_by", "replaces", "replacement",
    )  # fmt: skip
    return get_object_or_404(rows, campaign__code=code, number=number)


def runs(scope: Scope, campaign: Campaign) -> bool:
    """Whether the reader runs this campaign."""
    return scope.within(Capability.RUN_FIELDWORK).holds(campaign.sido_id)


def sees_firms(scope: Scope, campaign: Campaign) -> bool:
    """Whether the reader may read the firms' own answers there."""
    return any(
        scope.within(capability).holds(campaign.sido_id)
        for capability in (Capability.ENTER_SURVEYS, Capability.VIEW_PERSONAL)
    )


def forms_for(campaign_sido: int, kept: int | None = None) -> QuerySet[FieldForm]:
    """The newest version of each form the 시·도 may use, and the one that stands."""
    newest = FieldForm.objects.filter(region=None) | FieldForm.objects.filter(region=campaign_sido)
    keys = list(newest.newest().values_list("pk", flat=True))
    return FieldForm.objects.filter(pk__in=[*keys, *([kept] if kept else [])]).order_by("code", "-version")
