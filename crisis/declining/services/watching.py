"""Each morning: reports that are due soon or late are told, once."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.declining.models import ProjectReport
from crisis.declining.services.projects import project_url
from portal.directory.enums import Capability
from portal.directory.services import notify

SOON = timedelta(days=14)


@transaction.atomic
def remind() -> int:
    """Tell the local governments of reports due within two weeks or late. Returns how many people learned of it now."""
    today = timezone.localdate()
    told = 0
    for report in ProjectReport.objects.owed().filter(due_on__lte=today + SOON).select_related("project"):
        late = report.due_on < today
        title = _("%(report)s 보고의 기한이 지났습니다") if late else _("%(report)s 보고의 기한이 다가옵니다")
        told += notify(
            kind="fund_report_late" if late else "fund_report_soon",
            key=f"fund-report:{report.pk}:{'late' if late else 'soon'}", title=title % {"report": report},
            url=project_url(report.project), regions=[report.project.region_id],
            capability=Capability.WRITE_FUND_PROJECTS, due=report.due_on,
        )  # fmt: skip
    return told
