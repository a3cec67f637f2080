"""What a 시·도 calls the parts of a stage stands beside the legal stage, and never in its place."""

import csv
import io
from datetime import date

import pytest

from crisis.enums import Stage
from crisis.validation import services
from crisis.validation.rules.levels import Level
from tests.dashboards.situations import a_result, a_round, a_run
from tests.factories.directory import UserFactory

pytestmark = pytest.mark.django_db
FIVE = [
    Level(1, "안정", "GOOD", None), Level(2, "관심", "CAUTION", None), Level(3, "경고", "CAUTION", 55),
    Level(4, "위험", "SEVERE", None), Level(5, "비상", "SEVERE", 80),
]  # fmt: skip


@pytest.fixture
def table(situation):
    """The south's own words, in force since 2025; the north has none."""
    return services.enter_scheme(
        region=situation.south.region, title="다섯 단계", document="도 지침", start=date(2025, 1, 1), levels=FIVE,
        actor=UserFactory(),
    )  # fmt: skip


def exported(client, **query):
    answer = client.get("/board/", {"export": "csv", **query})
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    return {row["지역"].split()[-1]: row.get("지역 자체 단계") for row in rows}


def test_the_board_lists_the_label_beside_the_stage(sign_in, people, table):
    client = sign_in(people.ministry)
    assert exported(client) == {"심각시": "비상", "주의시": "경고", "양호시": "안정", "보류시": ""}
    page = client.get("/board/").content.decode()
    assert "지역 자체 단계" in page
    assert "비상" in page


def test_without_any_table_nothing_is_said_of_it(sign_in, people, situation):
    client = sign_in(people.ministry)
    assert set(exported(client).values()) == {None}
    assert "<dt>지역 자체 단계" not in client.get("/board/areas/R48310/").content.decode()


def test_a_past_round_is_told_in_the_words_of_its_own_day(sign_in, people, situation, table):
    """The table began in 2025; the round of 2017 is told without it once a newer round has been evaluated."""
    client = sign_in(people.ministry)
    newer = a_run(a_round("2018H1"))
    a_result(newer, situation.severe, Stage.CAUTION, "41.0")
    assert exported(client) == {"심각시": "관심"}
    assert "심각시" in exported(client, round="2017H2")
    assert set(exported(client, round="2017H2").values()) == {None}
    assert "<dd>관심 " in client.get("/board/areas/R48310/").content.decode()
    assert "<dt>지역 자체 단계" not in client.get("/board/areas/R48310/", {"round": "2017H2"}).content.decode()
