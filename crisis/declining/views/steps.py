"""Steps of a fund project: who may take each, and when."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crisis.declining import services
from crisis.declining.enums import ProjectState
from crisis.declining.forms import CommentForm, ReasonForm, ResultForm, SureForm
from crisis.declining.models import FundProject
from crisis.declining.views.common import is_ministry, writes
from portal.kernel.deeds import Step


def _own(*states: str) -> Any:
    def may(scope: Any, project: FundProject) -> bool:
        return project.state in states and writes(scope, project)

    return may


def _ministry(*states: str) -> Any:
    def may(scope: Any, project: FundProject) -> bool:
        return project.state in states and is_ministry(scope)

    return may


STEPS = (
    Step(
        "submit", _("제출"), _("행정안전부와 중소벤처기업부의 공동 검토를 청합니다. 제출한 다음에는 돌려받아야 고칠 수 있습니다."),
        SureForm, services.submit_project, _own(ProjectState.DRAFT, ProjectState.RETURNED),
        _("제출했습니다. 두 부처의 검토를 기다립니다."),
    ),
    Step(
        "return", _("돌려보내기"), _("보완할 점을 알려 시·군·구에 돌려보냅니다."), CommentForm, services.return_project,
        _ministry(ProjectState.REVIEW), _("돌려보냈습니다."), "secondary",
    ),
    Step(
        "start", _("집행 시작"), _("합의한 사업을 집행하기 시작합니다."), SureForm, services.start_project,
        _own(ProjectState.AGREED), _("집행을 시작했습니다."),
    ),
    Step(
        "close", _("종료"), _("반기 보고를 모두 확인한 사업을 결과와 함께 종료합니다."), ResultForm, services.close_project,
        _ministry(ProjectState.RUNNING), _("종료했습니다."), "secondary",
    ),
    Step(
        "withdraw", _("철회"), _("합의하기 전에 사업을 거두어들입니다."), ReasonForm, services.withdraw_project,
        _own(ProjectState.DRAFT, ProjectState.RETURNED, ProjectState.REVIEW), _("철회했습니다."), "tertiary",
    ),
)  # fmt: skip
