"""통합검색: names, codes and other names, inside the scope, four kinds at a time."""

import re

import pytest

from portal.directory.models import RegionName
from tests.dashboards.situations import district
from tests.factories.crisis import ClusterFactory
from tests.factories.directory import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
URL = "/search/"


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def found(response) -> dict[str, list[str]]:
    return {group.kind: [one.code for one in group.found] for group in response.context["groups"] or []}


def test_no_one_is_turned_to_the_sign_in_page(client):
    assert client.get(URL).status_code == 302


def test_somebody_without_a_body_finds_nothing(sign_in, situation):
    assert found(sign_in(UserFactory()).get(URL, {"q": "심각시"})) == {}


def test_two_syllables_find_areas_regions_bodies_and_clusters(sign_in, people, situation):
    ClusterFactory(code="C7", name_ko="심각일반산업단지", region=situation.severe.region)
    OrganizationFactory(code="GOV-X", name_ko="심각시청", of_region=situation.severe.region)
    assert found(sign_in(people.here).get(URL, {"q": "심각"})) == {
        "areas": ["R48310"],
        "clusters": ["C7"],
        "regions": ["48310"],
        "organizations": ["GOV-X"],
    }


def test_a_clerk_of_another_region_finds_none_of_it(sign_in, people, situation):
    ClusterFactory(name_ko="심각일반산업단지", region=situation.severe.region)
    OrganizationFactory(name_ko="심각시청", of_region=situation.severe.region)
    assert found(sign_in(people.elsewhere).get(URL, {"q": "심각"})) == {}


@pytest.mark.parametrize("q", ["R48310", "r48310", "  심각시 ", "남도 심각", "시험남도 심각시", "옛이름군"])
def test_codes_blanks_provinces_and_other_names_find_too(sign_in, people, situation, q):
    RegionName.objects.create(region=situation.severe.region, name="옛이름군")
    assert found(sign_in(people.ministry).get(URL, {"q": q}))["areas"] == ["R48310"]


def test_the_exact_name_comes_first(sign_in, people, situation):
    district(situation.south, "R48001", "큰심각시")
    district(situation.south, "R48002", "심각시동부")
    assert found(sign_in(people.here).get(URL, {"q": "심각시"}))["areas"] == ["R48310", "R48002", "R48001"]


def test_twenty_are_shown_and_the_reader_told_of_more(sign_in, people, situation):
    for at in range(21):
        district(situation.south, f"R48{at:03d}", f"많은{at}시")
    response = sign_in(people.here).get(URL, {"q": "많은"})
    assert len(found(response)["areas"]) == 20
    assert "앞의 20건만 보입니다" in text(response)


@pytest.mark.parametrize("q", ["", " ", "심"])
def test_too_short_a_word_is_answered_with_an_example(sign_in, people, q):
    assert "예: 거제" in text(sign_in(people.here).get(URL, {"q": q}))


def test_nothing_found_says_where_it_looked(sign_in, people):
    assert "관할 안에서 이름·코드·다른 이름을 찾았습니다" in text(sign_in(people.here).get(URL, {"q": "없는곳"}))


def test_what_is_typed_is_shown_as_text(sign_in, people):
    html = sign_in(people.here).get(URL, {"q": "<b>굵게"}).content.decode()
    assert "<b>굵게" not in html
    assert "&lt;b&gt;굵게" in html


def test_an_unknown_name_in_the_query_is_refused(sign_in, people):
    response = sign_in(people.here).get(URL, {"q": "심각", "sort": "name"})
    assert response.status_code == 400
    assert "‘sort’" in text(response)


def test_without_a_question_the_page_explains_itself(sign_in, people):
    response = sign_in(people.here).get(URL)
    assert response.status_code == 200
    assert "두 글자부터 찾고" in text(response)


@pytest.mark.parametrize("many", [1, 15])
def test_searching_costs_the_same_for_any_number_of_finds(sign_in, people, situation, many, django_assert_num_queries):
    for at in range(many):
        area = district(situation.south, f"R48{at:03d}", f"많은{at}시")
        ClusterFactory(name_ko=f"많은{at}단지", region=area.region)
    client = sign_in(people.here)
    client.get(URL)
    with django_assert_num_queries(7):  # session, user, scope, areas, clusters, regions, bodies
        response = client.get(URL, {"q": "많은"})
    assert len(found(response)["clusters"]) == many
