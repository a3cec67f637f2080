"""Finding a plan, a measure, a report; the colours of their states."""

from django.shortcuts import get_object_or_404

from crisis.plans.enums import PlanState, ReportState, Standing
from crisis.plans.models import Plan, PlanMeasure, QuarterlyReport
from crisis.plans.rules import parse_quarter
from portal.kernel.http import PortalRequest

STATE_KINDS = {
    PlanState.DRAFT: "", PlanState.SUBMITTED: "info", PlanState.RETURNED: "warn", PlanState.APPROVED: "ok",
    PlanState.RUNNING: "ok", PlanState.AMENDING: "warn", PlanState.CLOSED: "mark",
}  # fmt: skip
REPORT_KINDS = {
    ReportState.OWED: "", ReportState.SUBMITTED: "info", ReportState.CHECKED: "info", ReportState.RETURNED: "warn",
    ReportState.RATED: "ok",
}  # fmt: skip
STANDING_KINDS = {
    Standing.ON_TRACK: "ok", Standing.LATE: "danger", Standing.FAILING: "danger", Standing.UNDERSPENT: "warn",
    Standing.DROPPED: "mark", Standing.NOT_YET: "",
}  # fmt: skip


def plan_of(request: PortalRequest, code: str) -> Plan:
    rows = Plan.objects.visible_to(request.scope).select_related(
        "sido", "submitted_by", "reviewed_by", "approved_by", "evaluation__submitted_by", "evaluation__closed_by"
    )
    return get_object_or_404(rows, code=code)


def measure_of(plan: Plan, number: int) -> PlanMeasure:
    measure = get_object_or_404(PlanMeasure.objects.prefetch_related("targets"), plan=plan, number=number)
    measure.plan = plan
    return measure


def report_of(plan: Plan, number: int, quarter: str) -> QuarterlyReport:
    rows = QuarterlyReport.objects.select_related("measure", "submitted_by", "checked_by", "rated_by")
    report = get_object_or_404(rows, measure__plan=plan, measure__number=number, quarter=parse_quarter(quarter))
    report.measure.plan = plan
    return report
