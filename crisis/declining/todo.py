"""What waits for somebody in fund projects."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.declining.enums import ProjectState, ReportState
from crisis.declining.models import FundProject, ProjectReport
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.todo import Todo


def waiting(scope: Scope) -> Iterator[Todo]:
    """Drafts sent back and reports for the local government, drafts and reports to look at for the ministry."""
    if scope.can(Capability.WRITE_FUND_PROJECTS):
        mine = scope.within(Capability.WRITE_FUND_PROJECTS)
        back = FundProject.objects.filter(mine.regions("region"), state=ProjectState.RETURNED).count()
        yield Todo(_("보완할 기금 연계 사업"), f"{reverse('declining:projects')}?state=RETURNED", back)
        owed = ProjectReport.objects.within(mine).owed().filter(half__lte=timezone.localdate())
        late = owed.aggregate(count=Count("pk"), first=Min("due_on"))
        yield Todo(
            _("기금 연계 사업 반기 보고"),
            f"{reverse('declining:reports')}?state=OWED",
            late["count"],
            due=late["first"],
        )
    if scope.can(Capability.AGREE_FUND_PROJECTS):
        review = FundProject.objects.filter(state=ProjectState.REVIEW).count()
        yield Todo(_("함께 검토할 기금 연계 사업"), f"{reverse('declining:projects')}?state=REVIEW", review)
        handed = ProjectReport.objects.filter(state=ReportState.SUBMITTED).count()
        yield Todo(_("확인할 기금 연계 사업 보고"), f"{reverse('declining:reports')}?state=SUBMITTED", handed)
