"""The parts that a whole round hides: rounding, moments, winners, digests, stages, council, explanations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.rules import (
    AreaNode,
    Reading,
    Readings,
    Tree,
    TreeError,
    as_of,
    build_panel,
    departure_is_valid,
    evaluate,
    explain_change,
    input_digest,
    month_index,
    month_text,
    national_reference,
    parse_ruleset,
    proposal,
    shortfalls,
)
from crisis.rules.badge import Comparison, badge_name
from crisis.rules.exact import combine, half_up, half_up_array, plain, read, show
from crisis.rules.explain import largest_effects
from crisis.rules.months import instant
from crisis.rules.rollup import spread
from tests.crisis.rules.panels import MONTH
from tests.crisis.rules.test_ruleset import RAW

integers = st.integers(min_value=-(2**70), max_value=2**70)


positive = st.integers(min_value=1, max_value=2**66)


@given(st.lists(st.tuples(integers, positive), min_size=1), st.sampled_from([1, 10**6]))
def test_rounding_is_half_away_from_zero_at_any_size(pairs: list[tuple[int, int]], factor: int) -> None:
    expected = []
    for top, bottom in pairs:
        whole, rest = divmod(abs(Fraction(top * factor, bottom)), 1)
        expected.append((whole + (rest >= Fraction(1, 2))) * (-1 if top < 0 else 1))
    small = [abs(top) < 2**62 and bottom < 2**62 for top, bottom in pairs]
    kind: Any = np.int64 if all(small) else object
    tops, bottoms = (np.array(column, dtype=kind) for column in zip(*pairs, strict=True))
    assert half_up_array(tops, bottoms, factor).tolist() == expected
    assert [half_up(top * factor, bottom) for top, bottom in pairs] == expected


def test_sums_of_products_never_wrap() -> None:
    values = np.array([2**61, -(2**61)], dtype=np.int64)
    assert combine((4, values), (-1, values)).tolist() == [3 * 2**61, -3 * 2**61]


@pytest.mark.parametrize(
    ("value", "places", "text"), [(-5, 4, "-0.0005"), (0, 1, "0.0"), (123, 0, "123"), (-120, 1, "-12.0")]
)
def test_decimal_strings(value: int, places: int, text: str) -> None:
    assert show(value, places) == text
    assert read(text, places) == value


def test_plain_decimals() -> None:
    assert [plain(Decimal(text)) for text in ("1E+3", "0.500", "-0", "100")] == ["1000", "0.5", "0", "100"]


def test_months_and_quarters() -> None:
    assert month_index("2026-05") == 2026 * 12 + 4
    assert month_index("2026Q2") == month_index("2026-06")
    assert month_text(month_index("2026-01")) == "2026-01"
    for bad in ("2026-13", "2026Q5", "26-05", "2026-5", "２０２６-05"):
        with pytest.raises(ValueError, match="not a month"):
            month_index(bad)


def test_a_bare_date_is_the_end_of_that_day_in_korea() -> None:
    end = datetime(2026, 7, 10, 14, 59, 59, 999999, tzinfo=UTC)
    assert instant("2026-07-10") == instant(date(2026, 7, 10)) == end
    assert instant("2026-07-10T23:59:59.999999") == end
    assert instant("2026-07-10T09:00:00+09:00") == datetime(2026, 7, 10, tzinfo=UTC)


def _row(known_at: str, seq: int, value: str | None, **more: Any) -> Reading:
    number = None if value is None else Decimal(value)
    return Reading("A", "EMP", MONTH, number, known_at=known_at, seq=seq, **more)


ROWS = [
    _row("2026-06-01", 1, "100", status="PRELIM"),
    _row("2026-06-30T15:00:01+00:00", 2, "90"),
    _row("2026-07-01", 3, "95"),
    _row("2026-07-01", 4, "96"),
    _row("2026-08-01", 5, None),
]


@pytest.mark.parametrize(
    ("cutoff", "value"),
    [
        ("2026-05-31", "nothing"),
        ("2026-06-30", "100"),  # the row of 15:00:01 UTC came on 1 July in Korea
        ("2026-07-01T00:00:01+09:00", "90"),
        ("2026-07-31", "96"),
        ("2026-08-01", "withdrawn"),
    ],
)
def test_winners_by_moment(cutoff: str, value: str) -> None:
    winners = as_of(ROWS, cutoff)
    columns = list(Readings.of(ROWS[::-1]).as_of(cutoff))
    for found in (winners, columns):
        shown = "nothing" if not found else "withdrawn" if found[0].value is None else str(found[0].value)
        assert shown == value


def test_a_panel_wants_winners() -> None:
    with pytest.raises(ValueError, match="occurs twice"):
        build_panel([AreaNode("A", None)], parse_ruleset(RAW), ROWS[:2], MONTH)
    assert Readings.of(ROWS).duplicates() == 4


def test_only_forty_months_take_part() -> None:
    rules = parse_ruleset(RAW)
    rows = [Reading("A", "EMP", MONTH - back, 100) for back in (-1, 0, 39, 40)]
    panel = build_panel([AreaNode("A", None)], rules, rows, MONTH)
    assert panel.series["EMP"].known.sum() == 2


def test_input_digest_knows_content_not_order_or_scale() -> None:
    rows = [Reading(a, c, MONTH - b, Decimal(b) / 4) for a in "BA" for c in ("EST", "EMP") for b in range(3)]
    digest = input_digest(Readings.of(rows), MONTH)
    assert input_digest(Readings.of(rows[::-1]), MONTH) == digest  # another area and another indicator come first
    Random(1).shuffle(rows)
    assert input_digest(Readings.of(rows), MONTH) == digest
    scaled = Readings.from_columns(
        [row.area for row in rows],
        [row.indicator for row in rows],
        [row.period for row in rows],
        scaled=(np.array([int(row.value * 10**6) for row in rows]), 6),  # type: ignore[operator]
    )
    assert input_digest(scaled, MONTH) == digest
    assert input_digest(Readings.of([*rows, Reading("A", "EMP", MONTH - 50, 1)]), MONTH) == digest
    changed = [*rows[:-1], Reading(rows[-1].area, rows[-1].indicator, rows[-1].period, 9)]
    assert input_digest(Readings.of(changed), MONTH) != digest
    assert len(input_digest(Readings.of([]), MONTH)) == 64


def test_trees() -> None:
    tree = Tree([AreaNode("KR", None), AreaNode("S", "KR"), AreaNode("C", "S"), AreaNode("T", "KR")])
    assert [node.code for node in tree.subtree("S")] == ["C", "S"]
    assert dict(zip(tree.codes, tree.depth.tolist(), strict=True)) == {"KR": 0, "S": 1, "T": 1, "C": 2}
    with pytest.raises(TreeError, match="두 번"):
        Tree([AreaNode("A", None), AreaNode("A", None)])
    with pytest.raises(TreeError, match="자기 자신"):
        Tree([AreaNode("A", "B"), AreaNode("B", "A")])


@pytest.mark.parametrize(
    ("members", "shown"),
    [
        ([(2, 50), (0, 50)], ("50.0", "50.0", 2)),
        ([(2, 499), (0, 501)], ("49.9", "49.9", 1)),
        ([(2, 20), (0, 80)], ("20.0", "20.0", 1)),
        ([(1, 4995), (0, 5005)], ("50.0", "0.0", 1)),  # 49.95 shows as 50.0, and what is shown decides
        ([(1, 49), (0, 51)], ("49.0", "0.0", 0)),
        ([(2, 50), (None, 50)], ("100.0", "100.0", 2)),
        ([(2, 49), (None, 51)], (None, None, None)),
        ([], (None, None, None)),
    ],
)
def test_spread_rule(members: list[tuple[int | None, int]], shown: tuple[Any, ...]) -> None:
    rule = parse_ruleset(RAW).spread
    assert rule is not None
    result = spread(rule, members)
    assert (result.p1_text, result.p2_text, result.stage) == shown


def test_flooring_of_weights_never_decides() -> None:
    """A mean a hair under the threshold does not reach it; the threshold itself, a rounding below 40.0, does."""
    rules = parse_ruleset(RAW | {"indicators": RAW["indicators"] | {"EST": RAW["indicators"]["EMP"]}})
    scores = np.array([[10_000, 0, 0]])
    for share, reached in ((Fraction(3995, 10_000), True), (Fraction(3995, 10_000) - Fraction(1, 2**60), False)):
        compare = Comparison(rules, [(0, 1)], [{"EMP": share, "EST": 1 - share}], scores)
        assert compare(Fraction(40)).tolist() == [[reached]]


def test_badge_names() -> None:
    assert [badge_name(rho) for rho in (100, 90, 89, 70, 69)] == ["ROBUST"] * 2 + ["MODERATE"] * 2 + ["SENSITIVE"]


def test_council_says_what_is_lacking() -> None:
    def codes(proposed: str | None, decided: str, **given: Any) -> list[str]:
        found = shortfalls(proposed, decided, **({"reason_code": None} | given))
        assert all(shortfall.message.endswith("오.") or shortfall.message.endswith("다.") for shortfall in found)
        return [shortfall.code for shortfall in found]

    assert codes("GOOD", "GOOD") == []
    assert codes("GOOD", "CAUTION") == ["NO_REASON", "NO_TEXT"]
    assert codes("GOOD", "CAUTION", reason_code="OTHER", reason_text=" ") == ["NO_TEXT"]
    unlisted = codes("GOOD", "CAUTION", reason_code="X", reason_text="공장", allowed_reasons=["OTHER"])
    assert unlisted == ["UNKNOWN_REASON"]
    reasoned: dict[str, Any] = {"reason_code": "OTHER", "reason_text": "공장 폐쇄"}
    assert codes("SEVERE", "GOOD", **reasoned) == ["NO_SURVEY", "NO_MAJORITY"]
    assert codes("SEVERE", "GOOD", **reasoned, field_survey=True, votes_for=6, votes_total=9) == []
    assert codes("SEVERE", "GOOD", **reasoned, field_survey=True, votes_for=9, votes_total=0) == ["NO_MAJORITY"]
    assert codes(None, "GOOD", **reasoned) == ["NO_SURVEY"]
    with pytest.raises(ValueError, match="BAD"):
        codes("GOOD", "BAD")


def test_the_proposal_is_the_worst_of_model_and_floors() -> None:
    assert proposal("GOOD", ["CAUTION"]) == "CAUTION"
    assert proposal("SEVERE", ["CAUTION"]) == "SEVERE"
    assert proposal(None) is None
    assert departure_is_valid(model=None, decided="CAUTION", reason=None, floors=["CAUTION"])


def _public(values: dict[str, list[str]]) -> dict[str, Any]:
    """The record of area A from its values in the last three months (100 a year before)."""
    rows = [Reading("A", "EST", MONTH - back, 50) for back in (0, 12)] if "EST" not in values else []
    for code, recent in values.items():
        for back, value in enumerate(recent):
            rows.append(Reading("A", code, MONTH - back, Decimal(value)))
            rows.append(Reading("A", code, MONTH - back - 12, 100))
    panel = build_panel([AreaNode("KR", None), AreaNode("A", "KR")], parse_ruleset(RAW), rows, MONTH)
    return evaluate(panel, national_reference(panel), ["A"])[0].public()


def _jump(area: str, verified: bool) -> list[Reading]:
    """Employment doubled within a year, the newest month confirmed by an officer or not."""
    newest = [Reading(area, "EMP", MONTH, 200, verified=verified)]
    return newest + [Reading(area, "EMP", MONTH - back, 200 if back < 3 else 100) for back in (1, 2, 12, 13, 14)]


@pytest.mark.parametrize(("first", "second", "status"), [(0, 0, "SUSPECT"), (1, 0, "SUSPECT"), (1, 1, "OK")])
def test_a_jump_is_suspect_until_every_member_behind_it_is_confirmed(first: int, second: int, status: str) -> None:
    nodes = [AreaNode("KR", None), AreaNode("S", "KR"), AreaNode("A", "S"), AreaNode("B", "S")]
    panel = build_panel(nodes, parse_ruleset(RAW), _jump("A", bool(first)) + _jump("B", bool(second)), MONTH)
    found = {r.code: r.public()["indicators"]["EMP"] for r in evaluate(panel, national_reference(panel))}
    assert found["A"]["status"] == ("OK" if first else "SUSPECT")
    assert (found["S"]["status"], found["S"]["c"], found["S"]["suspect"]) == (status, "-100.0000", status != "OK")


@pytest.mark.parametrize(("size", "watch"), [(60, True), (59, False)])
def test_watch_wants_a_credible_core_indicator(size: int, watch: bool) -> None:
    """B = 60/120 is one half: enough; the index stays under the threshold, so only the flag speaks."""
    raw = RAW | {"dimensions": {"E": "30", "B": "50", "F": "20"}, "min_n": "0"}
    raw["indicators"] = {code: dict(body) for code, body in RAW["indicators"].items()}
    raw["indicators"]["EMP"]["credibility_k"] = "60"
    rows = [Reading("A", code, MONTH - back, 1) for code in ("DEL",) for back in (0, 1, 2, 12, 13, 14)]
    rows += [Reading("A", "EST", MONTH - back, size) for back in (0, 1, 2, 12, 13, 14)]
    rows += [Reading(a, "EMP", MONTH - back, 50 if back < 3 else 100) for a in "AB" for back in (0, 1, 2, 12, 13, 14)]
    panel = build_panel(
        [AreaNode(code, "KR") for code in "AB"] + [AreaNode("KR", None)], parse_ruleset(raw), rows, MONTH
    )
    shown = evaluate(panel, national_reference(panel), ["A"])[0].public()
    assert (shown["raw_stage"], shown["indicators"]["EMP"]["sA"]) == ("GOOD", "100.00")
    assert shown["watch"] is watch


def test_change_since_the_last_round_adds_up() -> None:
    before = _public({"EMP": ["97"] * 3, "EST": ["96"] * 3})
    now = _public({"EMP": ["92"] * 3, "DEL": ["101"] * 3})
    told = explain_change(before, now)
    parts = {entry["indicator"]: entry for entry in told["differences"]}
    total = sum(Decimal(entry["difference"]) for entry in told["differences"])
    assert total == Decimal(told["difference"]) == Decimal(now["RCI"]) - Decimal(before["RCI"])
    assert {code: entry["event"] for code, entry in parts.items()} == {
        "EMP": None,
        "EST": "DISAPPEARED",
        "DEL": "APPEARED",
    }
    assert told["data_events"] == [
        {"indicator": "EST", "event": "DISAPPEARED", "reason": "NO_RECENT_DATA"},
        {"indicator": "DEL", "event": "APPEARED", "reason": "NO_RECENT_DATA"},
    ]
    assert abs(Decimal(told["differences"][0]["difference"])) == max(
        abs(Decimal(entry["difference"])) for entry in told["differences"]
    )
    assert largest_effects(told, 1)[0][0] == told["differences"][0]["indicator"]


def test_no_explanation_is_invented_without_an_index() -> None:
    told = explain_change(_public({"DEL": ["100"] * 3}), _public({"EMP": ["92"] * 3, "EST": ["96"] * 3}))
    assert (told["comparable"], told["difference"], told["differences"]) == (False, None, [])
    assert {event["indicator"]: event["event"] for event in told["data_events"]} == {
        "EMP": "APPEARED", "EST": "APPEARED", "DEL": "DISAPPEARED",
    }  # fmt: skip
