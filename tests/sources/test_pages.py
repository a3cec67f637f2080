"""The pages and their people; what each shows and costs."""

from datetime import date

import pytest
from django.urls import reverse

from crisis.models import Observation
from crisis.sources import services
from crisis.sources.models import ClusterPlace, Feed, IndicatorSource, SeriesBreak, SuspectValue
from tests.factories.crisis import AreaFactory, AreaMembershipFactory, IndicatorFactory
from tests.factories.directory import RegionFactory
from tests.sources.conftest import feed
from tests.sources.test_receipts import AUGUST, reading, record

pytestmark = pytest.mark.django_db
BEFORE = date(2024, 8, 1)


@pytest.fixture
def story(places, people, indicators):
    """거제's exports double; a feed brought them; the break of 2024 is noted."""
    exp = indicators["EXP"]
    exports = feed(places.office, "EXP")
    AreaMembershipFactory(area=places.geoje, parent=places.gyeongnam)
    AreaMembershipFactory(area=places.tongyeong, parent=places.gyeongnam)
    for area in (places.geoje, places.tongyeong):
        record(people.clerk, reading(area, exp, BEFORE, 100))
    record(people.clerk, reading(places.geoje, exp, AUGUST, 777), reading(places.tongyeong, exp, AUGUST, 120))
    services.collect()
    SeriesBreak.objects.create(indicator=exp, period=BEFORE, note="범위 변경")
    return exports


@pytest.mark.parametrize("where", ["indicators", "feeds", "suspects", "places"])
def test_lists_are_for_whoever_works_somewhere(text, people, story, where):
    url = reverse(f"sources:{where}")
    for somebody in (people.clerk, people.other, people.technopark, people.ministry):
        text(somebody, url)
    text(people.nobody, url, status=403)
    assert text(None, url, status=302)["Location"].startswith("/login")


def test_catalogue_tells_how_far_each_indicator_has_come(text, people, story):
    page = text(people.clerk, reverse("sources:indicators"))
    assert "2025년 8월" in page
    assert "p-fresh-LATE" in page


def test_catalogue_goes_out_as_a_file_without_the_state(client, people, story):
    client.force_login(people.clerk)
    answer = client.get(reverse("sources:indicators") + "?export=csv").getvalue().decode("utf-8-sig")
    assert answer.splitlines()[0].endswith("마지막 기간")
    assert "2025. 8. 1." in answer or "2025-08-01" in answer


def test_indicator_tells_its_source_coverage_and_course(text, people, places, story):
    IndicatorSource.objects.create(
        indicator=story.series.get().indicator, publisher="관세청", lag_days=31, caution="거제는 출렁인다"
    )
    page = text(people.clerk, reverse("sources:indicator", args=["EXP"]) + "?sido=48&area=R48310")
    for words in ("관세청", "거제는 출렁인다", "시험 자료원", "범위 변경", "경상남도", "ch-late-edge", "개월 지연"):
        assert words in page, words
    assert "확인을 기다리는 이상값" in page


def test_coverage_ends_at_the_readers_regions(text, people, places, story):
    url = reverse("sources:indicator", args=["EXP"])
    assert "통영시" in text(people.clerk, url + "?sido=48")
    text(people.other, url + "?sido=48", status=404)
    text(people.other, url + "?area=R48310", status=404)
    assert "통영시" not in text(people.other, url)


@pytest.mark.parametrize(("name", "argument"), [("indicator_edit", "EXP"), ("feed_edit", "exports")])
def test_only_the_ministry_keeps_the_catalogue(text, people, story, name, argument):
    url = reverse(f"sources:{name}", args=[argument])
    assert "<form" in text(people.ministry, url)
    for somebody in (people.clerk, people.other, people.nobody):
        assert text(somebody, url, status=403).status_code == 403


def test_ministry_changes_a_source_and_a_feed(client, people, places, story):
    client.force_login(people.ministry)
    facts = {
        "publisher": "관세청",
        "owner": places.office.pk,
        "lag_days": 45,
        "terms": "",
        "address": "",
        "method": "",
        "caution": "조심",
    }
    assert client.post(reverse("sources:indicator_edit", args=["EXP"]), facts).status_code == 302
    assert IndicatorSource.objects.get().caution == "조심"
    facts = {"owner": places.office.pk, "lag_days": 900, "active": "on", "note": ""}
    answer = client.post(reverse("sources:feed_edit", args=["exports"]), facts)
    assert "730일까지" in answer.content.decode()
    assert client.post(reverse("sources:feed_edit", args=["exports"]), facts | {"lag_days": 10}).status_code == 302
    assert Feed.objects.get().lag_days == 10


def test_board_of_feeds_shows_the_late_one_with_its_months(text, people, story):
    page = text(people.clerk, reverse("sources:feeds"))
    assert "p-fresh-late" in page
    assert "받아야 하는데 오지 않음" in page


def test_feed_tells_what_came_by_which_batch(text, people, places, story):
    page = text(people.clerk, reverse("sources:feed", args=["exports"]))
    assert "자료가 늦습니다" in page
    assert places.office.name_ko in page
    assert Observation.objects.first().batch.title in page


def test_suspect_value_stands_with_its_neighbours(text, people, places, story):
    found = SuspectValue.objects.get()
    url = reverse("sources:suspect", args=[found.pk])
    page = text(people.clerk, url)
    for words in ("777", "677.0%", "통영시", "20.0%", "맞는 값으로 확인", "확인할 값"):
        assert words in page, words
    assert "맞는 값으로 확인" not in text(people.technopark, url)
    text(people.other, url, status=404)
    text(people.nobody, url, status=403)
    assert "맞는 값으로 확인" in text(people.ministry, url)


def test_officer_verifies_by_page(client, people, places, story):
    found = SuspectValue.objects.get()
    url = reverse("sources:suspect", args=[found.pk])
    client.force_login(people.clerk)
    assert "5자" in client.post(url, {"note": "맞음", "deed": "verify"}).content.decode()
    assert "골라 주세요" in client.post(url, {"note": "전화로 확인했습니다"}).content.decode()
    assert client.post(url, {"note": "전화로 확인했습니다", "deed": "verify"}).status_code == 302
    row = Observation.objects.current().get(area=places.geoje, period=AUGUST)
    assert (row.value, row.verified, row.note) == (777, True, "전화로 확인했습니다")
    assert "이미 처리한 값" in client.post(url, {"note": "다시 한번 확인", "deed": "reject"}).content.decode()


@pytest.mark.parametrize(("who", "status"), [("technopark", 403), ("other", 404), ("nobody", 403)])
def test_nobody_else_decides_by_page(client, people, story, who, status):
    client.force_login(getattr(people, who))
    url = reverse("sources:suspect", args=[SuspectValue.objects.get().pk])
    assert client.post(url, {"note": "전화로 확인했습니다", "deed": "verify"}).status_code == status
    assert SuspectValue.objects.waiting().count() == 1


def test_address_of_a_cluster_is_added_and_ended(client, people, places, story):
    client.force_login(people.clerk)
    url = reverse("sources:places")
    facts = {"cluster": places.obi.cluster.pk, "dong_code": "", "road": "오비공단길", "source": "현장 확인"}
    assert client.post(url, facts).status_code == 302
    assert "이미 적힌 도로" in client.post(url, facts).content.decode()
    assert "하나만" in client.post(url, facts | {"dong_code": "4831034021"}).content.decode()
    place = ClusterPlace.objects.get()
    assert "오비공단길" in client.get(url).content.decode()
    client.post(reverse("sources:place_end", args=[place.pk]))
    place.refresh_from_db()
    assert place.effective.upper is not None
    client.force_login(people.other)
    assert client.post(url, facts | {"road": "다른길"}).status_code == 200  # not among their clusters
    assert client.post(reverse("sources:place_end", args=[place.pk])).status_code == 404
    assert ClusterPlace.objects.count() == 1


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(
    ("where", "queries"),
    [("indicators", 9), ("feeds", 10), ("feed", 11), ("indicator", 22), ("suspects", 7), ("suspect", 17)],
)
def test_pages_cost_the_same_for_any_number_of_rows(
    client, django_assert_num_queries, people, places, indicators, story, where, queries, many
):
    if many:
        exp = indicators["EXP"]
        for _ in range(5):
            area = AreaFactory(region=RegionFactory(sigungu=True, parent=places.gyeongnam.region))
            AreaMembershipFactory(area=area, parent=places.gyeongnam)
            record(people.clerk, reading(area, exp, BEFORE, 100))
            record(people.clerk, reading(area, exp, AUGUST, 500))
        for n in range(5):
            IndicatorFactory(code=f"Z{n}")
            feed(places.office, f"Z{n}", code=f"feed-{n}")
        services.collect()
    client.force_login(people.clerk)
    arguments = {"feed": ["exports"], "indicator": ["EXP"], "suspect": [SuspectValue.objects.order_by("pk").first().pk]}
    url = reverse(f"sources:{where}", args=arguments.get(where, []))
    client.get(url)
    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200
