"""What waits for somebody in prevention plans."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.plans.models import Obligation, Plan, QuarterlyReport
from crisis.waiting import Asked, Wait
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.todo import Waiting


def waiting(scope: Scope) -> Iterator[Waiting]:
    """Obligations and reports for the 시·도, plans for the office and the ministry, checks for the centre."""
    yield from _writing(scope)
    if scope.can(Capability.REVIEW_PLANS):
        plans = Plan.objects.written_within(scope.within(Capability.REVIEW_PLANS)).awaiting_review()
        yield Waiting(_("검토할 예방계획"), f"{reverse('plans:plans')}?state=SUBMITTED", plans)
    if scope.can(Capability.RATE_PLANS):
        mine = scope.within(Capability.RATE_PLANS)
        plans = Plan.objects.written_within(mine).awaiting_approval()
        yield Waiting(_("승인할 예방계획"), f"{reverse('plans:plans')}?state=SUBMITTED", plans)
        reports = QuarterlyReport.objects.within(mine).to_rate()
        yield Waiting(_("평가할 이행 보고"), f"{reverse('plans:reports')}?state=RATE", reports)
        ended = Plan.objects.written_within(mine).in_effect().filter(evaluation__isnull=False)
        yield Waiting(_("종료할 예방계획"), f"{reverse('plans:plans')}?state=EVALUATED", ended)
    if scope.can(Capability.CHECK_PLANS):
        reports = QuarterlyReport.objects.within(scope.within(Capability.CHECK_PLANS)).to_check()
        yield Waiting(_("점검할 이행 보고"), f"{reverse('plans:reports')}?state=SUBMITTED", reports)


def _writing(scope: Scope) -> Iterator[Waiting]:
    if not scope.can(Capability.WRITE_PLANS):
        return
    mine, today = scope.within(Capability.WRITE_PLANS), timezone.localdate()
    owed = Obligation.objects.owed_within(mine).unanswered()
    yield Waiting(_("예방계획을 낼 지역"), reverse("plans:obligations"), owed, "due_on")
    returned = Plan.objects.written_within(mine).filter(state="RETURNED")
    yield Waiting(_("고쳐서 다시 낼 예방계획"), f"{reverse('plans:plans')}?state=RETURNED", returned)
    reports = QuarterlyReport.objects.within(mine).owed().filter(quarter__lte=today)
    yield Waiting(_("낼 이행 보고"), f"{reverse('plans:reports')}?state=OWED", reports, "due_on")
    ended = Plan.objects.written_within(mine).ended_by(today).filter(evaluation=None)
    yield Waiting(_("종료 평가할 예방계획"), f"{reverse('plans:plans')}?state=ENDED", ended, "evaluation_due")


def of_areas(asked: Asked) -> dict[int, list[Wait]]:
    """Areas whose 시·도 has not handed in the plan an alarm obliges it to."""
    rows = Obligation.objects.unanswered().filter(area__in=asked.areas, determination__round=asked.round)
    url = reverse("plans:obligations")
    return {pk: [Wait(_("예방계획 제출"), url)] for pk in rows.values_list("area", flat=True)}
