"""Diagnoses: asked for, begun, finished with findings, or refused; then led to a plan or to other support."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from companies.models import Company
from crisis.conversion.enums import DiagnosisState, Referral
from crisis.conversion.models import Centre, Diagnosis, DiagnosisScore, ScoreItem
from crisis.conversion.services.common import (
    diagnosis_url,
    keep,
    locked_diagnosis,
    needs_worker,
    recorded,
    seat_of,
    sido_of,
    step,
)
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.services import notify
from portal.kernel.db import advisory_lock
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal

CODES_LOCK = "conversion.diagnosis.codes"


@transaction.atomic
def request_diagnosis(
    *,
    company: Company,
    subjects: Sequence[str],
    reason: str,
    centre: Centre | None,
    actor: User,
    is_demo: bool = False,
) -> Diagnosis:
    """Ask for a diagnosis of a company. Without a centre, the one that serves the company's region is taken."""
    needs_worker(actor, company)
    today, seat = timezone.localdate(), seat_of(company)
    advisory_lock(CODES_LOCK)
    serial = Diagnosis.objects.filter(code__startswith=f"CD-{today.year}-").count() + 1
    diagnosis = Diagnosis(
        code=f"CD-{today.year}-{serial:04d}", company=company, sido=sido_of(seat), subjects=list(subjects),
        reason=reason, centre=centre or Centre.objects.serving(seat, today).order_by("code").first(),
        requested_on=today, requested_by=actor, is_demo=is_demo,
    )  # fmt: skip
    diagnosis.full_clean()
    with recorded("request_diagnosis", diagnosis, diagnosis.sido, actor=actor):
        diagnosis.save()
    notify(
        kind="diagnosis_requested", key=f"diagnosis:{diagnosis.code}:requested", title=f"구조혁신 진단 신청: {company}",
        url=diagnosis_url(diagnosis), regions=[seat.pk], capability=Capability.WORK_CONVERSION,
    )  # fmt: skip
    return diagnosis


def _held(diagnosis: Diagnosis, seen: int, actor: User) -> Diagnosis:
    held = locked_diagnosis(diagnosis)
    needs_worker(actor, held.company)
    refuse_stale(held, seen)
    return held


@transaction.atomic
def begin_diagnosis(
    *, diagnosis: Diagnosis, begun_on: date, examiner: str, centre: Centre | None, seen: int, actor: User
) -> Diagnosis:
    """The centre begins."""
    held = _held(diagnosis, seen, actor)
    step(held, DiagnosisState.EXAMINING)
    held.begun_on, held.examiner, held.centre = begun_on, examiner, centre or held.centre
    with recorded("begin_diagnosis", held, held.sido, actor=actor):
        keep(held)
    return held


@transaction.atomic
def finish_diagnosis(
    *,
    diagnosis: Diagnosis,
    finished_on: date,
    findings: str,
    recommendation: str,
    scores: Mapping[int, Decimal | None],
    seen: int,
    actor: User,
) -> Diagnosis:
    """Write down what was found. `scores`: points by primary key of a `ScoreItem` in force; None leaves it out.

    Refuses without a result document, and points beyond what an item counts; everything at once.
    """
    held = _held(diagnosis, seen, actor)
    items = {one.pk: one for one in ScoreItem.objects.in_force_on(finished_on).filter(subject__in=held.subjects)}
    faults: dict[str, str] = {}
    if not held.files.exists():
        faults["file"] = "진단 결과 문서를 먼저 붙여 주세요."
    if not findings.strip():
        faults["findings"] = "진단 결과를 적어 주세요."
    if finished_on > timezone.localdate():
        faults["finished_on"] = "아직 오지 않은 날을 완료일로 적을 수 없습니다."
    for pk, points in scores.items():
        item = items.get(pk)
        if item is None:
            faults["scores"] = "이 진단에 없는 항목의 점수가 들어 있습니다."
        elif points is not None and not 0 <= points <= item.most:
            faults[f"score_{pk}"] = f"{item.name}: 0점부터 {item.most}점까지 적어 주세요."
    if faults:
        raise Refusal("diagnosis_incomplete", " ".join(faults.values()), faults)
    step(held, DiagnosisState.DONE)
    held.finished_on, held.finished_by = finished_on, actor
    held.findings, held.recommendation = findings.strip(), recommendation
    with recorded("finish_diagnosis", held, held.sido, actor=actor, recommendation=recommendation):
        keep(held)
        for pk, points in scores.items():
            if points is not None:
                DiagnosisScore.objects.create(diagnosis=held, item=items[pk], points=points)
    return held


def _close(diagnosis: Diagnosis, state: str, verb: str, *, reason: str, seen: int, actor: User) -> Diagnosis:
    held = _held(diagnosis, seen, actor)
    step(held, state)
    held.closed_on, held.closing_reason = timezone.localdate(), reason.strip()
    with recorded(verb, held, held.sido, actor=actor, reason=reason):
        keep(held)
    return held


@transaction.atomic
def refuse_diagnosis(*, diagnosis: Diagnosis, reason: str, seen: int, actor: User) -> Diagnosis:
    """The centre does not diagnose this firm, and says why."""
    return _close(diagnosis, DiagnosisState.REFUSED, "refuse_diagnosis", reason=reason, seen=seen, actor=actor)


@transaction.atomic
def withdraw_diagnosis(*, diagnosis: Diagnosis, reason: str, seen: int, actor: User) -> Diagnosis:
    """The firm does not want it any more."""
    return _close(diagnosis, DiagnosisState.WITHDRAWN, "withdraw_diagnosis", reason=reason, seen=seen, actor=actor)


@transaction.atomic
def refer_diagnosis(*, diagnosis: Diagnosis, referral: str, note: str, seen: int, actor: User) -> Diagnosis:
    """Say where a finished diagnosis leads. Other support, or none, needs words."""
    held = _held(diagnosis, seen, actor)
    if held.state != DiagnosisState.DONE:
        raise Refusal("diagnosis_not_done", "진단을 마친 다음에 연계할 수 있습니다.")
    if referral != Referral.PLAN and not note.strip():
        text = "어떤 지원으로 잇는지, 또는 왜 잇지 않는지 적어 주세요."
        raise Refusal("referral_unexplained", text, {"note": text})
    held.referral, held.referral_note, held.referred_on = referral, note.strip(), timezone.localdate()
    with recorded("refer_diagnosis", held, held.sido, actor=actor, referral=referral):
        keep(held)
    return held
