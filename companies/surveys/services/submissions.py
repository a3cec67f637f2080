"""A survey sheet is written, handed in, sent back with a word on the very field, approved.

Everyone who writes holds the target's row, so that two writers queue behind each other. `seen` is the version the
writer had before their eyes (0: nothing yet); if another has come since, `ChangedMeanwhile` carries what stands now.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from companies.surveys.enums import EDITABLE, NEXT_STATES, Mark, SubmissionState
from companies.surveys.models import FieldMark, Revision, Submission, Target
from companies.surveys.rules import answers as rules
from companies.surveys.selectors.windows import Calendar
from companies.surveys.services.permission import refuse_stranger
from companies.surveys.services.telling import settle_returned, tell_returned
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.intake.models import Upload
from portal.kernel import display, errors
from portal.kernel.errors import Refusal

Answers = Mapping[str, Any]


class ChangedMeanwhile(errors.ChangedMeanwhile):
    """Somebody saved since: `submission` as it stands, `latest` its last version (who, when)."""

    def __init__(self, submission: Submission, latest: Revision) -> None:
        who = latest.actor.name if latest.actor else "시스템"
        super().__init__(
            submission,
            f"{who} 님이 {display.moment(latest.at)}에 먼저 저장했습니다. 두 사람의 값을 견주어 본 다음 저장해 주세요.",
        )
        self.submission, self.latest = submission, latest


def _locked(target: Target) -> tuple[Target, Submission | None]:
    """The target with its region, round and form, its row held; and its submission, if there is one."""
    held = (
        Target.objects.select_for_update(no_key=True, of=("self",))
        .select_related("round__form", "region", "company", "technopark")
        .get(pk=target.pk)
    )
    submission = Submission.objects.filter(target=held).first()
    if submission is not None:
        submission.target = held
    return held, submission


def _refuse_stale(submission: Submission | None, seen: int) -> None:
    if (submission.version if submission else 0) != seen:
        if submission is None:
            raise Refusal("never_seen", "아직 저장한 적이 없는 조사표입니다. 화면을 새로 열어 적어 주세요.")
        raise ChangedMeanwhile(submission, submission.revisions.select_related("actor").latest("version"))


def _refuse_locked(target: Target) -> None:
    entry = Calendar([target.round], timezone.localdate()).entry(target)
    if entry.is_open:
        return
    if entry.phase == "BEFORE":
        raise Refusal("not_open", f"{display.day(entry.window.opens)}부터 적을 수 있습니다.")
    raise Refusal(
        "closed", f"{display.day(entry.window.closes)}에 마감했습니다. 더 적으려면 본부에 마감 예외를 요청해 주세요."
    )


def _keep(submission: Submission, actor: User, upload: Upload | None = None, undoes: Revision | None = None) -> None:
    """Save under the next version and keep that version for ever."""
    submission.version = (submission.version + 1) if submission.pk else 1
    submission.full_clean(exclude=["target"])
    submission.save()
    Revision.objects.create(
        submission=submission, version=submission.version, state=submission.state, answers=submission.answers,
        actor=actor, upload=upload, undoes=undoes,
    )  # fmt: skip


def _step(submission: Submission, state: str) -> None:
    if state not in NEXT_STATES[submission.state]:
        text = f"‘{submission.get_state_display()}’ 조사표는 ‘{SubmissionState(state).label}’(으)로 바꿀 수 없습니다."
        raise Refusal("submission_state", text)
    submission.state = state


@transaction.atomic
def save_answers(
    *, target: Target, answers: Answers, seen: int, actor: User, upload: Upload | None = None
) -> Submission:
    """Keep a draft. Missing required fields are fine; what contradicts itself is kept too and told at handing in.

    Refuses: outside the window without an exception, a sheet handed in already, codes the form does not ask for, and
    `ChangedMeanwhile`. Answers equal to those that stand make no new version.
    """
    target, submission = _locked(target)
    refuse_stranger(actor, target, Capability.ENTER_SURVEYS)
    _refuse_locked(target)
    _refuse_stale(submission, seen)
    if strange := rules.unknown(target.round.form.definition, answers):
        raise Refusal("unknown_fields", f"이 양식에 없는 항목입니다: {', '.join(strange)}")
    submission = submission or Submission(target=target)
    if submission.pk and submission.state not in EDITABLE:
        raise Refusal("handed_in", "제출한 조사표는 고칠 수 없습니다. 고치려면 지방청에 돌려보내 달라고 해 주세요.")
    kept = {code: value for code, value in answers.items() if value is not None}
    if submission.pk and kept == submission.answers:
        return submission
    with deed("save_survey_answers", actor=actor):
        submission.answers = kept
        _keep(submission, actor, upload)
    return submission


@transaction.atomic
def submit(*, target: Target, seen: int, actor: User, upload: Upload | None = None) -> Submission:
    """Hand in what is saved. Refuses with every fault by field (`fields`), outside the window, or if it was changed."""
    target, submission = _locked(target)
    refuse_stranger(actor, target, Capability.ENTER_SURVEYS)
    _refuse_locked(target)
    _refuse_stale(submission, seen)
    if submission is None:
        raise Refusal("nothing_written", "아직 적은 것이 없습니다. 조사표를 적은 다음 제출해 주세요.")
    faults = rules.faults(target.round.form.definition, submission.answers, complete=True)
    if faults:
        raise Refusal(
            "incomplete",
            f"고칠 항목이 {len(faults)}개 있어 제출하지 못했습니다. 적은 값은 저장되어 있습니다.",
            {code: " ".join(told) for code, told in faults.items()},
        )
    with deed("submit_survey", actor=actor) as done:
        _step(submission, SubmissionState.SUBMITTED)
        if submission.submitted_at is None:
            window = Calendar([target.round], timezone.localdate()).window(target.round_id, target.region)
            submission.due_applied = window.due
            submission.late = timezone.localdate() > window.due
        submission.submitted_at, submission.submitted_by = timezone.now(), actor
        _keep(submission, actor, upload)
        done.about(submission, region=target.region, version=submission.version, late=submission.late)
        settle_returned(submission)
    return submission


@transaction.atomic
def mark_fields(*, target: Target, marks: Mapping[str, tuple[str, str]], seen: int, actor: User) -> list[FieldMark]:
    """Say of fields that they are right, to be mended, or something about them: `marks` is field → (mark, comment).

    An empty mark takes the word on that field back, not what was said of an earlier version. Only while the sheet waits for approval.
    """
    target, submission = _locked(target)
    refuse_stranger(actor, target, Capability.REVIEW_SURVEYS)
    _refuse_stale(submission, seen)
    if submission is None or submission.state != SubmissionState.SUBMITTED:
        raise Refusal("submission_state", "승인을 기다리는 조사표만 검토할 수 있습니다.")
    if strange := rules.unknown(target.round.form.definition, marks):
        raise Refusal("unknown_fields", f"이 양식에 없는 항목입니다: {', '.join(strange)}")
    standing = {mark.field: mark for mark in submission.marks.all()}
    silent = {
        code: "고칠 것이나 의견의 내용을 적어 주세요."
        for code, (mark, comment) in marks.items()
        if mark and mark != Mark.OK and not comment.strip()
    }
    if silent:
        raise Refusal("comment_missing", "내용이 빠진 검토 의견이 있습니다.", silent)
    with deed("mark_survey_fields", actor=actor):
        for code, (word, comment) in marks.items():
            mark = standing.get(code)
            if not word:
                if mark is not None and mark.version == submission.version:
                    mark.delete()
                continue
            mark = mark or FieldMark(submission=submission, field=code)
            if mark.pk and (mark.mark, mark.comment, mark.version) == (word, comment.strip(), submission.version):
                continue
            mark.mark, mark.comment, mark.version, mark.by = word, comment.strip(), submission.version, actor
            mark.full_clean()
            mark.save()
    return list(submission.marks.order_by("pk"))


def _decide(submission: Submission, actor: User, state: str) -> None:
    if state == SubmissionState.APPROVED and submission.submitted_by_id == actor.pk:
        raise Refusal("own_sheet", "자기가 제출한 조사표는 승인할 수 없습니다. 다른 담당자가 검토해 주세요.")
    _step(submission, state)
    submission.decided_at, submission.decided_by = timezone.now(), actor
    _keep(submission, actor)


@transaction.atomic
def return_for_correction(*, target: Target, comment: str, seen: int, actor: User) -> Submission:
    """Send a sheet back. Needs a reason, or at least one field marked as to be mended."""
    target, submission = _locked(target)
    refuse_stranger(actor, target, Capability.REVIEW_SURVEYS)
    _refuse_stale(submission, seen)
    if submission is None:
        raise Refusal("nothing_written", "아직 제출하지 않은 조사표입니다.")
    fixes = submission.marks.filter(mark=Mark.FIX, version=submission.version).count()
    said = comment.strip() or (f"고칠 항목 {fixes}개" if fixes else "")
    if not said:
        raise Refusal(
            "reason_missing",
            "돌려보내려면 고칠 항목을 표시하거나 사유를 적어 주세요.",
            {"comment": "사유를 적거나 고칠 항목을 표시해 주세요."},
        )
    with deed("return_survey", actor=actor, reason=said) as done:
        submission.return_comment = said
        _decide(submission, actor, SubmissionState.RETURNED)
        done.about(submission, region=target.region, version=submission.version, fixes=fixes)
        tell_returned(submission, fixes)
    return submission


@transaction.atomic
def approve(*, target: Target, seen: int, actor: User) -> Submission:
    """Approve a sheet. Refuses while a field of this version is marked as to be mended, and one's own sheet."""
    target, submission = _locked(target)
    refuse_stranger(actor, target, Capability.REVIEW_SURVEYS)
    _refuse_stale(submission, seen)
    if submission is None:
        raise Refusal("nothing_written", "아직 제출하지 않은 조사표입니다.")
    if submission.marks.filter(mark=Mark.FIX, version=submission.version).exists():
        raise Refusal("fixes_open", "고칠 것으로 표시한 항목이 있습니다. 돌려보내거나 표시를 거둔 다음 승인해 주세요.")
    with deed("approve_survey", actor=actor) as done:
        _decide(submission, actor, SubmissionState.APPROVED)
        done.about(submission, region=target.region, version=submission.version)
    return submission


@transaction.atomic
def undo_upload_of_answers(*, upload: Upload, actor: User) -> dict[str, int]:
    """Take back what a file wrote: each sheet gets the answers it had before, unless somebody changed it since.

    A sheet the file began is emptied, one it handed in is a draft again. Refuses if nothing can be taken back.
    """
    first: dict[int, Revision] = {}
    last: dict[int, Revision] = {}
    for revision in Revision.objects.filter(upload=upload).order_by("submission", "version"):
        first.setdefault(revision.submission_id, revision)
        last[revision.submission_id] = revision
    restored = withdrawn = kept = 0
    for one in Target.objects.filter(submission__in=first).order_by("pk"):
        target, submission = _locked(one)
        refuse_stranger(actor, target, Capability.ENTER_SURVEYS)
        if submission is None or submission.version != last[submission.pk].version:
            kept += 1
            continue
        before = submission.revisions.filter(version=first[submission.pk].version - 1).first()
        submission.answers = before.answers if before else {}
        submission.state = before.state if before else SubmissionState.DRAFT
        if submission.state == SubmissionState.DRAFT:
            submission.submitted_at = submission.submitted_by = submission.due_applied = None
            submission.late = False
        _keep(submission, actor, undoes=last[submission.pk])
        restored, withdrawn = restored + bool(before), withdrawn + (not before)
    if first and not restored and not withdrawn:
        raise Refusal("nothing_to_undo", "되돌릴 조사표가 없습니다. 이 파일의 조사표는 모두 그 뒤에 다시 바뀌었습니다.")
    return {"restored": restored, "withdrawn": withdrawn, "kept": kept}
