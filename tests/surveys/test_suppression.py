"""Small counts stay hidden, whatever is added up."""

from hypothesis import given
from hypothesis import strategies as st

from companies.surveys.rules.suppression import Sum, hidden

LIMIT = 3


def table(*parts):
    counts = {f"p{n}": part for n, part in enumerate(parts)} | {"all": sum(parts)}
    return counts, [Sum("all", tuple(f"p{n}" for n in range(len(parts))))]


def hide(*parts):
    return set(hidden(*table(*parts), LIMIT))


def test_large_counts_and_noughts_are_shown():
    assert hide(3, 10, 0) == set()


def test_lone_small_count_takes_its_smallest_neighbour_with_it():
    assert hide(2, 10, 7) == {"p0", "p2"}


def test_small_count_without_neighbour_takes_the_total_with_it():
    assert hide(2, 0, 0) == {"p0", "all"}


def test_two_ones_would_be_told_by_their_sum():
    """10 is shown and the total is 12: two hidden ones add up to 2, so each is 1."""
    assert hide(1, 1, 10) == {"p0", "p1", "p2"}
    assert hide(2, 2, 10) == {"p0", "p1"}


def test_sum_of_sums_is_looked_at_from_both_sides():
    counts = {"a": 2, "b": 9, "x": 11, "c": 5, "d": 6, "y": 11, "all": 22}
    sums = [Sum("x", ("a", "b")), Sum("y", ("c", "d")), Sum("all", ("x", "y"))]
    assert set(hidden(counts, sums, LIMIT)) == {"a", "b"}
    counts = {"a": 2, "b": 0, "x": 2, "c": 5, "d": 6, "y": 11, "all": 13}
    secret = set(hidden(counts, sums, LIMIT))
    assert {"a", "x", "y"} <= secret  # a alone makes x, x alone would be told by all and y
    assert secret & {"c", "d"}  # and y, hidden, must not be the sum of two that are shown


def solutions(counts, sums, secret):
    """Whether some hidden figure is the only one its sums allow, each hidden figure being at least 1."""
    for one in sums:
        inside = [key for key in (*one.parts, one.total) if key in secret]
        if len(inside) == 1:
            return True
        parts = [key for key in one.parts if key in secret]
        if parts and one.total not in secret and sum(counts[key] for key in parts) == len(parts):
            return True
    return False


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=5), min_size=1, max_size=4), st.integers(2, 6))
def test_no_published_sum_gives_a_hidden_count_away(groups, limit):
    counts, sums = {}, []
    for g, group in enumerate(groups):
        keys = tuple(f"{g}.{n}" for n in range(len(group)))
        counts |= dict(zip(keys, group, strict=True)) | {f"g{g}": sum(group)}
        sums.append(Sum(f"g{g}", keys))
    counts["all"] = sum(map(sum, groups))
    sums.append(Sum("all", tuple(f"g{g}" for g in range(len(groups)))))
    secret = hidden(counts, sums, limit)
    assert {key for key, count in counts.items() if 0 < count < limit} <= secret
    assert not any(counts[key] == 0 for key in secret)
    assert not solutions(counts, sums, secret)
