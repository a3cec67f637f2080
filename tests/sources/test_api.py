"""Feeds and suspect values over REST, as four callers meet them."""

import pytest

from crisis.models import Observation
from crisis.sources.models import SuspectValue
from tests.sources.test_pages import story  # noqa: F401
from tests.sources.test_receipts import AUGUST

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]


def get(api, user, url):
    api.force_authenticate(user) if user is None else api.force_login(user)
    return api.get(f"/api/v1/{url}")


def test_feeds_are_for_everyone_who_works_here(api, people):
    for somebody in (people.clerk, people.other, people.ministry):
        assert [row["code"] for row in get(api, somebody, "feeds/").json()["results"]] == ["exports"]
    assert get(api, people.nobody, "feeds/").status_code == 403
    api.logout()
    assert api.get("/api/v1/feeds/").status_code == 401


def test_a_feed_says_how_far_it_has_come(api, people, places):
    body = get(api, people.clerk, "feeds/exports/").json()
    assert body["owner"] == places.office.code
    standing = body["standing"]
    assert (standing["state"], standing["last_period"], standing["next_period"]) == ("LATE", "2025-08", "2025-09")
    assert standing["expected_by"] == "2025-10-31"
    assert standing["series"] == [
        {
            "indicator": "EXP", "last_period": "2025-08", "newest_period": "2025-08", "areas": 2, "usual_areas": 2,
            "ended": False,
        }
    ]  # fmt: skip


def test_suspect_values_end_at_the_callers_regions(api, people):
    found = SuspectValue.objects.get()
    for somebody, count in ((people.clerk, 1), (people.ministry, 1), (people.other, 0)):
        rows = get(api, somebody, "suspects/?state=WAITING").json()["results"]
        assert len(rows) == count
    assert get(api, people.clerk, f"suspects/{found.public_id}/").json()["value"] == "777"
    assert get(api, people.other, f"suspects/{found.public_id}/").status_code == 404


def test_officer_verifies_over_rest(api, people, places):
    url = f"/api/v1/suspects/{SuspectValue.objects.get().public_id}/decide/"
    api.force_login(people.technopark)
    assert api.post(url, {"deed": "verify", "note": "전화로 확인"}, format="json").status_code == 403
    api.force_login(people.other)
    assert api.post(url, {"deed": "verify", "note": "전화로 확인"}, format="json").status_code == 404
    api.force_login(people.clerk)
    assert api.post(url, {"deed": "maybe", "note": "전화로 확인"}, format="json").status_code == 400
    assert api.post(url, {"deed": "verify", "note": "네"}, format="json").json()["code"] == "note_missing"
    answer = api.post(url, {"deed": "verify", "note": "전화로 확인"}, format="json")
    assert (answer.status_code, answer.json()["state"]) == (200, "VERIFIED")
    assert Observation.objects.current().get(area=places.geoje, period=AUGUST).verified
    assert api.post(url, {"deed": "reject", "note": "전화로 확인"}, format="json").status_code == 409


@pytest.mark.parametrize(("url", "queries"), [("feeds/", 5), ("feeds/exports/", 9), ("suspects/", 5)])
def test_answers_cost_little(api, django_assert_num_queries, people, url, queries):
    api.force_login(people.clerk)
    with django_assert_num_queries(queries):
        assert api.get(f"/api/v1/{url}").status_code == 200
