"""Steps of a case: each is a page with what it asks, and a button."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crisis.support_areas import services
from crisis.support_areas.enums import CaseState, Initiative, TermKind
from crisis.support_areas.forms import (
    AnswerForm,
    DesignateForm,
    ExtendForm,
    FindingsForm,
    InquiryForm,
    NoticeForm,
    OpinionForm,
    ReasonForm,
    RejectForm,
    ReleaseForm,
    ReturnForm,
    SureForm,
)
from crisis.support_areas.models import Inquiry, Opinion, SupportCase, Term
from crisis.support_areas.views.common import case_of, is_ministry, is_sido
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.deeds import Step, take_step
from portal.kernel.forms import done
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _owner(scope: Scope, case: SupportCase) -> bool:
    return is_ministry(scope) if case.initiative == Initiative.OWN_MOTION else is_sido(scope, case)


def _takes_up(scope: Scope, case: SupportCase) -> bool:
    own = case.initiative == Initiative.OWN_MOTION and case.state == CaseState.DRAFT
    return is_ministry(scope) and (own or case.state == CaseState.SUBMITTED)


def _extends(scope: Scope, case: SupportCase) -> bool:
    return (
        is_ministry(scope)
        and case.state == CaseState.DESIGNATED
        and not case.terms.filter(kind=TermKind.EXTENSION).exists()
    )


DEEDS: tuple[Step, ...] = (
    Step(
        "submit", _("신청"), _("본부에 신청합니다. 신청한 다음에는 돌려받아야 고칠 수 있습니다."), SureForm, services.submit_case,
        lambda s, c: is_sido(s, c) and c.initiative == Initiative.APPLICATION
        and c.state in {CaseState.DRAFT, CaseState.RETURNED},
        _("신청했습니다. 본부의 검토를 기다립니다."),
    ),
    Step(
        "take-up", _("검토 시작"), _("의견을 묻고 조사단을 꾸릴 수 있게 됩니다."), SureForm, services.take_up_case, _takes_up,
        _("검토를 시작했습니다."),
    ),
    Step(
        "return", _("보완 요청"), _("보완할 점을 알려 시·도에 돌려보냅니다."), ReturnForm, services.return_case,
        lambda s, c: is_ministry(s) and c.state == CaseState.SUBMITTED, _("돌려보냈습니다."), "secondary",
    ),
    Step(
        "designate", _("지정"), _("전문연구기관의 의견과 관계 부처 협의를 거쳐 기간과 지원 내용을 정합니다."), DesignateForm,
        services.designate, lambda s, c: is_ministry(s) and c.state == CaseState.UNDER_REVIEW,
        _("지정했습니다. 관보에 공고한 다음 공고 번호를 적어 주세요."),
    ),
    Step(
        "reject", _("지정하지 않음"), _("지정하지 않기로 하고 사유를 알립니다."), RejectForm, services.reject,
        lambda s, c: is_ministry(s) and c.state == CaseState.UNDER_REVIEW, _("지정하지 않기로 기록했습니다."), "secondary",
    ),
    Step(
        "extend", _("연장"), _("조사단의 결과에 따라 한 번, 2년 이내로 늘립니다."), ExtendForm, services.extend, _extends,
        _("연장했습니다."), "secondary",
    ),
    Step(
        "release", _("해제"), _("경제가 회복되어 기간이 끝나기 전에 지정을 풉니다."), ReleaseForm, services.release,
        lambda s, c: is_ministry(s) and c.state == CaseState.DESIGNATED, _("해제했습니다."), "secondary",
    ),
    Step(
        "withdraw", _("철회"), _("결정하기 전에 거두어들입니다."), ReasonForm, services.withdraw_case,
        lambda s, c: _owner(s, c)
        and c.state in {CaseState.DRAFT, CaseState.SUBMITTED, CaseState.RETURNED, CaseState.UNDER_REVIEW},
        _("철회했습니다."), "tertiary",
    ),
)  # fmt: skip


def _page(request: PortalRequest, found: SupportCase, form: Any, label: Any, text: Any = "") -> HttpResponse:
    context = {"case": found, "form": form, "title": label, "lead": text, "button": label}
    return render(request, "support_areas/case_form.html", context, status=422 if form.is_bound else 200)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def case_deed(request: PortalRequest, code: str, key: str) -> HttpResponse:
    """Take a step of a case."""
    found = case_of(request, code)

    def page(step: Step, form: Any) -> HttpResponse:
        return _page(request, found, form, step.label, step.text)

    here = reverse("support_areas:case", args=[code])
    return take_step(request, DEEDS, key, called="case", row=found, back=here, page=page)


def _small(
    request: PortalRequest, found: SupportCase, form: Any, *, label: Any, act: Callable[[], Any], told: Any
) -> HttpResponse:
    """A ministry's small deed on a case: one form, then back."""
    if request.method == "POST" and form.is_valid() and done(form, act, passing=()):
        messages.success(request, told)
        return redirect("support_areas:case", code=found.code)
    return _page(request, found, form, label)


def _posted(request: PortalRequest) -> Any:
    return request.POST if request.method == "POST" else None


@needs(Capability.DECIDE_SUPPORT_AREAS)
@methods(writes=("POST",))
def opinion_new(request: PortalRequest, code: str) -> HttpResponse:
    """Ask a body for its opinion."""
    found = case_of(request, code)
    form = OpinionForm(_posted(request))
    act = lambda: services.ask_opinion(case=found, **form.cleaned_data, actor=request.user)  # noqa: E731
    return _small(request, found, form, label=_now("의견 요청"), act=act, told=_now("의견 요청을 적었습니다."))


@needs(Capability.DECIDE_SUPPORT_AREAS)
@methods(writes=("POST",))
def opinion_answer(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """Record what the body answered."""
    found = case_of(request, code)
    opinion = get_object_or_404(Opinion.objects.waiting(), case=found, pk=pk)
    form = AnswerForm(_posted(request), case=found)
    act = lambda: services.record_opinion(opinion=opinion, **form.cleaned_data, actor=request.user)  # noqa: E731
    label = _now("%(body)s 회신 적기") % {"body": opinion.body_name}
    return _small(request, found, form, label=label, act=act, told=_now("회신을 적었습니다."))


@needs(Capability.DECIDE_SUPPORT_AREAS)
@methods(writes=("POST",))
def inquiry_new(request: PortalRequest, code: str) -> HttpResponse:
    """Form the inquiry."""
    found = case_of(request, code)
    form = InquiryForm(_posted(request))
    act = lambda: services.form_inquiry(case=found, **form.cleaned_data, actor=request.user)  # noqa: E731
    return _small(request, found, form, label=_now("조사단 구성"), act=act, told=_now("조사단을 꾸렸습니다."))


@needs(Capability.DECIDE_SUPPORT_AREAS)
@methods(writes=("POST",))
def inquiry_findings(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """Record what the inquiry found."""
    found = case_of(request, code)
    inquiry = get_object_or_404(Inquiry, case=found, pk=pk, reported_on=None)
    form = FindingsForm(_posted(request))
    act = lambda: services.record_findings(inquiry=inquiry, **form.cleaned_data, actor=request.user)  # noqa: E731
    return _small(request, found, form, label=_now("조사 결과 적기"), act=act, told=_now("조사 결과를 적었습니다."))


@needs(Capability.DECIDE_SUPPORT_AREAS)
@methods(writes=("POST",))
def term_notice(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """Record the notice in the gazette."""
    found = case_of(request, code)
    term = get_object_or_404(Term, case=found, pk=pk)
    form = NoticeForm(_posted(request), initial={"number": term.notice_number, "on": term.notice_on})
    act = lambda: services.publish_notice(term=term, **form.cleaned_data, actor=request.user)  # noqa: E731
    return _small(request, found, form, label=_now("관보 공고 적기"), act=act, told=_now("관보 공고를 적었습니다."))
