"""Each morning: steps, contacts and looks back that are due soon or late are told, once."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from crisis.conversion.models import ConversionPlan, FollowUp, Milestone
from crisis.conversion.rules import last_quarter
from crisis.conversion.services.common import tell
from portal.directory.enums import Capability

SOON = timedelta(days=14)
FOLLOW_UP_SOON = timedelta(days=30)


@transaction.atomic
def remind(*, today: date | None = None) -> int:
    """Tell the workers what is due soon, and the offices too what is late. Returns how many notices were new."""
    today = today or timezone.localdate()
    new = 0
    for one in Milestone.objects.owed().filter(due_on__lte=today + SOON).select_related("edition__plan"):
        plan, late = one.edition.plan, one.due_on < today
        words = "기한이 지났습니다" if late else "기한이 다가옵니다"
        new += _tell(plan, f"milestone:{one.pk}", late, f"추진 단계의 {words}: {plan.title} – {one.title}", one.due_on)
    first, last = last_quarter(today)
    for plan in ConversionPlan.objects.without_contact_in(first, last):
        new += tell(
            plan, f"contact:{first:%Y-%m}", f"지난 분기에 기업과 접촉한 기록이 없습니다: {plan.title}",
            capability=Capability.WORK_CONVERSION,
        )  # fmt: skip
    for row in FollowUp.objects.owed().filter(due_on__lte=today + FOLLOW_UP_SOON).select_related("plan"):
        late = row.due_on < today
        words = "기한이 지났습니다" if late else "기한이 다가옵니다"
        new += _tell(row.plan, "follow-up", late, f"사업전환 사후 점검의 {words}: {row.plan.title}", row.due_on)
    return new


def _tell(plan: ConversionPlan, what: str, late: bool, title: str, due: date) -> int:
    told = tell(plan, f"{what}:{'late' if late else 'soon'}", title, capability=Capability.WORK_CONVERSION, due=due)
    if late:
        told += tell(plan, f"{what}:late", title, capability=Capability.CHECK_CONVERSION, due=due)
    return told
