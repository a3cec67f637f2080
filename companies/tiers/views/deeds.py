"""What can be done to a case from its page: one table for the buttons, the doors and the tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.tiers import services
from companies.tiers.enums import ADVERSE_KINDS, CaseKind, CaseState
from companies.tiers.forms import (
    AppealForm,
    ApproveForm,
    BareForm,
    HearingForm,
    ReasonForm,
    RecordForm,
    RejectForm,
    ReviewForm,
)
from companies.tiers.models import TierCase
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.kernel.forms import BaseForm


@dataclass(frozen=True, slots=True)
class CaseDeed:
    """`capability` in the case's region, a form, when it is open and what it does. `words` are for the button."""

    key: str
    words: str | Promise
    capability: str
    form: type[BaseForm]
    is_open: Callable[[TierCase], bool]
    act: Callable[[TierCase, Any, User], TierCase]
    said: str | Promise
    kind: str = "secondary"
    confirm: str | Promise = ""


def _may(state: str) -> Callable[[TierCase], bool]:
    return lambda case: state in case.steps


def _contestable(case: TierCase) -> bool:
    return case.kind != CaseKind.APPEAL and (
        case.state == CaseState.REJECTED or (case.state == CaseState.APPROVED and case.kind in ADVERSE_KINDS)
    )


def _approve(case: TierCase, form: Any, actor: User) -> TierCase:
    data = form.cleaned_data
    return services.approve_case(
        case=case, start=data["start"], end=data["end"], text=data["text"], resolution=form.resolution, actor=actor
    )


DEEDS: tuple[CaseDeed, ...] = (
    CaseDeed(
        "begin", _("검토 시작"), Capability.REVIEW_TIERS, BareForm, lambda case: case.state == CaseState.CANDIDATE,
        lambda case, form, actor: services.begin_review(case=case, actor=actor),
        _("검토를 시작했습니다. 증거표를 오늘 자료로 다시 만들었습니다."), "primary",
    ),
    CaseDeed(
        "renew", _("증거표 다시 만들기"), Capability.REVIEW_TIERS, BareForm,
        lambda case: case.state == CaseState.IN_REVIEW and case.criteria_id is not None,
        lambda case, form, actor: services.renew_evidence(case=case, actor=actor), _("증거표를 다시 만들었습니다."),
    ),
    CaseDeed(
        "review", _("검토 의견 내기"), Capability.REVIEW_TIERS, ReviewForm, _may(CaseState.REVIEWED),
        lambda case, form, actor: services.submit_review(case=case, actor=actor, **form.cleaned_data),
        _("검토 의견을 냈습니다. 지방청이 결정합니다."), "primary",
    ),
    CaseDeed(
        "approve", _("결정하기"), Capability.DECIDE_TIERS, ApproveForm, _may(CaseState.APPROVED), _approve,
        _("결정했습니다."), "primary", _("결정하면 바꿀 수 없습니다. 결정할까요?"),
    ),
    CaseDeed(
        "notify", _("의견청취 통지 기록"), Capability.DECIDE_TIERS, HearingForm, _may(CaseState.HEARING),
        lambda case, form, actor: services.notify_hearing(case=case, actor=actor, **form.cleaned_data),
        _("의견청취 통지를 기록했습니다."), "primary",
    ),
    CaseDeed(
        "hearing", _("의견청취 결과 기록"), Capability.DECIDE_TIERS, RecordForm, _may(CaseState.HEARD),
        lambda case, form, actor: services.record_hearing(case=case, actor=actor, **form.cleaned_data),
        _("의견청취 결과를 기록했습니다."), "primary",
    ),
    CaseDeed(
        "reject", _("불승인하기"), Capability.DECIDE_TIERS, RejectForm, _may(CaseState.REJECTED),
        lambda case, form, actor: services.reject_case(case=case, actor=actor, **form.cleaned_data),
        _("불승인으로 결정했습니다."), "tertiary", _("결정하면 바꿀 수 없습니다. 불승인할까요?"),
    ),
    CaseDeed(
        "return", _("검토로 되돌리기"), Capability.DECIDE_TIERS, ReasonForm,
        lambda case: case.state == CaseState.REVIEWED,
        lambda case, form, actor: services.return_to_review(case=case, actor=actor, **form.cleaned_data),
        _("검토로 되돌렸습니다."), "tertiary",
    ),
    CaseDeed(
        "withdraw", _("심사 철회"), Capability.REVIEW_TIERS, ReasonForm, _may(CaseState.WITHDRAWN),
        lambda case, form, actor: services.withdraw_case(case=case, actor=actor, **form.cleaned_data),
        _("심사를 철회했습니다."), "tertiary", _("심사를 철회할까요?"),
    ),
    CaseDeed(
        "appeal", _("이의신청 접수"), Capability.MANAGE_COMPANIES, AppealForm, _contestable,
        lambda case, form, actor: services.open_appeal(decision=case, actor=actor, **form.cleaned_data),
        _("이의신청을 접수했습니다."),
    ),
)  # fmt: skip
BY_KEY = {deed.key: deed for deed in DEEDS}
