"""Pages of clusters."""

import pytest

from companies.enums import ClusterKind
from portal.directory.enums import Role
from tests.factories.crisis import ClusterFactory
from tests.factories.directory import RegionFactory, UserFactory, person

pytestmark = pytest.mark.django_db
CLUSTERS = "/clusters/"


@pytest.fixture
def region(db):
    return RegionFactory()


@pytest.fixture
def here(region):
    town = RegionFactory(sigungu=True, parent=region, name_ko="가까운시")
    return ClusterFactory(
        region=town, name_ko="앞바다국가산업단지", kind=ClusterKind.NATIONAL, status="DEVELOPING", source="현황통계"
    )


@pytest.fixture
def there(db):
    return ClusterFactory(name_ko="먼산농공단지", kind=ClusterKind.AGRO)


@pytest.fixture
def clerk(region):
    return person(region=region)


@pytest.fixture
def text(client):
    def of(somebody, url, expect=200, **query):
        client.logout()
        if somebody is not None:
            client.force_login(somebody)
        answer = client.get(url, query)
        assert answer.status_code == expect
        return answer.content.decode()

    return of


def test_each_of_the_four_people_sees_their_own(text, clerk, here, there):
    other = person(region=there.region.parent)
    seen = {who: text(who, CLUSTERS) for who in (clerk, other, person(role=Role.HQ))}
    assert [(here.name_ko in page, there.name_ko in page) for page in seen.values()] == [
        (True, False), (False, True), (True, True),
    ]  # fmt: skip
    text(UserFactory(), CLUSTERS, expect=403)
    text(None, CLUSTERS, expect=302)


def test_a_cluster_of_another_region_does_not_exist(text, clerk, here, there):
    page = text(clerk, f"{CLUSTERS}{here.code}/")
    assert all(words in page for words in ("앞바다국가산업단지", "국가산업단지", "조성 중", "가까운시", "현황통계"))
    text(clerk, f"{CLUSTERS}{there.code}/", expect=404)


def test_a_part_leads_to_its_whole_and_back(text, clerk, here):
    part = ClusterFactory(region=here.region, parent=here, name_ko="앞바다 2구역")
    assert part.name_ko in text(clerk, f"{CLUSTERS}{here.code}/")
    page = text(clerk, f"{CLUSTERS}{part.code}/")
    assert f"{CLUSTERS}{here.code}/" in page
    assert "통계는 본단지에 포함" in page


def test_clusters_are_found_by_kind_region_state_and_name(text, here, there, region):
    ministry = person(role=Role.HQ)
    for query in ({"kind": "NATIONAL"}, {"region": region.pk}, {"status": "DEVELOPING"}, {"q": "앞바다"}):
        page = text(ministry, CLUSTERS, **query)
        assert (here.name_ko in page, there.name_ko in page) == (True, False), query


@pytest.mark.parametrize("rows", [1, 8])
def test_the_list_costs_the_same_for_any_number_of_rows(client, clerk, here, rows, django_assert_num_queries):
    ClusterFactory.create_batch(rows, region=here.region, parent=here)
    client.force_login(clerk)
    client.get(CLUSTERS)
    with django_assert_num_queries(6):  # session, user, scope, 시·도 to choose from, count, rows
        client.get(CLUSTERS)


@pytest.mark.parametrize("rows", [1, 8])
def test_a_cluster_costs_the_same_for_any_number_of_parts(client, clerk, here, rows, django_assert_num_queries):
    ClusterFactory.create_batch(rows, region=here.region, parent=here)
    client.force_login(clerk)
    client.get(f"{CLUSTERS}{here.code}/")
    with django_assert_num_queries(5):  # session, user, scope, cluster, parts
        client.get(f"{CLUSTERS}{here.code}/")
