"""Each morning: plans whose day has come begin, and what is late is told, once."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.plans.enums import PlanState
from crisis.plans.models import Obligation, Plan, QuarterlyReport
from crisis.plans.services.common import keep, locked, plan_url, step
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.services import notify

SOON = timedelta(days=7)
LEVELS = (Capability.WRITE_PLANS, Capability.REVIEW_PLANS)


def start_due_plans() -> int:
    """Begin approved plans whose first day has come. Returns how many; a second run finds none."""
    count = 0
    today = timezone.localdate()
    for plan in Plan.objects.filter(state=PlanState.APPROVED, starts_on__lte=today).order_by("pk"):
        with transaction.atomic(), deed("start_plan", actor=None) as done:
            held = locked(plan)
            if held.state != PlanState.APPROVED:
                continue
            step(held, PlanState.RUNNING)
            keep(held)
            done.about(held, region=held.sido)
            count += 1
    return count


@transaction.atomic
def tell_late() -> int:
    """Tell writers and offices of obligations, reports and evaluations that are late. Returns how many were new."""
    today = timezone.localdate()
    new = 0
    for owed in Obligation.objects.unanswered().filter(due_on__lte=today + SOON).select_related("area"):
        late = owed.due_on < today
        text = (
            _("%(area)s 예방계획의 제출 기한이 지났습니다") if late else _("%(area)s 예방계획의 제출 기한이 다가옵니다")
        )
        for capability in LEVELS if late else LEVELS[:1]:
            new += notify(
                kind="plan_obligation_late" if late else "plan_obligation_soon",
                key=f"plan-obligation-{'late' if late else 'soon'}:{owed.pk}", title=text % {"area": owed.area.name_ko},
                url=reverse("plans:obligations"), regions=[owed.sido_id], capability=capability, due=owed.due_on,
            )  # fmt: skip
    for report in QuarterlyReport.objects.overdue_on(today).select_related("measure__plan"):
        plan = report.measure.plan
        for capability in LEVELS:
            new += notify(
                kind="plan_report_late", key=f"plan-report-late:{report.pk}",
                title=_("‘%(report)s’ 이행 보고의 기한이 지났습니다") % {"report": report}, url=plan_url(plan),
                regions=[plan.sido_id], capability=capability, due=report.due_on,
            )  # fmt: skip
    for plan in Plan.objects.in_effect().filter(evaluation_due__lt=today, evaluation=None):
        for capability in LEVELS:
            new += notify(
                kind="plan_evaluation_late", key=f"plan-evaluation-late:{plan.pk}",
                title=_("‘%(plan)s’ 종료 평가의 기한이 지났습니다") % {"plan": plan.title}, url=plan_url(plan),
                regions=[plan.sido_id], capability=capability, due=plan.evaluation_due,
            )  # fmt: skip
    return new
