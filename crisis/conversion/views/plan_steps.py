"""Steps of a plan: each is a page with what it asks, and a button."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crisis.conversion import services
from crisis.conversion.enums import IN_EXECUTION, PlanState
from crisis.conversion.models import ConversionPlan
from crisis.conversion.step_forms import (
    ApproveCompletionForm,
    ApproveForm,
    CancelForm,
    CommentForm,
    CompletionForm,
    ContactForm,
    FollowUpForm,
    LeaveForm,
    ManagerForm,
    ReasonForm,
    RefuseForm,
    SureForm,
)
from crisis.conversion.views.common import Sight, plan_of, sight, step_page
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.deeds import Step, take_step
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _when(test: Callable[[Sight], bool]) -> Callable[[Scope, ConversionPlan], bool]:
    """A condition on how the reader stands to the plan."""
    return lambda scope, plan: test(sight(scope, plan))


def _edition(stand: Sight) -> str:
    return stand.edition.state if stand.edition else ""


def _running(stand: Sight) -> bool:
    return stand.plan.state == PlanState.RUNNING


def _ends(stand: Sight) -> bool:
    return stand.decides and stand.plan.state == PlanState.COMPLETING


def _looks_back(stand: Sight) -> bool:
    follow_up = getattr(stand.plan, "follow_up", None)
    return stand.works and follow_up is not None and follow_up.reported_at is None


STEPS = (
    Step("submit", _("신청"), _("지방청에 신청합니다. 공동 계획은 참여기업 모두를 한꺼번에 심사합니다."), SureForm, services.submit_plan,
         _when(lambda s: s.writes), _("신청했습니다. 지방청의 심사를 기다립니다.")),
    Step("approve", _("승인"), _("승인 번호와 승인일을 적습니다. 변경이면 앞 차수를 대신합니다."), ApproveForm, services.approve_plan,
         _when(lambda s: s.decides and _edition(s) == "SUBMITTED"), _("승인했습니다. 전담매니저를 배정해 주세요.")),
    Step("return", _("보완 요청"), _("보완할 점을 알려 돌려보냅니다."), CommentForm, services.return_plan,
         _when(lambda s: s.checks and _edition(s) == "SUBMITTED"), _("돌려보냈습니다."), "secondary"),
    Step("refuse", _("승인하지 않음"), _("승인하지 않는 사유를 적습니다. 변경이면 승인된 차수가 그대로 적용됩니다."), RefuseForm,
         services.refuse_plan, _when(lambda s: s.decides and _edition(s) == "SUBMITTED"), _("승인하지 않기로 적었습니다."), "secondary"),
    Step("contact", _("접촉 기록"), _("기업과 나눈 이야기를 적습니다. 분기마다 한 번 넘게 남깁니다."), ContactForm, services.log_contact,
         _when(lambda s: s.works and s.plan.state in IN_EXECUTION), _("접촉을 적었습니다."), "secondary"),
    Step("manager", _("전담매니저 배정"), _("승인부터 완료까지 계획을 돌볼 사람을 정합니다. 바꿀 때는 인계 내용을 남깁니다."), ManagerForm,
         services.assign_manager, _when(lambda s: s.checks and s.plan.state in IN_EXECUTION), _("전담매니저를 배정했습니다."), "secondary"),
    Step("complete", _("완료 보고"), _("추진 단계를 모두 확인받은 다음 목표의 실적과 결과를 적습니다."), CompletionForm,
         services.report_completion, _when(lambda s: s.works and _running(s) and s.edition is None), _("완료를 보고했습니다. 심사를 기다립니다.")),
    Step("approve-completion", _("완료 승인"), _("목표 달성 여부는 적은 실적으로 정해지고, 사후 점검 기한이 생깁니다."),
         ApproveCompletionForm, services.approve_completion, _when(_ends), _("완료를 승인했습니다.")),
    Step("return-completion", _("완료 보고 보완"), _("보완할 점을 알려 이행으로 돌려보냅니다."), CommentForm,
         services.return_completion, _when(_ends), _("돌려보냈습니다."), "secondary"),
    Step("follow-up", _("사후 점검"), _("완료한 뒤 새 사업이 이어지는지 적습니다."), FollowUpForm, services.record_follow_up,
         _when(_looks_back), _("사후 점검을 적었습니다.")),
    Step("change", _("계획 변경 시작"), _("승인된 내용을 옮긴 새 차수를 엽니다. 다시 승인받아야 적용됩니다."), ReasonForm, services.begin_change,
         _when(lambda s: s.works and _running(s) and s.edition is None), _("변경을 시작했습니다. 고친 다음 신청해 주세요."), "tertiary"),
    Step("leave", _("참여 중단"), _("공동 계획에서 한 기업이 빠집니다."), LeaveForm, services.leave_plan,
         _when(lambda s: s.works and s.plan.joint and s.plan.state in IN_EXECUTION), _("참여 중단을 적었습니다."), "tertiary"),
    Step("withdraw", _("철회"), _("작성하던 것을 거둡니다. 변경이면 승인된 차수가 그대로 적용됩니다."), ReasonForm, services.withdraw_plan,
         _when(lambda s: s.writes), _("철회했습니다."), "tertiary"),
    Step("cancel", _("승인 취소"), _("승인을 취소하고 사유를 적습니다."), CancelForm, services.cancel_plan,
         _when(lambda s: s.decides and s.plan.state in IN_EXECUTION), _("승인을 취소했습니다."), "tertiary"),
)  # fmt: skip


@needs(Capability.VIEW)
@methods(writes=("POST",))
def plan_step(request: PortalRequest, code: str, key: str) -> HttpResponse:
    """Take a step of a plan."""
    found = plan_of(request, code)
    back = reverse("conversion:plan", args=[code])
    page = step_page(back, found.title, request)
    return take_step(request, STEPS, key, called="plan", row=found, back=back, page=page, initial={"row": found})
