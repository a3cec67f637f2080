"""Insured workplaces added up by area, and the four figures that follow; small areas are hidden. Pure arithmetic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

FEWEST = 3
"""Of fewer workplaces than this, heads and pay are not given: they would tell of a single firm."""
HIDDEN = "사업장 2개 이하여서 감춤"
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Rate:
    """The contribution rate in percent from a month on. `provisional`: not read in an official text."""

    since: date
    percent: Decimal
    provisional: bool


@dataclass(slots=True)
class Sum:
    workplaces: int = 0
    insured: int = 0
    billed: int = 0
    left: int = 0

    def add(self, insured: int, billed: int, left: int) -> None:
        self.workplaces += 1
        self.insured += insured
        self.billed += billed
        self.left += left


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: indicator code, value (None: hidden or not computable), whether it may still change, and why."""

    indicator: str
    value: Decimal | None
    preliminary: bool = False
    note: str = ""


def rate_of(month: date, rates: Iterable[Rate]) -> Rate:
    """The rate in force in a month. LookupError before the first."""
    held = [rate for rate in rates if rate.since <= month]
    if not held:
        raise LookupError(f"no contribution rate for {month:%Y-%m}")
    return max(held, key=lambda rate: rate.since)


def pay_of(billed: int, rate: Rate) -> Decimal:
    """Pay in whole won from what is billed: billed ÷ rate. Income above the ceiling is cut off by the source."""
    return (Decimal(billed) * 100 / rate.percent).quantize(Decimal(1), ROUND_HALF_UP)


def figures(total: Sum, rate: Rate) -> Sequence[Figure]:
    """Workplaces (EST), heads (EMP), pay in won (PAY) and separations in percent (LOSS) of one area in one month."""
    est = Figure("EST", Decimal(total.workplaces))
    if total.workplaces < FEWEST:
        return [est, *(Figure(code, None, note=HIDDEN) for code in ("EMP", "PAY", "LOSS"))]
    pay = pay_of(total.billed, rate)
    told = f"고지금액 {total.billed:,}원 ÷ {rate.percent.normalize():f}%"
    loss = None
    if total.insured:
        a_head = (pay / total.insured).quantize(Decimal(1), ROUND_HALF_UP)
        told += f", 1인당 {a_head:,}원"
        loss = (Decimal(total.left) * 100 / total.insured).quantize(_PLACES, ROUND_HALF_UP).normalize()
    if rate.provisional:
        told += " (보험료율 잠정)"
    return [
        est,
        Figure("EMP", Decimal(total.insured)),
        Figure("PAY", pay, preliminary=rate.provisional, note=told),
        Figure("LOSS", loss, note="" if total.insured else "가입자가 없어 셈할 수 없음"),
    ]
