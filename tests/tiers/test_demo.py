"""Shipped data and the demo: they load, twice is once, and the demo shows every turn of the road."""

from collections import Counter

import pytest
from django.utils import timezone

from companies.tiers import rules, services
from companies.tiers.demo import load_tier_demo
from companies.tiers.enums import CaseKind, CaseState, Tier
from companies.tiers.loaders import load_tiers
from companies.tiers.models import CohortTarget, CriteriaSet, LeadingDesignation, TierCase, TierPeriod
from portal.directory.enums import Role
from tests.factories.directory import ALWAYS, OrganizationFactory, RegionFactory, person

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
    from datetime import date

    from tests.tiers.factories import CriteriaFactory

    old, new = CriteriaFactory(adopted=True), CriteriaFactory()
    services.adopt_criteria(criteria=new, document="문서", start=date(2026, 6, 1), end=None, actor=people.ministry)
    old.refresh_from_db()
    assert (old.state, old.effective.upper) == ("ADOPTED", date(2026, 6, 1))
    assert CriteriaSet.objects.in_force_on(date(2026, 5, 31)).get() == old
    assert CriteriaSet.objects.in_force_on(date(2026, 6, 1)).get() == new
    services.retire_criteria(criteria=new, end=date(2026, 9, 1), reason="개편", actor=people.ministry)
    assert not CriteriaSet.objects.in_force_on(date(2026, 8, 1)).exists()


def test_the_demo_needs_its_accounts(regions):
    assert load_tier_demo() == {"firms": 0, "cases": 0, "plans": 0}


def test_the_demo_shows_every_turn_and_loads_once(regions):
    here = regions["48"]
    for code in ("48120", "48170", "48250", "48310", "48330"):
        RegionFactory(sigungu=True, scheme="MOIS", code=code, parent=here)
    office = OrganizationFactory(of_region=here)
    for login, role in (
        ("tp-gyeongnam", Role.TECHNOPARK), ("gyeongnam", Role.OFFICE_STAFF), ("gyeongnam-head", Role.OFFICE_HEAD),
    ):  # fmt: skip
        user = person(role=role, organization=office)
        type(user).objects.filter(pk=user.pk).update(login_id=login)
    first = load_tier_demo()
    assert first["firms"] == 24
    assert load_tier_demo() == first
    held = Counter(TierPeriod.objects.as_of(timezone.localdate()).values_list("tier", flat=True))
    assert set(held) == set(Tier)
    kinds = Counter(TierCase.objects.values_list("kind", "state"))
    assert kinds[CaseKind.DEMOTION, CaseState.APPROVED] == 1
    assert kinds[CaseKind.APPEAL, CaseState.CANDIDATE] == 1
    assert LeadingDesignation.objects.count() == 2
    assert not TierCase.objects.filter(is_demo=False).exists()
    assert all(name.endswith("예시") for name in TierCase.objects.values_list("company__name_ko", flat=True))
