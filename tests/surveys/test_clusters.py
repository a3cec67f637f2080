"""Tenants of clusters: by dated membership, and never telling of a single firm to who may not see it."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.surveys.selectors import tenant_counts
from portal.directory.scope import scope_of
from tests.factories.crisis import ClusterFactory
from tests.surveys.conftest import tenants

pytestmark = pytest.mark.django_db
SECRET = "비공개(3 미만)"


def test_tenants_are_counted_by_dated_membership(places, people):
    today = timezone.localdate()
    cluster = tenants(places.near, 2)
    tenants(places.near, 1, cluster=cluster, since=today + timedelta(days=1))
    tenants(places.near, 1, cluster=cluster, state="CLOSED")
    scope = scope_of(people.clerk)
    counts = tenant_counts([cluster], scope, today)
    assert (counts.tenants[cluster.pk].value, counts.operating[cluster.pk].value) == (3, 2)
    assert tenant_counts([cluster], scope, today + timedelta(days=1)).tenants[cluster.pk].value == 4
    assert tenant_counts([cluster], scope, date(2019, 12, 31)).tenants[cluster.pk].value == 0


def test_company_merged_away_is_no_tenant(places, people):
    from companies.models import Company

    cluster = tenants(places.near, 4)
    one, other = Company.objects.order_by("pk")[:2]
    Company.objects.filter(pk=one.pk).update(merged_into=other)
    counts = tenant_counts([cluster], scope_of(people.clerk), timezone.localdate())
    assert counts.tenants[cluster.pk].value == 3


def test_small_counts_are_hidden_from_who_may_not_see_firms(places, people):
    small, large, empty = tenants(places.near, 2), tenants(places.near, 9), ClusterFactory(region=places.near)
    day = timezone.localdate()
    for user, hidden in (
        (people.clerk, False),
        (people.reviewer, False),
        (people.ministry, False),
        (people.council, True),
    ):
        counts = tenant_counts([small, large, empty], scope_of(user), day)
        assert (counts.tenants[small.pk].value is None) is hidden
        assert counts.tenants[empty.pk].value == 0
        # with the total of the region shown, the other one must be hidden too
        assert (counts.tenants[large.pk].value is None) is hidden
        assert counts.regions[places.near.pk].value == 11
    assert counts.tenants[small.pk].text == SECRET


def test_what_is_hidden_does_not_depend_on_what_is_asked_for(places, people):
    small, large = tenants(places.near, 1), tenants(places.near, 9)
    scope, day = scope_of(people.council), timezone.localdate()
    alone = tenant_counts([large], scope, day)
    both = tenant_counts([small, large], scope, day)
    assert alone.tenants[large.pk] == both.tenants[large.pk]
    assert alone.tenants[large.pk].value is None


def test_limit_is_a_setting(places, people, settings):
    cluster = tenants(places.near, 4)
    settings.SURVEYS_SMALLEST_COUNT = 5
    shown = tenant_counts([cluster], scope_of(people.council), timezone.localdate()).tenants[cluster.pk]
    assert (shown.value, shown.text) == (None, "비공개(5 미만)")


def exported(client, user):
    client.force_login(user)
    answer = client.get(
        reverse("surveys:clusters"), {"export": "csv", "cols": ["tenants", "operating", "region_total"]}
    )
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return {row["코드"]: row for row in csv.DictReader(io.StringIO(text))}


def test_page_and_export_hide_the_same(client, text, places, people):
    from portal.directory.enums import Role
    from tests.factories.directory import person

    small, large = tenants(places.near, 1), tenants(places.near, 9)
    outsider = person(role=Role.CRISIS_CENTRE, organization=people.clerk.memberships.get().organization)
    url = reverse("surveys:cluster", args=[small.code])
    assert SECRET in text(outsider, url)
    assert SECRET not in text(people.clerk, url)
    assert text(outsider, reverse("surveys:clusters")).count(SECRET) == 4
    rows = exported(client, outsider)
    assert (rows[small.code]["입주기업(사업장)"], rows[large.code]["가동"]) == (SECRET, SECRET)
    assert rows[small.code]["시·군·구 합계"] == "10"
    assert exported(client, people.clerk)[small.code]["입주기업(사업장)"] == "1"


def test_names_of_tenants_are_for_who_may_see_firms_there(text, places, people):
    from companies.models import Company

    cluster = tenants(places.near, 4)
    name = Company.objects.first().name_ko
    url = reverse("surveys:cluster", args=[cluster.code])
    assert name in text(people.clerk, url)
    assert name in text(people.ministry, url)
    assert name not in text(people.council, url)
    text(people.other, url, status=404)
    text(people.nobody, url, status=403)


@pytest.mark.parametrize("count", [1, 6])
def test_list_costs_the_same_for_any_number_of_clusters(client, places, people, count, django_assert_num_queries):
    for _ in range(count):
        tenants(places.near, 2)
    client.force_login(people.council)
    client.get(reverse("surveys:clusters"))  # the frame remembers what it counted
    with django_assert_num_queries(7):  # session, user, scope, count, rows, clusters of the regions, memberships
        client.get(reverse("surveys:clusters"))
