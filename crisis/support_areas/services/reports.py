"""Yearly reports of the 시·도, and reminders before days that matter."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from crisis.support_areas.enums import REPORT_NEXT_STATES, REPORT_WORDS, CaseState, ReportState
from crisis.support_areas.models import SupportCase, Term, YearlyReport
from crisis.support_areas.services.common import case_url, locked, needs_ministry, needs_sido, recorded
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.services import notify, settle_notices
from portal.kernel.errors import Refusal

WARN_DAYS = (90, 30)
REPORT_WARN_DAYS = 30


def _held(report: YearlyReport, state: str) -> YearlyReport:
    locked(report.case)
    held = (
        YearlyReport.objects.select_for_update(no_key=True, of=("self",)).select_related("case__sido").get(pk=report.pk)
    )
    if state not in REPORT_NEXT_STATES[held.state]:
        raise Refusal(
            "report_state",
            f"‘{held.get_state_display()}’인 보고는 ‘{ReportState(state).label}’(으)로 바꿀 수 없습니다.",
        )
    held.state = state
    return held


@transaction.atomic
def submit_report(*, report: YearlyReport, facts: Mapping[str, Any], actor: User) -> YearlyReport:
    """Hand the report in; late when the due day has passed. `facts`: the words of `REPORT_WORDS`."""
    held = _held(report, ReportState.SUBMITTED)
    needs_sido(actor, held.case.sido)
    for name in REPORT_WORDS:
        setattr(held, name, facts[name])
    held.late = held.late or (held.submitted_at is None and timezone.localdate() > held.due_on)
    held.submitted_at, held.submitted_by, held.return_comment = timezone.now(), actor, ""
    held.full_clean()
    with recorded("submit_support_report", held.case, actor=actor, year=held.year):
        held.save()
    settle_notices(*(f"support-report:{held.pk}:{what}" for what in ("soon", "late")))
    notify(
        kind="support_report_submitted",
        key=f"support-report:{held.pk}:{held.submitted_at:%Y%m%d%H%M%S}",
        title=f"특별지원지역 연차 보고가 들어왔습니다: {held}",
        url=reverse("support_areas:report", args=[held.case.code, held.year]),
        capability=Capability.DECIDE_SUPPORT_AREAS,
    )
    return held


@transaction.atomic
def return_report(*, report: YearlyReport, comment: str, actor: User) -> YearlyReport:
    held = _held(report, ReportState.RETURNED)
    needs_ministry(actor)
    held.return_comment = comment
    with recorded("return_support_report", held.case, actor=actor, reason=comment):
        held.save()
    notify(
        kind="support_report_returned",
        key=f"support-report:{held.pk}:returned:{timezone.now():%Y%m%d%H%M%S}",
        title=f"연차 보고를 보완해 주세요: {held}",
        url=reverse("support_areas:report", args=[held.case.code, held.year]),
        regions=[held.case.sido_id],
        capability=Capability.APPLY_SUPPORT_AREAS,
    )
    return held


@transaction.atomic
def accept_report(*, report: YearlyReport, actor: User) -> YearlyReport:
    held = _held(report, ReportState.ACCEPTED)
    needs_ministry(actor)
    held.accepted_at, held.accepted_by = timezone.now(), actor
    held.full_clean()
    with recorded("accept_support_report", held.case, actor=actor, year=held.year):
        held.save()
    return held


def remind(*, today: date | None = None) -> int:
    """Tell the 시·도 of terms that end in 90 and 30 days and of reports that are due soon or late. Once each."""
    today = today or timezone.localdate()
    told = 0
    terms = Term.objects.filter(case__state=CaseState.DESIGNATED).select_related("case__sido")
    for days in WARN_DAYS:
        for term in terms.filter(planned_until__gte=today, planned_until__lte=today + timedelta(days=days)):
            if term.case.terms.filter(planned_until__gt=term.planned_until).exists():
                continue
            told += _to_sido(
                term.case, f"support-term:{term.pk}:{days}", term.planned_until, case_url(term.case),
                f"{term.case.name}의 지정 기간이 {days}일 안에 끝납니다. 연장은 그 전에 신청해야 합니다.",
            )  # fmt: skip
    owed = YearlyReport.objects.owed().select_related("case__sido")
    for report in owed.filter(due_on__lte=today + timedelta(days=REPORT_WARN_DAYS)):
        late = report.due_on < today
        title = f"{report}의 기한이 지났습니다." if late else f"{report}의 기한이 다가옵니다."
        url = reverse("support_areas:report", args=[report.case.code, report.year])
        told += _to_sido(
            report.case, f"support-report:{report.pk}:{'late' if late else 'soon'}", report.due_on, url, title
        )
    return told


def _to_sido(case: SupportCase, key: str, due: date, url: str, title: str) -> int:
    return notify(
        kind="support_area_due", key=key, title=title, url=url, due=due, regions=[case.sido_id],
        capability=Capability.APPLY_SUPPORT_AREAS,
    )  # fmt: skip
