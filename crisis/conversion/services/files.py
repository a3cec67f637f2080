"""Papers of diagnoses, plans and milestones: kept as they were, with their hash."""

import hashlib
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from crisis.conversion.enums import DIAGNOSIS_OPEN, OWED, PlanState
from crisis.conversion.models import ConversionFile, ConversionPlan, Diagnosis, Milestone
from crisis.conversion.services.common import lead_of, locked, locked_diagnosis, needs_worker, recorded
from portal.directory.models import User
from portal.kernel.errors import Refusal

KINDS = (".csv", ".docx", ".hwp", ".hwpx", ".jpeg", ".jpg", ".pdf", ".png", ".pptx", ".txt", ".xls", ".xlsx", ".zip")
MOST_FILES = 30
_OVER = (PlanState.REFUSED, PlanState.CANCELLED, PlanState.WITHDRAWN)


@transaction.atomic
def attach_file(
    *, to: Diagnosis | ConversionPlan | Milestone, title: str, file: UploadedFile, actor: User
) -> ConversionFile:
    """Keep a paper with a diagnosis under way, a plan that is not over, or a step that is still to be reported."""
    kept = ConversionFile(title=title, added_by=actor)
    if isinstance(to, Diagnosis):
        row = kept.diagnosis = locked_diagnosis(to)
        subject: Diagnosis | ConversionPlan = row
        company, sido, closed = row.company, row.sido, row.state not in DIAGNOSIS_OPEN
    else:
        plan = locked(to.edition.plan if isinstance(to, Milestone) else to)
        company, sido, subject = lead_of(plan), plan.sido, plan
        if isinstance(to, Milestone):
            kept.milestone = Milestone.objects.get(pk=to.pk)
            closed = plan.state != PlanState.RUNNING or kept.milestone.state not in OWED
        else:
            kept.plan = plan
            closed = plan.state in _OVER
    needs_worker(actor, company)
    if closed:
        raise Refusal("files_closed", "이미 끝났거나 확인을 기다리는 일에는 문서를 붙일 수 없습니다.")
    kept.filename = PurePath(str(file.name or "file")).name[-255:]
    fault = _fault(kept.filename, file.size)
    siblings = ConversionFile.objects.filter(diagnosis=kept.diagnosis, plan=kept.plan, milestone=kept.milestone)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    kept.size, kept.sha256 = file.size or 0, digest.hexdigest()
    if not fault and siblings.filter(sha256=kept.sha256).exists():
        fault = "같은 내용의 파일이 이미 있습니다."
    if not fault and siblings.count() >= MOST_FILES:
        fault = f"문서는 {MOST_FILES}개까지입니다."
    if fault:
        raise Refusal("file", fault, {"file": fault})
    with recorded("attach_conversion_file", subject, sido, actor=actor, sha256=kept.sha256):
        kept.file.save(kept.filename, file, save=False)
        kept.full_clean()
        kept.save()
    return kept


def _fault(name: str, size: int | None) -> str:
    if PurePath(name).suffix.lower() not in KINDS:
        return f"받을 수 있는 파일: {', '.join(KINDS)}"
    if not size or size > settings.UPLOAD_MAX_BYTES:
        return "빈 파일이거나 너무 큰 파일입니다."
    return ""
