"""Quarterly reports: owed from the approval on, written with evidence, checked on the spot, rated by the ministry."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.plans.enums import REPORT_NEXT_STATES, REPORTABLE, SOURCES, Finding, Rating, ReportState, TermCode
from crisis.plans.models import Evidence, Plan, PlanTerm, QuarterlyReport, TargetResult
from crisis.plans.rules import due_day, quarter_end, quarters
from crisis.plans.services.common import locked, plan_url, refuse_stranger
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Holiday, User
from portal.directory.scope import scope_of
from portal.directory.services import notify, settle_notices
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal

EVIDENCE_KINDS = frozenset(
    {".pdf", ".hwp", ".hwpx", ".xlsx", ".xls", ".csv", ".docx", ".pptx", ".png", ".jpg", ".jpeg", ".zip"}
)
MOST_EVIDENCE = 20


def owe_reports(plan: Plan) -> None:
    """Make a report for each quarter of each measure that goes on; take away those nobody wrote that are not needed."""
    days, count = Holiday.objects.days(), PlanTerm.objects.figure(TermCode.REPORT, timezone.localdate())
    for measure in plan.measures.all():
        wanted = set() if measure.dropped_on else set(quarters(measure.starts_on, measure.ends_on))
        have = set(measure.reports.values_list("quarter", flat=True))
        measure.reports.filter(state=ReportState.OWED, version=1).exclude(quarter__in=wanted).delete()
        for quarter in sorted(wanted - have):
            end = min(quarter_end(quarter), measure.ends_on)
            QuarterlyReport.objects.create(measure=measure, quarter=quarter, due_on=due_day(end, count, days))


def _held(report: QuarterlyReport) -> tuple[Plan, QuarterlyReport]:
    plan = locked(report.measure.plan)
    row = (
        QuarterlyReport.objects.select_for_update(no_key=True, of=("self",)).select_related("measure").get(pk=report.pk)
    )
    row.measure.plan = plan
    return plan, row


def _refuse_closed(plan: Plan) -> None:
    if not plan.is_in_effect:
        raise Refusal("plan_state", _("승인되어 이행 중인 계획의 보고만 다룰 수 있습니다."))


def _step(report: QuarterlyReport, state: str) -> None:
    if state not in REPORT_NEXT_STATES[report.state]:
        raise Refusal(
            "report_state",
            _("‘%(now)s’인 보고는 ‘%(then)s’(으)로 바꿀 수 없습니다.")
            % {"now": report.get_state_display(), "then": ReportState(state).label},
        )
    report.state = state


def _keep(report: QuarterlyReport) -> None:
    report.version += 1
    report.full_clean()
    report.save()


@transaction.atomic
def save_report(
    *,
    report: QuarterlyReport,
    spent: Mapping[str, int],
    result: str,
    problems: str,
    values: Mapping[int, Decimal | None],
    seen: int,
    submit: bool,
    actor: User,
) -> QuarterlyReport:
    """Write a quarter's report; hand it in when `submit`. `spent` by source in won, `values` by target key.

    Refuses: a quarter that has not begun, handing in without a result, a report being checked, `ChangedMeanwhile`.
    """
    plan, report = _held(report)
    refuse_stranger(actor, plan.sido_id, Capability.REPORT_PLANS)
    _refuse_closed(plan)
    refuse_stale(report, seen)
    if report.state not in REPORTABLE:
        raise Refusal("report_state", _("제출한 보고는 고칠 수 없습니다. 고치려면 돌려받아야 합니다."))
    today = timezone.localdate()
    if today < report.quarter:
        raise Refusal("quarter_ahead", _("아직 오지 않은 분기는 보고할 수 없습니다."))
    strange = set(values) - set(report.measure.targets.values_list("pk", flat=True))
    if strange or set(spent) - set(SOURCES):
        raise Refusal("unknown_fields", _("이 과제에 없는 성과지표나 재원이 들어 있습니다."))
    if submit and not result.strip():
        raise Refusal("result_missing", _("추진 실적을 적어 주세요."), {"result": _("추진 실적을 적어 주세요.")})
    with deed("submit_plan_report" if submit else "save_plan_report", actor=actor) as done:
        for source, amount in spent.items():
            setattr(report, f"spent_{source}", amount)
        report.result, report.problems = result.strip(), problems.strip()
        _write_values(report, values)
        if submit:
            if report.submitted_at is None:
                report.late = today > report.due_on
            _step(report, ReportState.SUBMITTED)
            report.submitted_at, report.submitted_by = timezone.now(), actor
            report.checked_at = report.checked_by = None
            report.finding = report.check_note = ""
        _keep(report)
        if submit:
            done.about(report, region=plan.sido, spent=report.spent_total, late=report.late)
    if submit:
        settle_notices(f"plan-report-late:{report.pk}")
    return report


def _write_values(report: QuarterlyReport, values: Mapping[int, Decimal | None]) -> None:
    have = {one.target_id: one for one in report.results.all()}
    for target_id, value in values.items():
        row = have.get(target_id)
        if value is None:
            if row is not None:
                row.delete()
        elif row is None:
            TargetResult.objects.create(report=report, target_id=target_id, value=value)
        elif row.value != value:
            row.value = value
            row.save(update_fields=["value"])


@transaction.atomic
def attach_evidence(*, report: QuarterlyReport, file: UploadedFile, note: str, actor: User) -> Evidence:
    """Add a paper to a report that is being written."""
    plan, report = _held(report)
    refuse_stranger(actor, plan.sido_id, Capability.REPORT_PLANS)
    _refuse_closed(plan)
    if report.state not in REPORTABLE:
        raise Refusal("report_state", _("제출한 보고에는 증빙을 더할 수 없습니다."))
    name = PurePath(str(file.name or "file")).name[-255:]
    if PurePath(name).suffix.lower() not in EVIDENCE_KINDS:
        kinds = ", ".join(sorted(EVIDENCE_KINDS))
        raise Refusal(
            "file_kind", _("받을 수 있는 파일: %(kinds)s") % {"kinds": kinds}, {"file": _("다른 파일을 고르세요.")}
        )
    if not file.size or file.size > settings.UPLOAD_MAX_BYTES:
        raise Refusal("file_size", _("빈 파일이거나 너무 큰 파일입니다."), {"file": _("다른 파일을 고르세요.")})
    if report.evidence.count() >= MOST_EVIDENCE:
        raise Refusal("too_many_files", _("증빙은 %(most)s개까지입니다.") % {"most": MOST_EVIDENCE})
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    sha256 = digest.hexdigest()
    if report.evidence.filter(sha256=sha256).exists():
        raise Refusal("file_twice", _("같은 내용의 파일이 이미 있습니다."), {"file": _("이미 올린 파일입니다.")})
    with deed("attach_plan_evidence", actor=actor) as done:
        evidence = Evidence(
            report=report, filename=name, size=file.size, sha256=sha256, note=note.strip(), added_by=actor
        )
        evidence.file.save(name, file, save=False)
        evidence.save()
        done.about(evidence, region=plan.sido, sha256=sha256)
    return evidence


@transaction.atomic
def remove_evidence(*, evidence: Evidence, actor: User) -> None:
    """Take a paper back while the report is being written. The file goes once the deletion has been committed."""
    plan, report = _held(evidence.report)
    refuse_stranger(actor, plan.sido_id, Capability.REPORT_PLANS)
    if report.state not in REPORTABLE:
        raise Refusal("report_state", _("제출한 보고의 증빙은 지울 수 없습니다."))
    storage, stored = evidence.file.storage, str(evidence.file.name)
    with deed("remove_plan_evidence", actor=actor) as done:
        done.about(evidence, region=plan.sido, sha256=evidence.sha256)
        evidence.delete()
    transaction.on_commit(lambda: storage.delete(stored))


@transaction.atomic
def check_report(*, report: QuarterlyReport, finding: str, note: str, seen: int, actor: User) -> QuarterlyReport:
    """The crisis centre says what it found on the spot."""
    plan, report = _held(report)
    refuse_stranger(actor, plan.sido_id, Capability.CHECK_PLANS)
    _refuse_closed(plan)
    refuse_stale(report, seen)
    if finding not in Finding.values:
        raise Refusal("finding_missing", _("점검 결과를 고르세요."), {"finding": _("점검 결과를 고르세요.")})
    if finding != Finding.CONFIRMED and not note.strip():
        raise Refusal("note_missing", _("무엇이 다른지 적어 주세요."), {"note": _("점검 내용을 적어 주세요.")})
    with deed("check_plan_report", actor=actor) as done:
        _step(report, ReportState.CHECKED)
        report.finding, report.check_note = finding, note.strip()
        report.checked_at, report.checked_by = timezone.now(), actor
        _keep(report)
        done.about(report, region=plan.sido, finding=finding)
    return report


def _refuse_non_checker(actor: User, plan: Plan) -> None:
    scope = scope_of(actor)
    if not (scope.within(Capability.CHECK_PLANS).holds(plan.sido_id) or scope.within(Capability.RATE_PLANS).nationwide):
        raise Refusal("out_of_scope", _("관할 위기지원센터나 본부 담당자만 할 수 있습니다."))


@transaction.atomic
def return_report(*, report: QuarterlyReport, comment: str, seen: int, actor: User) -> QuarterlyReport:
    """Send a report back to be mended, by the centre or the ministry."""
    plan, report = _held(report)
    _refuse_non_checker(actor, plan)
    _refuse_closed(plan)
    refuse_stale(report, seen)
    if not comment.strip():
        raise Refusal("reason_missing", _("돌려보내는 사유를 적어 주세요."), {"comment": _("사유를 적어 주세요.")})
    with deed("return_plan_report", actor=actor, reason=comment.strip()) as done:
        _step(report, ReportState.RETURNED)
        report.return_comment = comment.strip()
        _keep(report)
        done.about(report, region=plan.sido)
    notify(
        kind="plan_report_returned", key=f"plan-report-returned:{report.pk}:{report.version}",
        title=_("‘%(report)s’ 이행 보고를 돌려받았습니다") % {"report": report}, url=plan_url(plan),
        regions=[plan.sido_id], capability=Capability.WRITE_PLANS,
    )  # fmt: skip
    return report


@transaction.atomic
def rate_report(*, report: QuarterlyReport, rating: str, note: str, seen: int, actor: User) -> QuarterlyReport:
    """The ministry rates a report, checked on the spot or not: not every 시·도 has a centre."""
    plan, report = _held(report)
    if not scope_of(actor).within(Capability.RATE_PLANS).nationwide:
        raise Refusal("not_allowed", _("이행 평가는 본부 담당자만 할 수 있습니다."))
    _refuse_closed(plan)
    refuse_stale(report, seen)
    if rating not in Rating.values:
        raise Refusal("rating_missing", _("평가를 고르세요."), {"rating": _("평가를 고르세요.")})
    if rating == Rating.POOR and not note.strip():
        raise Refusal(
            "note_missing", _("미흡으로 평가하면 까닭을 적어 주세요."), {"note": _("평가 의견을 적어 주세요.")}
        )
    with deed("rate_plan_report", actor=actor) as done:
        _step(report, ReportState.RATED)
        report.rating, report.rating_note = rating, note.strip()
        report.rated_at, report.rated_by = timezone.now(), actor
        _keep(report)
        done.about(report, region=plan.sido, rating=rating)
    if rating == Rating.POOR:
        _tell_poor(plan, report)
    return report


def _tell_poor(plan: Plan, report: QuarterlyReport) -> None:
    facts: dict[str, Any] = {
        "kind": "plan_poor",
        "key": f"plan-poor:{report.pk}",
        "title": _("‘%(report)s’이(가) 미흡으로 평가되었습니다") % {"report": report},
        "url": plan_url(plan),
        "regions": [plan.sido_id],
    }
    for capability in (Capability.WRITE_PLANS, Capability.REVIEW_PLANS):
        notify(**facts, capability=capability)
