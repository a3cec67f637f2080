"""The demo of plans and measures: told as a story, marked, loaded once."""

import pytest
from django.utils import timezone

from crisis.enums import Stage
from crisis.measures.demo import load_measures_demo
from crisis.measures.selectors import asker_of
from crisis.plans import services
from crisis.plans.demo import PEOPLE, load_plans_demo
from crisis.plans.enums import PlanState
from crisis.plans.models import Obligation, Plan, QuarterlyReport
from crisis.plans.selectors import failing_measures
from portal.directory.enums import OrganizationKind, Role
from portal.directory.models import User
from portal.directory.scope import EVERYTHING, scope_of
from tests.factories.crisis import AreaFactory
from tests.factories.directory import MembershipFactory, OrganizationFactory, RegionFactory, UserFactory
from tests.plans.situations import decided

pytestmark = pytest.mark.django_db
ROLES = {"writer": Role.SIDO, "office": Role.OFFICE_STAFF, "ministry": Role.HQ, "centre": Role.CRISIS_CENTRE}


@pytest.fixture
def gyeongnam(db):
    sido = RegionFactory(code="48", name_ko="경상남도")
    for key, role in ROLES.items():
        user = UserFactory(login_id=PEOPLE[key], is_demo=True)
        MembershipFactory(user=user, role=role, organization=OrganizationFactory(of_region=sido))
    return sido


def test_nothing_happens_before_the_demo_councils_have_met(gyeongnam):
    assert load_plans_demo() == 0


def test_the_story_is_told_once_and_marked(gyeongnam):
    for at in range(4):
        area = AreaFactory(region=RegionFactory(sigungu=True, parent=gyeongnam), code=f"D{at}")
        services.on_confirmed(decided(area, Stage.CAUTION, is_demo=True, start=timezone.localdate()))
    assert (load_plans_demo(), load_plans_demo()) == (2, 0)
    assert {plan.state for plan in Plan.objects.all()} == {PlanState.RUNNING, PlanState.SUBMITTED}
    assert all(plan.is_demo and "예시" in plan.title for plan in Plan.objects.all())
    assert Obligation.objects.unanswered().count() == 1
    assert QuarterlyReport.objects.to_rate().count() == 1
    assert isinstance(failing_measures(EVERYTHING, timezone.localdate()), list)


def test_the_funds_system_may_ask(db):
    assert load_measures_demo() == 0
    OrganizationFactory(code="KOSME", kind=OrganizationKind.FUND)
    assert (load_measures_demo(), load_measures_demo()) == (2, 0)
    for login in ("api-kosme", "finance"):
        asker = asker_of(scope_of(User.objects.get(login_id=login)))
        assert asker is not None
        assert (asker.everywhere, asker.bare) == (True, True)
