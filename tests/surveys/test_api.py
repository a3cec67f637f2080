"""`/api/v1/cluster-tenants/` and `/api/v1/regional-industries/` for four people; small counts stay hidden."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from companies.models import Industry
from companies.surveys.models import RegionalIndustry, RegionalIndustryCode, RegionalIndustryRegion
from companies.surveys.serializers import ClusterTenantRow, RegionalIndustryRow
from tests.factories.directory import SINCE_2020
from tests.surveys.conftest import tenants

pytestmark = pytest.mark.django_db
TENANTS, INDUSTRIES = "/api/v1/cluster-tenants/", "/api/v1/regional-industries/"


@pytest.fixture
def read():
    """The rows of a list by code, as somebody reads them."""

    def of(user, url, status=200, **query):
        api = APIClient()
        if user is not None:
            api.force_login(user)
        response = api.get(url, query)
        assert response.status_code == status, response.content
        return {row["code"]: row for row in response.json()["results"]} if status == 200 else response

    return of


def test_each_of_the_four_people_reads_the_clusters_of_their_regions(read, places, people):
    here, there = tenants(places.near, 4), tenants(places.far, 4)
    assert set(read(people.clerk, TENANTS)) == {here.code}
    assert set(read(people.other, TENANTS)) == {there.code}
    assert set(read(people.ministry, TENANTS)) == {here.code, there.code}
    read(people.nobody, TENANTS, status=403)
    read(None, TENANTS, status=401)


def test_small_counts_are_null_for_who_may_not_see_firms_and_say_so(read, places, people):
    small, large = tenants(places.near, 2), tenants(places.near, 9)
    row = read(people.clerk, TENANTS)[small.code]
    assert list(row) == ClusterTenantRow.names()
    assert (row["tenants"], row["operating"], row["region_tenants"], row["suppressed"]) == (2, 2, 11, False)
    hidden = read(people.council, TENANTS)
    for code in (small.code, large.code):  # the large one would give the small one away
        assert (hidden[code]["tenants"], hidden[code]["operating"], hidden[code]["suppressed"]) == (None, None, True)
    assert hidden[small.code]["region_tenants"] == 11
    # asked for alone, or with few fields, it stays hidden
    assert read(people.council, TENANTS, fields="code,tenants", page_size=1)[small.code]["tenants"] is None


def test_tenants_of_another_day_and_narrowed_lists(read, places, people):
    tomorrow = timezone.localdate() + timedelta(days=1)
    cluster = tenants(places.near, 3)
    tenants(places.near, 4, cluster=cluster, since=tomorrow)
    assert read(people.clerk, TENANTS)[cluster.code]["tenants"] == 3
    row = read(people.clerk, TENANTS, on=tomorrow.isoformat())[cluster.code]
    assert (row["tenants"], row["on"]) == (7, tomorrow.isoformat())
    assert read(people.ministry, TENANTS, region=places.there.code) == {}
    assert set(read(people.ministry, TENANTS, region=places.here.code, kind=cluster.kind)) == {cluster.code}
    for bad in ({"on": "어제"}, {"kind": "X"}, {"name": "x"}, {"fields": "secret"}):
        read(people.clerk, TENANTS, status=400, **bad)


@pytest.fixture
def industries(places):
    main = RegionalIndustry.objects.create(
        code="M-1", kind="MAIN", name_ko="정밀부품", effective=SINCE_2020, provisional=True, source="시험"
    )
    shared = RegionalIndustry.objects.create(
        code="C-1", kind="COOPERATIVE", name_ko="수소", effective=SINCE_2020, source="시험"
    )
    RegionalIndustryRegion.objects.create(industry=main, region=places.here)
    for region in (places.here, places.there):
        RegionalIndustryRegion.objects.create(industry=shared, region=region)
    ksic = Industry.objects.create(revision=11, code="C29", depth=2, name_ko="기계")
    RegionalIndustryCode.objects.create(industry=main, ksic=ksic, source="시험")
    return ksic


def test_industries_are_read_by_whoever_works_anywhere(read, places, people, industries):
    for somebody in (people.clerk, people.other, people.ministry):
        assert set(read(somebody, INDUSTRIES)) == {"C-1", "M-1"}
    read(people.nobody, INDUSTRIES, status=403)
    read(None, INDUSTRIES, status=401)
    row = read(people.clerk, INDUSTRIES)["M-1"]
    assert list(row) == RegionalIndustryRow.names()
    assert (row["regions"], row["provisional"]) == ([places.here.code], True)
    assert row["ksic"] == [f"{industries.revision}:{industries.code}"]
    assert set(read(people.clerk, INDUSTRIES, region=places.far.code)) == {"C-1"}
    assert set(read(people.clerk, INDUSTRIES, kind="MAIN")) == {"M-1"}
    assert read(people.clerk, INDUSTRIES, on="2019-12-31") == {}


@pytest.mark.parametrize("count", [1, 6])
def test_lists_cost_the_same_for_any_number_of_rows(places, people, count, industries, django_assert_num_queries):
    for _ in range(count):
        tenants(places.near, 2)
    api = APIClient()
    api.force_login(people.council)
    with django_assert_num_queries(7):  # session, user, scope, count, rows, clusters of the regions, memberships
        assert api.get(TENANTS).json()["count"] == count
    with django_assert_num_queries(9):  # session, user, scope, count, rows, places, regions, codes, KSIC
        assert api.get(INDUSTRIES).json()["count"] == 2
