"""What waits for somebody in field surveys."""

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.fieldwork.enums import CampaignState
from crisis.fieldwork.models import Campaign, Unit
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.todo import Todo, Waiting


def waiting(scope: Scope) -> Iterator[Todo | Waiting]:
    """Sheets to fill in for those who ask firms; campaigns to open, to confirm and to confirm again for who runs them."""
    today = timezone.localdate()
    if scope.can(Capability.ENTER_SURVEYS):
        open_now = Campaign.objects.running().filter(opens_on__lte=today)
        units = Unit.objects.entered_within(scope).unfinished().filter(campaign__in=open_now)
        yield Waiting(_("받을 조사표"), f"{reverse('fieldwork:units')}?state=OPEN", units, "campaign__closes_due")
    if scope.can(Capability.RUN_FIELDWORK):
        mine = Campaign.objects.run_within(scope.within(Capability.RUN_FIELDWORK))
        draft = Q(state=CampaignState.DRAFT)
        found = mine.aggregate(
            drafts=Count("pk", filter=draft),
            first=Min("opens_on", filter=draft),
            closed=Count("pk", filter=Q(state=CampaignState.CLOSED)),
            again=Count("pk", filter=Q(state=CampaignState.CONFIRMED, corrected_at__isnull=False)),
        )
        listed = reverse("fieldwork:campaigns")
        yield Todo(_("시작할 현장 실태조사"), f"{listed}?state=DRAFT", found["drafts"], found["first"])
        yield Todo(_("결과를 확정할 현장 실태조사"), f"{listed}?state=CLOSED", found["closed"])
        yield Todo(_("고친 결과를 다시 확정할 현장 실태조사"), f"{listed}?corrected=true", found["again"])
