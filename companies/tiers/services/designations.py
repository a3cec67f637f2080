"""지역혁신 선도기업: designation and certificate, one extension, cancellation after a hearing, half-yearly reports."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company
from companies.tiers import rules
from companies.tiers.enums import CancelGround
from companies.tiers.models import CertificateIssue, LeadingDesignation, LeadingReport
from companies.tiers.models.designation import TERM_YEARS
from companies.tiers.services.case_steps import written
from portal.directory.audit import deed
from portal.directory.enums import RegionLevel
from portal.directory.models import Holiday, Region, User
from portal.kernel.db import advisory_lock
from portal.kernel.deadlines import next_working_day
from portal.kernel.errors import Refusal


def _owe_reports(designation: LeadingDesignation, start: date, end: date) -> None:
    """A report for each half-year of which a day lies in the term; those there already stay as they are."""
    holidays = Holiday.objects.days()
    LeadingReport.objects.bulk_create(
        [
            LeadingReport(
                designation=designation,
                half=half.code,
                starts_on=half.start,
                regular_due_on=half.due,
                due_on=next_working_day(half.due, holidays),
            )
            for half in rules.halves(start, end)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def move_due_days(*, actor: User | None = None) -> int:
    """Due days of reports still owed, anew from the holidays now on record. Returns how many moved."""
    holidays, moved = Holiday.objects.days(), []
    open_ = LeadingReport.objects.filter(submitted_at=None).select_related("designation__region")
    for report in open_.select_for_update(no_key=True, of=("self",)):
        due = next_working_day(report.regular_due_on, holidays)
        if due != report.due_on:
            report.due_on = due
            moved.append(report)
    if moved:
        with deed("move_report_due_days", actor=actor) as done:
            LeadingReport.objects.bulk_update(moved, ["due_on"], batch_size=500)
            for report in moved:
                done.about(report.designation, region=report.designation.region, half=report.half)
    return len(moved)


@transaction.atomic
def designate(
    *,
    company: Company,
    region: Region,
    start: date,
    notice: str,
    evaluation: str,
    reason: str,
    actor: User | None,
    end: date | None = None,
    is_demo: bool = False,
) -> LeadingDesignation:
    """Enter a designation by a non-capital 시·도: three years from `start` unless `end` says less.

    The certificate takes the next serial of its year; the half-yearly reports of the term become due.
    """
    if region.level != RegionLevel.SIDO or region.capital_area:
        raise Refusal(
            "region_not_entitled",
            _("지역혁신 선도기업은 비수도권 시·도가 선정합니다."),
            {"region": _("비수도권 시·도를 고르세요.")},
        )
    notice = written(notice, "notice", _("선정 고시를 적어 주세요."))
    advisory_lock(f"tiers.certificate.{start.year}")
    company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    last = LeadingDesignation.objects.filter(certificate_year=start.year).aggregate(last=Max("certificate_serial"))
    with deed("designate_leading", actor=actor, reason=reason) as done:
        made = LeadingDesignation(
            company=company,
            region=region,
            certificate_year=start.year,
            certificate_serial=(last["last"] or 0) + 1,
            starts_on=start,
            ends_on=end or rules.years_later(start, TERM_YEARS),
            notice=notice,
            evaluation=evaluation,
            reason=reason,
            is_demo=is_demo,
        )
        made.full_clean()
        made.save()
        CertificateIssue.objects.create(designation=made, issued_on=start, reason="선정", issued_by=actor)
        _owe_reports(made, made.starts_on, made.ends_on)
        done.about(made, region=region, certificate=made.certificate_number)
    return made


def _locked(designation: LeadingDesignation) -> LeadingDesignation:
    return (
        LeadingDesignation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("region")
        .get(pk=designation.pk)
    )


@transaction.atomic
def extend_designation(
    *, designation: LeadingDesignation, until: date, document: str, actor: User
) -> LeadingDesignation:
    """Extend once, by three years at most, on a re-evaluation before the term ends."""
    designation = _locked(designation)
    if designation.cancelled_on or designation.extended_until:
        raise Refusal("not_extendable", _("취소됐거나 이미 연장한 선정은 연장할 수 없습니다."))
    document = written(document, "document", _("재평가 근거를 적어 주세요."))
    most = rules.years_later(designation.ends_on, TERM_YEARS)
    if not designation.ends_on < until <= most:
        sentence = _("연장은 %(first)s 뒤부터 %(most)s까지 할 수 있습니다.") % {
            "first": designation.ends_on.isoformat(),
            "most": most.isoformat(),
        }
        raise Refusal("extension_too_long", sentence, {"until": sentence})
    with deed("extend_designation", actor=actor, reason=document) as done:
        designation.extended_until, designation.extension_document = until, document
        designation.full_clean()
        designation.save()
        _owe_reports(designation, designation.ends_on, until)
        done.about(designation, region=designation.region, until=until.isoformat())
    return designation


@transaction.atomic
def cancel_designation(
    *, designation: LeadingDesignation, on: date, ground: str, reason: str, hearing_record: str, actor: User
) -> LeadingDesignation:
    """Cancel, after the firm was heard. Reports of half-years after it are no longer owed."""
    designation = _locked(designation)
    if designation.cancelled_on:
        raise Refusal("already_cancelled", _("이미 취소된 선정입니다."))
    reason = written(reason, "reason", _("취소 사유를 적어 주세요."))
    record = written(hearing_record, "hearing_record", _("취소하기 전에 들은 기업의 의견을 적어 주세요."))
    if not designation.is_in_force(on):
        raise Refusal("not_in_force", _("그날 유효하지 않은 선정입니다."), {"on": _("유효 기간 안의 날을 고르세요.")})
    with deed("cancel_designation", actor=actor, reason=reason) as done:
        designation.cancelled_on, designation.cancelled_by = on, actor
        designation.cancel_ground, designation.cancel_reason = CancelGround(ground), reason
        designation.hearing_record = record
        designation.full_clean()
        designation.save()
        done.about(designation, region=designation.region, on=on.isoformat(), ground=ground)
    return designation


@transaction.atomic
def return_certificate(*, designation: LeadingDesignation, on: date, actor: User) -> LeadingDesignation:
    """The cancelled firm handed its certificate back (within seven days of the notice)."""
    designation = _locked(designation)
    if not designation.cancelled_on or designation.returned_on:
        raise Refusal("nothing_to_return", _("취소된 뒤 아직 반납하지 않은 선정서만 기록할 수 있습니다."))
    with deed("return_certificate", actor=actor) as done:
        designation.returned_on = on
        designation.full_clean()
        designation.save()
        done.about(designation, region=designation.region)
    return designation


@transaction.atomic
def reissue_certificate(*, designation: LeadingDesignation, reason: str, actor: User) -> CertificateIssue:
    """Hand out the certificate again under its number."""
    designation = _locked(designation)
    today = timezone.localdate()
    if not designation.is_in_force(today):
        raise Refusal("not_in_force", _("유효한 선정만 선정서를 다시 발급할 수 있습니다."))
    reason = written(reason, "reason", _("재발급 사유를 적어 주세요."))
    with deed("reissue_certificate", actor=actor, reason=reason) as done:
        issue = CertificateIssue.objects.create(
            designation=designation, issued_on=today, reason=reason, issued_by=actor
        )
        done.about(designation, region=designation.region)
    return issue


@transaction.atomic
def submit_report(
    *, report: LeadingReport, difficulties: str, demands: str, results: str, council: str, actor: User
) -> LeadingReport:
    """Hand in a half-yearly report to the support council."""
    report = (
        LeadingReport.objects.select_for_update(no_key=True, of=("self",))
        .select_related("designation__region")
        .get(pk=report.pk)
    )
    if report.submitted_at:
        raise Refusal("already_submitted", _("이미 보고한 반기입니다."))
    if timezone.localdate() < report.starts_on:
        raise Refusal("too_early", _("아직 시작하지 않은 반기입니다."))
    results = written(results, "results", _("지원 실적과 성과를 적어 주세요."))
    council = written(council, "council", _("보고한 협의회와 회의를 적어 주세요."))
    with deed("submit_leading_report", actor=actor) as done:
        report.difficulties, report.demands = difficulties.strip(), demands.strip()
        report.results, report.council = results, council
        report.submitted_at, report.submitted_by = timezone.now(), actor
        report.full_clean()
        report.save()
        done.about(report, region=report.designation.region, half=report.half)
    return report
