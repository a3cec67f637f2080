"""Finding a case or a report; whose it is; the colours of the states."""

from django.shortcuts import get_object_or_404

from crisis.support_areas.enums import CaseState, ReportState
from crisis.support_areas.models import SupportCase, YearlyReport
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.http import PortalRequest

STATE_KINDS = {
    CaseState.DRAFT: "", CaseState.SUBMITTED: "info", CaseState.RETURNED: "warn", CaseState.UNDER_REVIEW: "info",
    CaseState.DESIGNATED: "ok", CaseState.REJECTED: "mark", CaseState.WITHDRAWN: "mark", CaseState.RELEASED: "mark",
    CaseState.EXPIRED: "mark",
}  # fmt: skip
REPORT_KINDS = {
    ReportState.OWED: "", ReportState.SUBMITTED: "info", ReportState.RETURNED: "warn", ReportState.ACCEPTED: "ok",
}  # fmt: skip


def case_of(request: PortalRequest, code: str) -> SupportCase:
    rows = SupportCase.objects.visible_to(request.scope).select_related("sido", "submitted_by", "decided_by")
    return get_object_or_404(rows, code=code)


def report_of(request: PortalRequest, code: str, year: int) -> YearlyReport:
    rows = YearlyReport.objects.visible_to(request.scope).select_related("case__sido", "submitted_by", "accepted_by")
    return get_object_or_404(rows, case__code=code, year=year)


def is_ministry(scope: Scope) -> bool:
    return scope.can(Capability.DECIDE_SUPPORT_AREAS)


def is_sido(scope: Scope, case: SupportCase) -> bool:
    return scope.within(Capability.APPLY_SUPPORT_AREAS).holds(case.sido_id)
