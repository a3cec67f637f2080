"""Half-yearly reports: written with evidence, handed in, accepted or sent back; what was spent follows from them."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.declining.enums import COUNTED, GOING, REPORT_NEXT, REPORTABLE, ReportState
from crisis.declining.models import FundProject, IndicatorResult, ProjectReport, ReportEvidence, ReportSpending
from crisis.declining.rules import overspent
from crisis.declining.services.common import needs_ministry
from crisis.declining.services.projects import locked, needs_writer, project_url
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.services import notify, settle_notices
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal

EVIDENCE_KINDS = frozenset(
    {".pdf", ".hwp", ".hwpx", ".xlsx", ".xls", ".csv", ".docx", ".pptx", ".png", ".jpg", ".jpeg", ".zip"}
)
MOST_EVIDENCE = 20


def _held(report: ProjectReport) -> ProjectReport:
    """The report with its row and its project's held."""
    project = locked(report.project)
    row = ProjectReport.objects.select_for_update(no_key=True, of=("self",)).get(pk=report.pk)
    row.project = project
    if project.state not in GOING:
        raise Refusal("fund_project_state", _("합의했거나 집행 중인 사업의 보고만 다룰 수 있습니다."))
    return row


def _step(report: ProjectReport, state: str) -> None:
    if state not in REPORT_NEXT[report.state]:
        text = _("‘%(now)s’인 보고는 ‘%(then)s’(으)로 바꿀 수 없습니다.") % {
            "now": report.get_state_display(), "then": ReportState(state).label,
        }  # fmt: skip
        raise Refusal("report_state", text)
    report.state = state


def _keep(report: ProjectReport) -> None:
    report.version += 1
    report.full_clean()
    report.save()


def recount(project: FundProject) -> None:
    """What was carried out is the sum of the reports handed in; more than was agreed is refused, purse by purse."""
    rows = list(
        project.money.annotate(spent=Sum("spending__won", filter=Q(spending__report__state__in=COUNTED), default=0))
    )
    over = overspent({str(row.pk): row.agreed for row in rows}, {str(row.pk): row.spent for row in rows})  # type: ignore[attr-defined]
    if over:
        faults = {
            f"s{row.pk}": _("%(row)s: 합의한 %(agreed)s원보다 %(over)s원 많습니다.")
            % {"row": row, "agreed": f"{row.agreed:,}", "over": f"{over[str(row.pk)]:,}"}
            for row in rows
            if str(row.pk) in over
        }
        raise Refusal("overspent", " ".join(faults.values()), faults)
    for row in rows:
        if row.executed != row.spent:  # type: ignore[attr-defined]
            row.executed = row.spent  # type: ignore[attr-defined]
            row.save(update_fields=["executed"])


@transaction.atomic
def save_report(
    *, report: ProjectReport, spent: Mapping[int, int], result: str, problems: str,
    values: Mapping[int, Decimal | None], seen: int, submit: bool, actor: User,
) -> ProjectReport:  # fmt: skip
    """Write a half-year's report; hand it in when `submit`. `spent`: won by key of a money row, `values` by indicator.

    Refuses: a half-year that has not begun, spending of another year's money, more than was agreed, handing in without
    a result, a report that was handed in, `ChangedMeanwhile`.
    """
    row = _held(report)
    needs_writer(actor, row.project)
    refuse_stale(row, seen)
    if row.state not in REPORTABLE:
        raise Refusal("report_state", _("제출한 보고는 고칠 수 없습니다. 고치려면 돌려받아야 합니다."))
    today = timezone.localdate()
    if today < row.half:
        raise Refusal("half_ahead", _("아직 오지 않은 반기는 보고할 수 없습니다."))
    money = set(row.project.money.filter(year=row.half.year).values_list("pk", flat=True))
    if set(spent) - money or set(values) - set(row.project.indicators.values_list("pk", flat=True)):
        raise Refusal("unknown_fields", _("이 반기에 없는 재원이나 성과지표가 들어 있습니다."))
    if submit and not result.strip():
        raise Refusal("result_missing", _("추진 실적을 적어 주세요."), {"result": _("추진 실적을 적어 주세요.")})
    with deed("submit_fund_report" if submit else "save_fund_report", actor=actor) as done:
        row.result, row.problems = result.strip(), problems.strip()
        for pk, won in spent.items():
            ReportSpending.objects.update_or_create(report=row, money_id=pk, defaults={"won": won})
        for pk, value in values.items():
            if value is None:
                row.results.filter(indicator=pk).delete()
            else:
                IndicatorResult.objects.update_or_create(report=row, indicator_id=pk, defaults={"value": value})
        if submit:
            if row.submitted_at is None:
                row.late = today > row.due_on
            _step(row, ReportState.SUBMITTED)
            row.submitted_at, row.submitted_by, row.return_comment = timezone.now(), actor, ""
        _keep(row)
        if submit:
            recount(row.project)
            done.about(row, region=row.project.region, spent=sum(spent.values()), late=row.late)
    if submit:
        settle_notices(*(f"fund-report:{row.pk}:{what}" for what in ("soon", "late")))
        notify(
            kind="fund_report_submitted", key=f"fund-report:{row.pk}:{row.version}:in",
            title=_("기금 연계 사업의 반기 보고가 들어왔습니다: %(report)s") % {"report": row},
            url=project_url(row.project), capability=Capability.AGREE_FUND_PROJECTS,
        )  # fmt: skip
    return row


@transaction.atomic
def attach_evidence(*, report: ProjectReport, file: UploadedFile, note: str, actor: User) -> ReportEvidence:
    """Add a paper to a report that is being written."""
    row = _held(report)
    needs_writer(actor, row.project)
    if row.state not in REPORTABLE:
        raise Refusal("report_state", _("제출한 보고에는 증빙을 더할 수 없습니다."))
    name = PurePath(str(file.name or "file")).name[-255:]
    if PurePath(name).suffix.lower() not in EVIDENCE_KINDS:
        text = _("받을 수 있는 파일: %(kinds)s") % {"kinds": ", ".join(sorted(EVIDENCE_KINDS))}
        raise Refusal("file_kind", text, {"file": text})
    if not file.size or file.size > settings.UPLOAD_MAX_BYTES:
        text = _("빈 파일이거나 너무 큰 파일입니다.")
        raise Refusal("file_size", text, {"file": text})
    if row.evidence.count() >= MOST_EVIDENCE:
        raise Refusal("too_many_files", _("증빙은 %(most)s개까지입니다.") % {"most": MOST_EVIDENCE})
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    sha256 = digest.hexdigest()
    if row.evidence.filter(sha256=sha256).exists():
        text = _("같은 내용의 파일이 이미 있습니다.")
        raise Refusal("file_twice", text, {"file": text})
    with deed("attach_fund_evidence", actor=actor) as done:
        paper = ReportEvidence(
            report=row, filename=name, size=file.size, sha256=sha256, note=note.strip(), added_by=actor
        )
        paper.file.save(name, file, save=False)
        paper.save()
        done.about(paper, region=row.project.region, sha256=sha256)
    return paper


@transaction.atomic
def remove_evidence(*, evidence: ReportEvidence, actor: User) -> None:
    """Take a paper back while the report is being written. The file goes once the deletion has been committed."""
    row = _held(evidence.report)
    needs_writer(actor, row.project)
    if row.state not in REPORTABLE:
        raise Refusal("report_state", _("제출한 보고의 증빙은 지울 수 없습니다."))
    storage, stored = evidence.file.storage, str(evidence.file.name)
    with deed("remove_fund_evidence", actor=actor) as done:
        done.about(evidence, region=row.project.region, sha256=evidence.sha256)
        evidence.delete()
    transaction.on_commit(lambda: storage.delete(stored))


@transaction.atomic
def return_report(*, report: ProjectReport, comment: str, seen: int, actor: User) -> ProjectReport:
    """Send a report back to be mended; what it said was spent does not count until it comes again."""
    row = _held(report)
    needs_ministry(actor)
    refuse_stale(row, seen)
    if not comment.strip():
        raise Refusal("comment_missing", _("보완할 점을 적어 주세요."), {"comment": _("보완할 점을 적어 주세요.")})
    with deed("return_fund_report", actor=actor, reason=comment.strip()) as done:
        _step(row, ReportState.RETURNED)
        row.return_comment = comment.strip()
        _keep(row)
        recount(row.project)
        done.about(row, region=row.project.region)
    notify(
        kind="fund_report_returned", key=f"fund-report:{row.pk}:{row.version}:back",
        title=_("기금 연계 사업의 반기 보고를 보완해 주세요: %(report)s") % {"report": row},
        url=project_url(row.project), regions=[row.project.region_id], capability=Capability.WRITE_FUND_PROJECTS,
    )  # fmt: skip
    return row


@transaction.atomic
def accept_report(*, report: ProjectReport, seen: int, actor: User) -> ProjectReport:
    """The ministry takes note of a report."""
    row = _held(report)
    needs_ministry(actor)
    refuse_stale(row, seen)
    with deed("accept_fund_report", actor=actor) as done:
        _step(row, ReportState.ACCEPTED)
        row.accepted_at, row.accepted_by = timezone.now(), actor
        _keep(row)
        done.about(row, region=row.project.region)
    return row
