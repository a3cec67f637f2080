"""Scope: what a person's memberships add up to."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from portal.directory.enums import Capability, RegionLevel, Role, SuccessionKind
from portal.directory.models import Region, RegionSuccession
from portal.directory.scope import NOTHING, scope_of
from tests.factories.directory import MembershipFactory, OrganizationFactory, RegionFactory, UserFactory, person

pytestmark = pytest.mark.django_db


def test_an_office_reaches_the_regions_below_its_own():
    sido = RegionFactory()
    inside, outside = RegionFactory(sigungu=True, parent=sido), RegionFactory(sigungu=True)
    scope = scope_of(person(region=sido))
    assert scope.holds(inside.pk)
    assert not scope.holds(outside.pk)


def test_an_office_keeps_the_history_of_a_region_it_took_over():
    old, new = RegionFactory(sigungu=True), RegionFactory(sigungu=True)
    RegionSuccession.objects.create(predecessor=old, successor=new, on=date(2023, 7, 1), kind=SuccessionKind.MOVED)
    assert scope_of(person(region=new.parent)).holds(old.pk)
    assert not scope_of(person(region=old.parent)).holds(new.pk)


def test_a_membership_that_ended_gives_nothing():
    user = UserFactory()
    organization = OrganizationFactory(of_region=RegionFactory())
    MembershipFactory(user=user, organization=organization, effective=DateRange(date(2020, 1, 1), date(2021, 1, 1)))
    assert scope_of(user).is_empty


def test_a_stranger_has_the_empty_scope():
    assert scope_of(UserFactory()).is_empty
    assert not Region.objects.visible_to(NOTHING).exists()


def test_a_capability_holds_only_where_its_role_is():
    here, there = RegionFactory(), RegionFactory()
    user = person(role=Role.TECHNOPARK, region=here)
    MembershipFactory(user=user, organization=OrganizationFactory(of_region=there), role=Role.COUNCIL_MEMBER)
    scope = scope_of(user)
    assert scope.holds(there.pk)
    assert not scope.within(Capability.ENTER_OBSERVATIONS).holds(there.pk)
    assert scope.within(Capability.ENTER_OBSERVATIONS).holds(here.pk)


def test_the_ministry_sees_the_whole_country_and_everyone_sees_the_nation_itself():
    region = RegionFactory()
    assert scope_of(person(role=Role.HQ)).nationwide
    seen = Region.objects.visible_to(scope_of(person(region=region)))
    assert {r.level for r in seen} == {RegionLevel.SIDO, RegionLevel.NATION}


def test_the_whole_country_survives_an_alternative_and_stays_silent_alone():
    """`regions(…) | other`: an empty condition would vanish there and leave the ministry nothing but `other`."""
    one, _two = RegionFactory(), RegionFactory()
    ministry, stranger = scope_of(person(role=Role.HQ)), NOTHING
    for scope, alone, either in ((ministry, Region.objects.count(), Region.objects.count()), (stranger, 0, 1)):
        assert Region.objects.filter(scope.regions("pk")).count() == alone
        assert Region.objects.filter(scope.regions("pk") | Q(pk=one.pk)).count() == either
        assert Region.objects.filter(Q(pk=one.pk) | scope.regions("pk")).count() == either


def test_a_scope_costs_one_query(django_assert_num_queries):
    user = person(region=RegionFactory())
    with django_assert_num_queries(1):
        scope_of(user)
