"""What waits for somebody in fund projects."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.declining.enums import ProjectState, ReportState
from crisis.declining.models import FundProject, ProjectReport
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.todo import Waiting


def waiting(scope: Scope) -> Iterator[Waiting]:
    """Drafts sent back and reports for the local government, drafts and reports to look at for the ministry."""
    if scope.can(Capability.WRITE_FUND_PROJECTS):
        mine = scope.within(Capability.WRITE_FUND_PROJECTS)
        back = FundProject.objects.filter(mine.regions("region"), state=ProjectState.RETURNED)
        yield Waiting(_("보완할 기금 연계 사업"), f"{reverse('declining:projects')}?state=RETURNED", back)
        owed = ProjectReport.objects.within(mine).owed().filter(half__lte=timezone.localdate())
        yield Waiting(_("기금 연계 사업 반기 보고"), f"{reverse('declining:reports')}?state=OWED", owed, "due_on")
    if scope.can(Capability.AGREE_FUND_PROJECTS):
        review = FundProject.objects.filter(state=ProjectState.REVIEW)
        yield Waiting(_("함께 검토할 기금 연계 사업"), f"{reverse('declining:projects')}?state=REVIEW", review)
        handed = ProjectReport.objects.filter(state=ReportState.SUBMITTED)
        yield Waiting(_("확인할 기금 연계 사업 보고"), f"{reverse('declining:reports')}?state=SUBMITTED", handed)
