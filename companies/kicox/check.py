"""The book's rows against the totals the book itself gives.

Suppressed figures are in the totals and not in the rows; so a total may exceed the sum of its rows only where a row is
suppressed, and never fall below it. Wholes contain their parts; complexes lying in two 시·도 have one row in each.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from companies.kicox.book import FIGURES, Complex, KicoxBook, Total

WORDS = {
    "count": "단지 수", "tenants": "입주업체", "operating": "가동업체", "employees": "고용", "production": "누계생산", "exports": "누계수출",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A total that its rows do not make up. `missing` = total − sum of the rows."""

    type: str
    sido: str
    figure: str
    total: int
    rows: int

    @property
    def missing(self) -> int:
        return self.total - self.rows

    def __str__(self) -> str:
        where = " ".join(filter(None, (self.sido, self.type))) or "전국"
        return f"{where} {WORDS[self.figure]}: 책의 합계 {self.total:,}, 행의 합 {self.rows:,} (차이 {self.missing:,})"


def _of(total: Total, one: Complex) -> bool:
    return (not total.type or one.type == total.type) and (not total.sido or one.sido == total.sido)


def disagreements(book: KicoxBook) -> Iterator[Disagreement]:
    """Every total of the book that the rows cannot make up."""
    for total in book.totals:
        rows = [one for one in book.wholes if _of(total, one)]
        # Over all 시·도 the book counts a complex that lies in two of them once.
        if total.sido and total.count is not None and total.count != len(rows):
            yield Disagreement(total.type, total.sido, "count", total.count, len(rows))
        for figure in FIGURES:
            if figure not in total.figures:
                continue
            told = total.figures[figure]
            given = sum(one.figures[figure] or 0 for one in rows)
            hidden = any(one.figures[figure] is None for one in rows)
            if given != told and not (hidden and given <= told):
                yield Disagreement(total.type, total.sido, figure, told, given)


def part_disagreements(book: KicoxBook) -> Iterator[tuple[Complex, str, int]]:
    """Wholes whose parts do not add up to them: (whole, figure, sum of the parts). Hidden figures are passed over."""
    parts: dict[int, list[Complex]] = {}
    for one in book.complexes:
        if one.whole is not None:
            parts.setdefault(one.whole, []).append(one)
    for at, inside in parts.items():
        whole = book.complexes[at]
        for figure in FIGURES:
            values = [one.figures[figure] for one in inside]
            if None in values or whole.figures[figure] is None:
                continue
            if (together := sum(value or 0 for value in values)) != whole.figures[figure]:
                yield whole, figure, together
