"""What waits for a reader in tiers."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.tiers.enums import CaseState
from companies.tiers.models import GrowthStep, LeadingReport, TierCase
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.todo import Waiting

SOON = timedelta(days=30)


def waiting(scope: Scope) -> Iterator[Waiting]:
    """Cases to review or decide, reports due within a month, steps of one's own firms that are late."""
    yield from _cases(scope)
    today = timezone.localdate()
    if scope.can(Capability.MANAGE_COMPANIES):
        mine = scope.within(Capability.MANAGE_COMPANIES)
        due = LeadingReport.objects.due_by(today + SOON).filter(mine.regions("designation__region"))
        yield Waiting(_("선도기업 반기 보고"), reverse("tiers:reports") + "?state=owed", due, "due_on")
    if scope.user_id:
        late = GrowthStep.objects.late_on(today).filter(strategy__officer=scope.user_id)
        url = reverse("tiers:strategies") + "?mine=late"
        yield Waiting(_("기한이 지난 성장전략 단계"), url, late, detail=_("전담 기업의 지원 단계"))


def _cases(scope: Scope) -> Iterator[Waiting]:
    if scope.can(Capability.REVIEW_TIERS):
        cases = TierCase.objects.decided_within(scope.within(Capability.REVIEW_TIERS)).awaiting_review()
        yield Waiting(_("검토할 등급 심사"), reverse("tiers:cases") + "?state=REVIEW", cases)
    if scope.can(Capability.DECIDE_TIERS):
        cases = TierCase.objects.decided_within(scope.within(Capability.DECIDE_TIERS)).awaiting_decision()
        ripe = cases.exclude(state=CaseState.HEARING)
        yield Waiting(_("결정할 등급 심사"), reverse("tiers:cases") + "?state=DECIDE", ripe)
