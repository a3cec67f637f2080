"""Half-yearly rounds: opened on the calendar, judged after their cut-off."""

from datetime import date, datetime

from django.db import transaction

from crisis.models import Round, RuleSet
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.dates import end_of_day
from portal.kernel.errors import Refusal

# Reference month and cut-off of each half (method §4, a choice to be confirmed by the ministry).
HALVES = {1: (5, (0, 7, 10)), 2: (11, (1, 1, 10))}


def half_of(day: date) -> tuple[str, date, datetime]:
    """The round whose figures are being gathered on a day: (code, reference month, cut-off).

    From 11 January to 10 July that is the first half, otherwise the second.
    """
    for year, half in ((day.year - 1, 2), (day.year, 1), (day.year, 2)):
        code, month, cutoff = _half(year, half)
        if day <= cutoff.date():
            return code, month, cutoff
    raise AssertionError("every day lies before the cut-off of its year's second half")


def _half(year: int, half: int) -> tuple[str, date, datetime]:
    month, (later, cut_month, cut_day) = HALVES[half]
    return f"{year}H{half}", date(year, month, 1), end_of_day(date(year + later, cut_month, cut_day))


@transaction.atomic
def open_round(*, reference_month: date, cutoff: datetime, actor: User | None = None, code: str | None = None) -> Round:
    """Open a round under the rule set in force in its reference month."""
    code = code or f"{reference_month.year}H{1 if reference_month.month <= 6 else 2}"
    if Round.objects.filter(code=code).exists():
        raise Refusal("round_exists", f"{code} 회차는 이미 열려 있습니다.")
    rule_set = RuleSet.objects.in_force_on(reference_month).first()
    if rule_set is None:
        raise Refusal(
            "no_rule_set", f"{reference_month:%Y-%m}에 적용되는 승인된 판정 기준이 없습니다. 먼저 기준을 승인해 주세요."
        )
    with deed("open_round", actor=actor) as done:
        fresh = Round(code=code, reference_month=reference_month, cutoff=cutoff, rule_set=rule_set)
        fresh.full_clean()
        fresh.save()
        done.about(fresh, cutoff=cutoff.isoformat())
    return fresh


def open_due_rounds(*, today: date) -> Round | None:
    """Open the round whose figures are being gathered today, once; None when there is nothing to open."""
    code, month, cutoff = half_of(today)
    if Round.objects.filter(code=code).exists() or not RuleSet.objects.in_force_on(month).exists():
        return None
    return open_round(reference_month=month, cutoff=cutoff, code=code)
