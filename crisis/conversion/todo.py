"""What waits for somebody in business conversion."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.conversion.enums import DiagnosisState, EditionState, PlanState
from crisis.conversion.models import ConversionPlan, Diagnosis, FollowUp, Milestone
from crisis.conversion.rules import last_quarter
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.todo import Waiting


def waiting(scope: Scope) -> Iterator[Waiting]:
    """Diagnoses, returned plans, steps, contacts and looks back for the workers; decisions and checks for the office."""
    yield from _working(scope)
    plans = f"{reverse('conversion:plans')}?state="
    if scope.can(Capability.CHECK_CONVERSION):
        mine = scope.within(Capability.CHECK_CONVERSION).regions("sido")
        desk = ConversionPlan.objects.filter(mine, editions__state=EditionState.SUBMITTED)
        yield Waiting(_("심사할 사업전환계획"), f"{plans}SUBMITTED", desk)
        reported = Milestone.objects.to_check().filter(
            scope.within(Capability.CHECK_CONVERSION).regions("edition__plan__sido")
        )
        yield Waiting(_("확인할 추진 단계"), f"{reverse('conversion:milestones')}?state=REPORTED", reported)
    if scope.can(Capability.DECIDE_CONVERSION):
        mine = scope.within(Capability.DECIDE_CONVERSION).regions("sido")
        ending = ConversionPlan.objects.filter(mine, state=PlanState.COMPLETING)
        yield Waiting(_("완료를 심사할 사업전환"), f"{plans}COMPLETING", ending)


def _working(scope: Scope) -> Iterator[Waiting]:
    if not scope.can(Capability.WORK_CONVERSION):
        return
    mine, today = scope.within(Capability.WORK_CONVERSION), timezone.localdate()
    diagnoses = Diagnosis.objects.visible_to(mine)
    address = reverse("conversion:diagnoses")
    asked = diagnoses.filter(state=DiagnosisState.REQUESTED)
    yield Waiting(_("구조혁신 진단 신청"), f"{address}?state=REQUESTED", asked)
    yield Waiting(_("연계를 정할 진단"), f"{address}?state=TO_REFER", diagnoses.to_refer())
    led = ConversionPlan.objects.led_within(mine)
    plans = f"{reverse('conversion:plans')}?state="
    yield Waiting(_("보완할 사업전환계획"), f"{plans}RETURNED", led.filter(editions__state=EditionState.RETURNED))
    late = Milestone.objects.overdue_on(today).filter(edition__plan__in=led)
    yield Waiting(_("기한이 지난 추진 단계"), f"{reverse('conversion:milestones')}?state=OVERDUE", late, "due_on")
    silent = led.without_contact_in(*last_quarter(today))
    yield Waiting(_("지난 분기에 접촉하지 않은 사업전환"), f"{plans}SILENT", silent)
    owed = FollowUp.objects.overdue_on(today).filter(plan__in=led)
    yield Waiting(_("기한이 지난 사후 점검"), reverse("conversion:follow_ups") + "?state=OVERDUE", owed)
