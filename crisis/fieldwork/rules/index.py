"""The business survey index (BSI), as the Bank of Korea publishes it for its own survey.

BSI = (firms answering better − firms answering worse) ÷ all firms answering × 100 + 100; 0 to 200, 100 is neutral.
Source: 한국은행 기업경기조사의 산식(mediawatch.kr 2007-05-08, `docs/fieldwork.md`). Unweighted: one firm, one voice.
"""

from decimal import ROUND_HALF_UP, Decimal

_TENTH = Decimal("0.1")


def bsi(better: int, same: int, worse: int) -> Decimal | None:
    """The index with one decimal, halves away from nought; None when nobody answered. ValueError for counts below 0."""
    if min(better, same, worse) < 0:
        raise ValueError("counts of answers are never negative")
    answered = better + same + worse
    if not answered:
        return None
    return (Decimal(100 * (better - worse)) / answered + 100).quantize(_TENTH, ROUND_HALF_UP)


def share(part: int, whole: int) -> Decimal | None:
    """Percent of `whole` with one decimal; None of nothing."""
    return (Decimal(100 * part) / whole).quantize(_TENTH, ROUND_HALF_UP) if whole else None
