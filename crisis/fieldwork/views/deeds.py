"""Steps of a campaign: each is a page with what it asks, and a button."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crisis.fieldwork import services
from crisis.fieldwork.enums import CampaignState
from crisis.fieldwork.forms import MaybeReasonForm, ReasonForm, SureForm
from crisis.fieldwork.models import Campaign
from crisis.fieldwork.views.common import campaign_of, runs
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.errors import ChangedMeanwhile
from portal.kernel.forms import SeenForm, tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@dataclass(frozen=True, slots=True)
class Deed:
    """A step: its button, what it does, when, what it asks and how it is told. `seen`: it asks for the version."""

    key: str
    label: str | Promise
    text: str | Promise
    form: type[SeenForm]
    act: Callable[..., Any]
    when: Callable[[Campaign], bool]
    done: str | Promise
    kind: str = "primary"
    seen: bool = True


DEEDS = (
    Deed(
        "open", _("조사 시작"), _("시작하면 계획, 밀집지역, 표본과 양식을 더 바꿀 수 없습니다."), SureForm, services.open_campaign,
        lambda one: one.state == CampaignState.DRAFT, _("조사를 시작했습니다."),
    ),
    Deed(
        "cancel", _("조사 취소"), _("시작하기 전의 조사를 그만둡니다."), ReasonForm, services.cancel_campaign,
        lambda one: one.state == CampaignState.DRAFT, _("취소했습니다."), "tertiary",
    ),
    Deed(
        "close", _("조사 마감"), _("더 답을 받지 않고 결과를 냅니다. 마감일이 지나면 저절로 마감됩니다."), MaybeReasonForm,
        services.close_campaign, lambda one: one.state == CampaignState.OPEN, _("마감했습니다. 결과를 확인해 주세요."),
        "secondary", seen=False,
    ),
    Deed(
        "confirm", _("결과 확정"), _("결과를 확정하고, 공개할 수 있는 밀집지역의 지수를 지표 자료로 냅니다."), MaybeReasonForm,
        services.confirm_results,
        lambda one: one.state == CampaignState.CLOSED
        or (one.state == CampaignState.CONFIRMED and one.corrected_at is not None),
        _("결과를 확정했습니다."), seen=False,
    ),
)  # fmt: skip


def offered(scope: Scope, campaign: Campaign) -> list[Deed]:
    """The steps this reader may take now."""
    return [deed for deed in DEEDS if runs(scope, campaign) and deed.when(campaign)]


@needs(Capability.RUN_FIELDWORK)
@methods(writes=("POST",))
def campaign_deed(request: PortalRequest, code: str, key: str) -> HttpResponse:
    """Take a step of a campaign."""
    found = campaign_of(request, code)
    deed = next((one for one in DEEDS if one.key == key), None)
    if deed is None:
        raise Http404
    if deed not in offered(request.scope, found):
        if request.method == "POST":
            raise PermissionDenied
        return redirect("fieldwork:campaign", code=code)
    form = deed.form(request.POST if request.method == "POST" else None, initial={"seen": found.version})
    if request.method == "POST" and form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if deed.seen or name != "seen"}
        try:
            if tried(form, lambda: deed.act(campaign=found, actor=request.user, **facts)) is not None:
                messages.success(request, str(deed.done))
                return redirect("fieldwork:campaign", code=code)
        except ChangedMeanwhile as refusal:
            messages.error(request, refusal.message)
            return redirect("fieldwork:campaign", code=code)
    context = {"campaign": found, "form": form, "title": deed.label, "lead": deed.text, "button": deed.label}
    return render(request, "fieldwork/campaign_form.html", context, status=422 if form.is_bound else 200)
