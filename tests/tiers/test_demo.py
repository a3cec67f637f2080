"""Shipped data and the demo: they load, twice is once, and the demo shows every turn of the road."""

from collections import Counter
from datetime import date

import pytest
from django.utils import timezone

from companies.models import Certification
from companies.tiers import rules, services
from companies.tiers.demo import load_tier_demo
from companies.tiers.enums import CaseKind, CaseState, Tier
from companies.tiers.loaders import load_tiers
from companies.tiers.models import CohortTarget, CriteriaSet, LeadingDesignation, PartnerRegion, TierCase, TierPeriod
from portal.directory.enums import Role
from portal.directory.models import User
from portal.kernel.dates import period
from tests.factories.directory import ALWAYS, OrganizationFactory, RegionFactory, person
from tests.tiers.factories import firm, industry

pytestmark = pytest.mark.django_db
SIDOS = ("45", "48", "50", "52")


@pytest.fixture
def regions(db):
    return {code: RegionFactory(scheme="MOIS", code=code, name_ko=f"도{code}", effective=ALWAYS) for code in SIDOS}


def test_published_criteria_and_targets_load_once(regions):
    first, again = load_tiers(), load_tiers()
    assert [(row.created, row.changed) for row in again] == [(0, 0), (0, 0)]
    assert first[0].created == CriteriaSet.objects.count() == 16
    assert {(t.tier, t.count) for t in CohortTarget.objects.all()} == {
        ("POTENTIAL", 7000), ("PRELIMINARY", 3000), ("LEADING", 280), ("SUPRA_REGIONAL", 20),
    }  # fmt: skip


def test_every_published_set_is_named_provisional_sourced_and_draft(regions):
    load_tiers()
    for criteria in CriteriaSet.objects.all():
        assert (criteria.is_published, criteria.provisional, criteria.state) == (True, True, "DRAFT")
        assert criteria.source, criteria.code
        assert criteria.sha256 == rules.digest(criteria.body)
        criteria.full_clean()


def test_a_published_set_is_copied_not_edited_nor_adopted(regions, people):
    from portal.kernel.errors import Refusal

    load_tiers()
    one = CriteriaSet.objects.get(code="jeonbuk-2025-preliminary")
    with pytest.raises(Refusal, match="사본"):
        services.adopt_criteria(
            criteria=one, document="문서", start=timezone.localdate(), end=None, actor=people.ministry
        )
    copy = services.copy_criteria(criteria=one, code="jeonbuk-2027-preliminary-1", actor=people.ministry, facts={})
    assert (copy.body, copy.version, copy.is_published, copy.region) == (one.body, 2, False, one.region)
    start = timezone.localdate()
    made = services.adopt_criteria(criteria=copy, document="문서", start=start, end=None, actor=people.ministry)
    assert made.state == "ADOPTED"


def test_adopting_the_next_set_ends_the_one_before(people):
    from tests.tiers.factories import CriteriaFactory

    old, new = CriteriaFactory(adopted=True), CriteriaFactory()
    services.adopt_criteria(criteria=new, document="문서", start=date(2026, 6, 1), end=None, actor=people.ministry)
    old.refresh_from_db()
    assert (old.state, old.effective.upper) == ("ADOPTED", date(2026, 6, 1))
    assert CriteriaSet.objects.in_force_on(date(2026, 5, 31)).get() == old
    assert CriteriaSet.objects.in_force_on(date(2026, 6, 1)).get() == new
    services.retire_criteria(criteria=new, end=date(2026, 9, 1), reason="개편", actor=people.ministry)
    assert not CriteriaSet.objects.in_force_on(date(2026, 8, 1)).exists()


@pytest.fixture
def demo_firms(regions):
    """Invented firms of the demo's region, some of them strong, and supra-regional ones led from elsewhere."""
    here, there = regions["48"], regions["52"]
    place = RegionFactory(sigungu=True, parent=here)
    strong = [firm(place, name_ko=f"센{n}예시", is_demo=True, sales=15_000_000_000) for n in range(3)]
    for one in strong:
        one.years.update(exports_direct=4_000_000_000, exports_indirect=0, rnd=1_000_000_000)
        Certification.objects.create(company=one, kind="LAB", effective=period(date(2020, 1, 1)))
    medium = [firm(place, name_ko=f"중간{n}예시", is_demo=True) for n in range(3)]
    small = [firm(place, name_ko=f"작은{n}예시", is_demo=True, sales=700_000_000, employees=4) for n in range(7)]
    led = [firm(there, name_ko="두곳예시", is_demo=True, lead_region=there)]
    firm(place, name_ko="진짜기업")
    return strong + medium + small + led


@pytest.fixture
def demo_people(regions):
    office = OrganizationFactory(of_region=regions["48"])
    for login, role in (
        ("tp-gyeongnam", Role.TECHNOPARK), ("gyeongnam", Role.OFFICE_STAFF), ("gyeongnam-head", Role.OFFICE_HEAD),
    ):  # fmt: skip
        User.objects.filter(pk=person(role=role, organization=office).pk).update(login_id=login)
    User.objects.filter(pk=person(role=Role.HQ).pk).update(login_id="hq")


def test_the_demo_needs_its_accounts(demo_firms):
    assert load_tier_demo() == {"firms": 0, "cases": 0, "plans": 0}


def test_the_demo_needs_its_firms(regions, demo_people):
    assert load_tier_demo() == {"firms": 0, "cases": 0, "plans": 0}
    assert not CriteriaSet.objects.exists()


def test_the_demo_shows_every_turn_and_loads_once(demo_firms, demo_people):
    industry(RegionFactory(), codes=("291", "292"))
    first = load_tier_demo()
    assert first["firms"] == len(demo_firms) - 1  # one of those that wait stays untouched
    assert load_tier_demo() == first
    held = Counter(TierPeriod.objects.as_of(timezone.localdate()).values_list("tier", flat=True))
    assert set(held) == set(Tier)
    kinds = Counter(TierCase.objects.values_list("kind", "state"))
    assert kinds[CaseKind.DEMOTION, CaseState.APPROVED] == 1
    assert kinds[CaseKind.DEMOTION, CaseState.HEARING] == 1
    assert kinds[CaseKind.APPEAL, CaseState.CANDIDATE] == 1
    for state in (CaseState.CANDIDATE, CaseState.IN_REVIEW, CaseState.REVIEWED):
        assert kinds[CaseKind.ENTRY, state]
    assert LeadingDesignation.objects.count() >= 2
    assert PartnerRegion.objects.exists()
    assert not TierCase.objects.filter(is_demo=False).exists()
    assert not TierCase.objects.filter(company__name_ko="진짜기업").exists()
    assert not TierPeriod.objects.filter(effective__startswith__gt=timezone.localdate()).exists()
