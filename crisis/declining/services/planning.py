"""Joint planning of a fund project: handed in, looked at by both ministries, agreed or sent back, carried out, closed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisis.declining.enums import GOING, REVIEWERS, Ministry, ProjectState, ReportState, Stance
from crisis.declining.models import FundProject, ProjectReport, ProjectReview
from crisis.declining.rules import due_day, halves, legal_due
from crisis.declining.services.common import keep, needs_ministry
from crisis.declining.services.projects import locked, needs_writer, project_url, step
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Holiday, User
from portal.directory.services import notify, settle_notices
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal

WORDS = {
    "purpose": gettext_lazy("목적"), "plan": gettext_lazy("중소기업 지원 연계 계획"),
    "money": gettext_lazy("기금(행정안전부) 예산"), "supports": gettext_lazy("연계 지원사업"),
    "indicators": gettext_lazy("성과지표"),
}  # fmt: skip


def missing_for_submission(project: FundProject) -> dict[str, str]:
    """What a draft still lacks, by part."""
    missing = {
        name: _("적어야 제출할 수 있습니다.") for name in ("purpose", "plan") if not getattr(project, name).strip()
    }
    if not project.money.filter(ministry=Ministry.MOIS, planned__gt=0).exists():
        missing["money"] = _("기금(행정안전부) 예산을 한 해 이상 적어 주세요.")
    if not project.supports.exists():
        missing["supports"] = _("함께 할 중소기업 지원사업을 하나 이상 적어 주세요.")
    if not project.indicators.exists():
        missing["indicators"] = _("성과지표를 하나 이상 적어 주세요.")
    return missing


def _tell_writers(project: FundProject, what: str, title: str) -> None:
    notify(
        kind=f"fund_project_{what}", key=f"fund-project:{project.code}:{project.version}:{what}", title=title,
        url=project_url(project), regions=[project.region_id], capability=Capability.WRITE_FUND_PROJECTS,
    )  # fmt: skip


@transaction.atomic
def submit_project(*, project: FundProject, seen: int, actor: User) -> FundProject:
    """Hand the draft in to both ministries. Everything that lacks is told at once."""
    held = locked(project)
    needs_writer(actor, held)
    refuse_stale(held, seen)
    if missing := missing_for_submission(held):
        words = ", ".join(str(WORDS[name]) for name in missing)
        raise Refusal("fund_project_incomplete", _("아직 비어 있습니다: %(words)s.") % {"words": words}, missing)
    step(held, ProjectState.REVIEW)
    held.submitted_at, held.submitted_by, held.return_comment = timezone.now(), actor, ""
    held.submission += 1
    with deed("submit_fund_project", actor=actor) as done:
        keep(held)
        done.about(held, region=held.region, submission=held.submission)
    notify(
        kind="fund_project_submitted", key=f"fund-project:{held.code}:review:{held.submission}",
        title=_("%(region)s의 기금 연계 사업을 함께 검토해 주세요: %(name)s") % {"region": held.region, "name": held.name},
        url=project_url(held), capability=Capability.AGREE_FUND_PROJECTS,
    )  # fmt: skip
    return held


@transaction.atomic
def record_review(
    *, project: FundProject, ministry: str, stance: str, comment: str, given_on: date, document: str = "",
    bonus_points: Decimal | None = None, bonus_note: str = "", seen: int, actor: User,
) -> ProjectReview:  # fmt: skip
    """Write down what a ministry said of this submission; 행정안전부 may note the points it gives in the evaluation."""
    held = locked(project)
    needs_ministry(actor)
    refuse_stale(held, seen)
    faults = {}
    if held.state != ProjectState.REVIEW:
        raise Refusal("fund_project_state", _("공동 검토 중인 사업에만 의견을 적을 수 있습니다."))
    if ministry not in {one.value for one in Ministry} - {Ministry.LOCAL, Ministry.PRIVATE}:
        faults["ministry"] = _("부처를 고르세요.")
    if stance != Stance.AGREE and not comment.strip():
        faults["comment"] = _("조건부 동의나 보완 필요는 검토 의견을 적어야 합니다.")
    if given_on > timezone.localdate():
        faults["given_on"] = _("아직 오지 않은 날은 적을 수 없습니다.")
    if bonus_points is not None and ministry != Ministry.MOIS:
        faults["bonus_points"] = _("기금 평가 가점은 행정안전부 의견에만 적습니다.")
    if (bonus_points is None) != (not bonus_note.strip()):
        faults["bonus_note"] = _("가점과 그 근거는 함께 적어 주세요.")
    if faults:
        raise Refusal("review_wrong", _("검토 의견에 고칠 곳이 있습니다."), faults)
    row = ProjectReview(
        project=held, submission=held.submission, ministry=ministry, stance=stance, comment=comment.strip(),
        document=document.strip(), given_on=given_on, recorded_by=actor,
    )  # fmt: skip
    row.full_clean()
    if bonus_points is not None:
        held.bonus_points, held.bonus_note = bonus_points, bonus_note.strip()
    with deed("record_fund_review", actor=actor) as done:
        row.save()
        keep(held)
        done.about(held, region=held.region, ministry=ministry, stance=stance)
    return row


@transaction.atomic
def return_project(*, project: FundProject, comment: str, seen: int, actor: User) -> FundProject:
    """Back to the municipality, saying what is to be mended."""
    held = locked(project)
    needs_ministry(actor)
    refuse_stale(held, seen)
    step(held, ProjectState.RETURNED)
    if not comment.strip():
        raise Refusal("comment_missing", _("보완할 점을 적어 주세요."), {"comment": _("보완할 점을 적어 주세요.")})
    held.return_comment = comment.strip()
    with deed("return_fund_project", actor=actor, reason=comment.strip()) as done:
        keep(held)
        done.about(held, region=held.region)
    settle_notices(f"fund-project:{held.code}:review:{held.submission}")
    _tell_writers(held, "returned", _("기금 연계 사업을 보완해 주세요: %(name)s") % {"name": held.name})
    return held


def lacking_reviews(project: FundProject) -> list[str]:
    """The ministries that have not yet looked at this submission, or want it mended, as sentences."""
    given = dict(project.reviews.filter(submission=project.submission).values_list("ministry", "stance"))
    told = [
        _("%(ministry)s의 검토 의견이 없습니다.") % {"ministry": Ministry(one).label}
        for one in REVIEWERS
        if one not in given
    ]
    return told + [
        _("%(ministry)s이(가) 보완이 필요하다고 했습니다.") % {"ministry": Ministry(one).label}
        for one, stance in given.items()
        if stance == Stance.REVISE
    ]


@transaction.atomic
def agree_project(*, project: FundProject, amounts: Mapping[int, int], seen: int, actor: User) -> FundProject:
    """Both ministries agree. `amounts`: agreed won by key of a money row; a row that is not named keeps what was asked."""
    held = locked(project)
    needs_ministry(actor)
    refuse_stale(held, seen)
    step(held, ProjectState.AGREED)
    if lacking := lacking_reviews(held):
        raise Refusal("reviews_lacking", " ".join(lacking))
    held.agreed_at, held.agreed_by = timezone.now(), actor
    with deed("agree_fund_project", actor=actor) as done:
        won = _set_agreed(held, amounts, everything=True)
        keep(held)
        _owe_reports(held)
        done.about(held, region=held.region, won=won)
    settle_notices(f"fund-project:{held.code}:review:{held.submission}")
    _tell_writers(held, "agreed", _("기금 연계 사업에 합의했습니다: %(name)s") % {"name": held.name})
    return held


def _set_agreed(project: FundProject, amounts: Mapping[int, int], *, everything: bool = False) -> int:
    rows = {row.pk: row for row in project.money.all()}
    if set(amounts) - set(rows):
        raise Refusal("unknown_money", _("이 사업에 없는 예산이 들어 있습니다."))
    faults = {}
    for pk, row in rows.items():
        won = amounts.get(pk, row.planned if everything else row.agreed)
        if won < row.executed:
            faults[f"a{pk}"] = _("%(row)s: 이미 %(won)s원을 집행했습니다. 그보다 적게 줄일 수 없습니다.") % {
                "row": row, "won": f"{row.executed:,}",
            }  # fmt: skip
        row.agreed = won
    if faults:
        raise Refusal("below_executed", " ".join(faults.values()), faults)
    for row in rows.values():
        row.full_clean()
        row.save(update_fields=["agreed"])
    return sum(row.agreed for row in rows.values())


@transaction.atomic
def change_money(
    *, project: FundProject, amounts: Mapping[int, int], reason: str, seen: int, actor: User
) -> FundProject:
    """Agreed money changes while the project is carried out, with a reason; never below what was spent."""
    held = locked(project)
    needs_ministry(actor)
    refuse_stale(held, seen)
    if held.state not in GOING:
        raise Refusal("fund_project_state", _("합의했거나 집행 중인 사업의 예산만 바꿀 수 있습니다."))
    if not reason.strip():
        raise Refusal("reason_missing", _("예산을 바꾸는 사유를 적어 주세요."), {"reason": _("사유를 적어 주세요.")})
    with deed("change_fund_money", actor=actor, reason=reason.strip()) as done:
        won = _set_agreed(held, amounts)
        keep(held)
        done.about(held, region=held.region, won=won)
    return held


def _owe_reports(project: FundProject) -> None:
    days = Holiday.objects.days()
    for half in halves(project.starts_on, project.ends_on):
        ProjectReport.objects.create(project=project, half=half, legal_due=legal_due(half), due_on=due_day(half, days))


@transaction.atomic
def start_project(*, project: FundProject, seen: int, actor: User) -> FundProject:
    """The agreed project is carried out from now on."""
    held = locked(project)
    needs_writer(actor, held)
    refuse_stale(held, seen)
    step(held, ProjectState.RUNNING)
    with deed("start_fund_project", actor=actor) as done:
        keep(held)
        done.about(held, region=held.region)
    return held


@transaction.atomic
def close_project(*, project: FundProject, result: str, seen: int, actor: User) -> FundProject:
    """The ministry closes a project whose reports are all accepted."""
    held = locked(project)
    needs_ministry(actor)
    refuse_stale(held, seen)
    step(held, ProjectState.CLOSED)
    if left := held.reports.exclude(state=ReportState.ACCEPTED).count():
        raise Refusal("reports_open", _("확인하지 않은 반기 보고가 %(count)s건 있습니다.") % {"count": left})
    if not result.strip():
        raise Refusal("result_missing", _("종료 결과를 적어 주세요."), {"result": _("종료 결과를 적어 주세요.")})
    held.result, held.closed_at, held.closed_by = result.strip(), timezone.now(), actor
    with deed("close_fund_project", actor=actor) as done:
        keep(held)
        done.about(held, region=held.region)
    _tell_writers(held, "closed", _("기금 연계 사업을 종료했습니다: %(name)s") % {"name": held.name})
    return held


@transaction.atomic
def withdraw_project(*, project: FundProject, reason: str, seen: int, actor: User) -> FundProject:
    """The municipality takes its draft back before it is agreed."""
    held = locked(project)
    needs_writer(actor, held)
    refuse_stale(held, seen)
    step(held, ProjectState.WITHDRAWN)
    with deed("withdraw_fund_project", actor=actor, reason=reason.strip()) as done:
        keep(held)
        done.about(held, region=held.region)
    settle_notices(f"fund-project:{held.code}:review:{held.submission}")
    return held
