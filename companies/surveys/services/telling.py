"""Whom a deed of the surveys concerns, told once: within the transaction of the deed."""

from django.urls import reverse
from django.utils.translation import gettext as _

from companies.surveys.models import LockException, RegionWindow, Submission, SurveyRound, Target
from portal.directory.enums import Capability
from portal.directory.models import Organization
from portal.directory.services import notify, settle_notices
from portal.kernel import display


def _returned(target: Target) -> str:
    return f"survey-returned:{target.pk}"


def tell_returned(submission: Submission, fixes: int) -> None:
    """Whoever handed the sheet in, and the body that collects it, mend it."""
    target = submission.target
    what = _("고칠 항목 %(count)s개") % {"count": fixes} if fixes else _("사유를 확인해 주세요")
    notify(
        kind="survey_returned",
        key=f"{_returned(target)}:{submission.version}",
        title=_("‘%(company)s’ 조사표를 돌려받았습니다: %(what)s") % {"company": target.company.name_ko, "what": what},
        url=reverse("surveys:target", args=[target.pk]),
        users=[submission.submitted_by] if submission.submitted_by else [],
        organizations=[target.technopark] if target.technopark else [],
        capability=Capability.ENTER_SURVEYS if target.technopark else None,
    )


def settle_returned(submission: Submission) -> None:
    """The sheet was handed in again: nothing is left to mend."""
    versions = submission.revisions.filter(state="RETURNED").values_list("version", flat=True)
    settle_notices(*(f"{_returned(submission.target)}:{version}" for version in versions))


def tell_window(window: RegionWindow) -> None:
    """The region's officers learn of their own dates, and of every change of them."""
    dates = "-".join(day.strftime("%y%m%d") for day in (window.opens_on, window.due_on, window.closes_on))
    notify(
        kind="survey_window",
        key=f"survey-window:{window.round_id}:{window.region_id}:{dates}",
        title=_("‘%(round)s’의 %(region)s 제출 기한이 %(due)s(으)로 정해졌습니다: %(reason)s")
        % {
            "round": window.round,
            "region": window.region.name,
            "due": display.day(window.due_on),
            "reason": window.reason,
        },
        url=reverse("surveys:round_dates", args=[window.round.code]),
        regions=[window.region_id],
        capability=Capability.ENTER_SURVEYS,
        due=window.due_on,
    )


def tell_exception(exception: LockException) -> None:
    """The officers for whom the lock is open again."""
    survey, target = exception.round, exception.target
    whose = target.company.name_ko if target else exception.region.name
    by_round = f"{reverse('surveys:targets')}?round={survey.code}&state=MISSING"
    notify(
        kind="survey_exception",
        key=f"survey-exception:{exception.pk}",
        title=_("‘%(round)s’: %(whose)s은(는) %(until)s까지 적을 수 있습니다")
        % {"round": survey, "whose": whose, "until": display.day(exception.last_day)},
        url=reverse("surveys:target", args=[target.pk]) if target else by_round,
        regions=[exception.region_id],
        capability=Capability.ENTER_SURVEYS,
        due=exception.last_day,
    )


def tell_asked(survey: SurveyRound, bodies: list[Organization]) -> None:
    """The technoparks that have companies to ask in a round, once a round."""
    if not bodies:
        return
    notify(
        kind="survey_asked",
        key=f"survey-asked:{survey.pk}",
        title=_("‘%(round)s’의 조사 대상이 정해졌습니다") % {"round": survey},
        url=reverse("surveys:round", args=[survey.code]),
        organizations=bodies,
        capability=Capability.ENTER_SURVEYS,
        due=survey.due_on,
    )
