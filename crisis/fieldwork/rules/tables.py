"""Results of a campaign as cells, each with whether its figure is secret.

For every cluster and for all together: how many answered, the index of each item, how many chose each option. What is
hidden follows from `companies.surveys.rules.suppression`: a figure of fewer answers than the limit, and enough of the
others that no total gives it away. An option is looked at with its rest: that all but two chose it tells of the two.
A cluster whose number of answers is hidden shows nothing at all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from companies.surveys.rules.suppression import Sum, hidden
from crisis.fieldwork.rules.index import bsi, share
from crisis.fieldwork.rules.questionnaire import BETTER, SAME, WORSE, Questionnaire

ANSWERED, INDEX, CHOSEN = "ANSWERED", "INDEX", "CHOSEN"
ALL = 0
"""The key of all clusters together."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure. `place`: a cluster's key or `ALL`. `base`: answers it rests on; `count`: answers of the option.

    INDEX: `value` is the index, `spread` better, same, worse. CHOSEN: `value` percent of `base`.
    """

    place: int
    kind: str
    question: str
    option: str
    label: str
    base: int
    count: int
    value: Decimal | None
    secret: bool
    spread: tuple[int, int, int] | None = None


def cells(form: Questionnaire, answers: Mapping[int, Iterable[Mapping[str, Any]]]) -> list[Cell]:
    """Every cell of a campaign, from the submitted answers by cluster (clusters without any included)."""
    sheets = {place: list(rows) for place, rows in answers.items()}
    everything = [one for rows in sheets.values() for one in rows]
    counts, sums = _counted(form, sheets)
    secret = hidden(counts, sums, form.smallest)
    found: list[Cell] = []
    for place, rows in [*sheets.items(), (ALL, everything)]:
        mute = f"n:{place}" in secret or (0 < len(rows) < form.smallest)
        found.append(Cell(place, ANSWERED, "", "", "응답 업체", len(rows), len(rows), None, mute))
        for item in form.items:
            told = Counter(one[item] for one in rows if one.get(item) is not None)
            spread = (told[BETTER], told[SAME], told[WORSE])
            found.append(
                Cell(
                    place, INDEX, item, "", form.item(item).label, sum(spread), sum(spread), bsi(*spread),
                    mute or f"i:{item}:{place}" in secret, spread,
                )
            )  # fmt: skip
        for question in form.multiples:
            base = sum(1 for one in rows if one.get(question.code))
            for code, word in question.choices:
                count = sum(1 for one in rows if code in (one.get(question.code) or ()))
                key = f"c:{question.code}:{code}:{place}"
                found.append(
                    Cell(
                        place, CHOSEN, question.code, code, word, base, count, share(count, base),
                        mute or bool({key, f"r{key[1:]}", f"b:{question.code}:{place}"} & secret),
                    )
                )  # fmt: skip
    return found


def _counted(form: Questionnaire, sheets: Mapping[int, list[Mapping[str, Any]]]) -> tuple[dict[str, int], list[Sum]]:
    """Every published count under its key, and the sums by which one could be told from others."""
    counts: dict[str, int] = {}
    sums: list[Sum] = []
    places = list(sheets)

    def over_places(prefix: str, values: Mapping[int, int]) -> None:
        counts.update({f"{prefix}:{place}": values[place] for place in places})
        counts[f"{prefix}:{ALL}"] = sum(values.values())
        if places:
            sums.append(Sum(f"{prefix}:{ALL}", tuple(f"{prefix}:{place}" for place in places)))

    over_places("n", {place: len(rows) for place, rows in sheets.items()})
    for item in form.items:
        over_places(f"i:{item}", {p: sum(1 for one in rows if one.get(item) is not None) for p, rows in sheets.items()})
    for question in form.multiples:
        base = {place: sum(1 for one in rows if one.get(question.code)) for place, rows in sheets.items()}
        over_places(f"b:{question.code}", base)
        for code, _word in question.choices:
            chosen = {p: sum(1 for one in rows if code in (one.get(question.code) or ())) for p, rows in sheets.items()}
            over_places(f"c:{question.code}:{code}", chosen)
            over_places(f"r:{question.code}:{code}", {place: base[place] - chosen[place] for place in places})
            for place in [*places, ALL]:
                key = f"{question.code}:{code}:{place}"
                sums.append(Sum(f"b:{question.code}:{place}", (f"c:{key}", f"r:{key}")))
    return counts, sums
