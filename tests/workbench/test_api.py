"""The evidence sheet and the remarks over REST."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from crisis.services import open_floor
from crisis.validation.rules.levels import Level
from crisis.validation.services import enter_scheme
from crisis.workbench.services import add_comment, withdraw_comment
from tests.factories.directory import UserFactory

pytestmark = pytest.mark.django_db
EVIDENCE = "/api/v1/rounds/2025H1/evidence/G2/"
COMMENTS = "/api/v1/rounds/2025H1/comments/"


@pytest.fixture
def remarks(land, office, clerk):
    facts = {"round": land.round, "organization": office, "actor": clerk}
    first = add_comment(area=land.sigungu[2], text="감산", for_council=True, **facts)
    add_comment(area=land.sigungu[3], text="회복", **facts)
    withdraw_comment(comment=first, reason="정정", actor=clerk)


def test_the_evidence_adds_up_and_names_what_tips_it(api, land, clerk):
    open_floor(
        area=land.sigungu[2], kind="DISASTER", stage="CAUTION", start=date(2020, 1, 1), evidence="호우", actor=clerk
    )
    api.force_login(clerk)
    body = api.get(EVIDENCE).json()
    parts = [Decimal(one["contribution"]) for one in body["indicators"] if one["contribution"]]
    assert sum(parts) == Decimal(body["rci"])
    assert (body["model_stage"], body["proposal"], body["official"]) == ("SEVERE", "SEVERE", True)
    assert [(floor["kind"], floor["valid_from"]) for floor in body["floors"]] == [("DISASTER", "2020-01-01")]
    assert body["badge_worst"] == "SEVERE"
    assert isinstance(body["tips"], list)
    assert body["digest"] == land.run.results.get(area__code="G2").digest


def test_the_evidence_tells_what_the_sido_calls_the_stage(api, client, land, clerk):
    levels = [Level(1, "안정", "GOOD", None), Level(2, "관심", "CAUTION", None), Level(3, "비상", "SEVERE", None)]
    api.force_login(clerk)
    client.force_login(clerk)
    assert api.get(EVIDENCE).json()["local_level"] == ""
    enter_scheme(
        region=land.sigungu[2].region.parent, title="세 단계", document="지침", start=date(2020, 1, 1), levels=levels,
        actor=clerk,
    )  # fmt: skip
    assert api.get(EVIDENCE).json()["local_level"] == "비상"
    assert "<dd>비상 " in client.get(reverse("workbench:sheet", args=["2025H1", "G2"])).content.decode()


def test_evidence_is_of_ones_own_region(api, land, clerk, stranger, ministry):
    assert api.get(EVIDENCE).status_code == 401
    for user, status in [(UserFactory(), 403), (stranger, 404), (clerk, 200), (ministry, 200)]:
        api.force_login(user)
        assert api.get(EVIDENCE).status_code == status
    assert api.get("/api/v1/rounds/1999H1/evidence/G2/").status_code == 404


def test_remarks_are_listed_with_what_was_withdrawn(api, remarks, clerk, stranger):
    api.force_login(clerk)
    rows = api.get(COMMENTS).json()["results"]
    assert [(row["area"], row["text"], bool(row["withdrawn_at"]), row["withdraw_reason"]) for row in rows] == [
        ("G2", "감산", True, "정정"),
        ("G3", "회복", False, ""),
    ]
    assert [row["area"] for row in api.get(f"{COMMENTS}?withdrawn=false").json()["results"]] == ["G3"]
    assert [row["area"] for row in api.get(f"{COMMENTS}?for_council=true").json()["results"]] == ["G2"]
    assert api.get(f"{COMMENTS}?aera=G2").status_code == 400
    api.force_login(stranger)
    assert api.get(COMMENTS).json()["count"] == 0


def test_a_page_of_remarks_is_one_count_and_one_query(api, remarks, land, clerk, office, django_assert_max_num_queries):
    for number in range(10):
        add_comment(round=land.round, area=land.sigungu[3], organization=office, text=f"의견 {number}", actor=clerk)
    api.force_login(clerk)
    with django_assert_max_num_queries(6):
        assert api.get(COMMENTS).json()["count"] == 12
