"""Arithmetic and conditions of conversion plans, free of Django.

The figures come in as `Terms`, read from a dated row (`ConversionRule`); periods are given by their first and last day,
money in whole won, shares in percent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

OK, UNKNOWN, NOT_MET = "OK", "UNKNOWN", "NOT_MET"


@dataclass(frozen=True, slots=True)
class Terms:
    """What one rule asks: the kinds it knows, whether several firms may plan together, and its figures."""

    kinds: frozenset[str]
    joint: bool
    running_years: int
    industry_digits: int
    longest_months: int
    smallest_share: Decimal


@dataclass(frozen=True, slots=True)
class Firm:
    """A member as far as the rule looks at it. Industries are codes ("" for none)."""

    name: str
    is_lead: bool
    is_sme: bool | None
    founded_on: date | None
    operating: bool
    from_code: str
    to_code: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition of eligibility: met, not known, or not met."""

    code: str
    standing: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an edition says, for the judgement of whether it may be handed in."""

    kind: str
    starts_on: date
    ends_on: date
    texts: Mapping[str, str]
    money: int
    goals: Mapping[str, tuple[Decimal, Decimal]]
    milestones: Sequence[date]
    firms: Sequence[Firm] = field(default_factory=tuple)


def months_later(day: date, months: int) -> date:
    """The same day some months on, or the last day of a shorter month (Civil Act §160③)."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    after = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), after - timedelta(days=1))


def quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def last_quarter(day: date) -> tuple[date, date]:
    """First and last day of the quarter before the one a day lies in."""
    now = quarter_start(day)
    return quarter_start(now - timedelta(days=1)), now - timedelta(days=1)


def running_years(founded_on: date, on: date) -> int:
    """Full years since the founding."""
    return on.year - founded_on.year - ((on.month, on.day) < (founded_on.month, founded_on.day))


def eligibility(firm: Firm, terms: Terms, on: date, *, joint: bool) -> list[Finding]:
    """What is known of a firm against the conditions of a day.

    In a joint plan a partner that is no SME may take part beside an SME at the head; that is to be looked into, not
    refused.
    """
    found = []
    if firm.is_sme is None:
        found.append(Finding("size", UNKNOWN, f"{firm.name}: 중소기업인지 확인되지 않았습니다."))
    elif firm.is_sme:
        found.append(Finding("size", OK, f"{firm.name}: 중소기업입니다."))
    elif joint and not firm.is_lead:
        found.append(
            Finding("size", UNKNOWN, f"{firm.name}: 중소기업이 아닌 참여기업입니다. 협력 관계를 확인해 주세요.")
        )
    else:
        found.append(Finding("size", NOT_MET, f"{firm.name}: 중소기업이 아니어서 신청할 수 없습니다."))
    if firm.founded_on is None:
        found.append(Finding("years", UNKNOWN, f"{firm.name}: 설립일이 없어 업력을 확인할 수 없습니다."))
    else:
        years = running_years(firm.founded_on, on)
        enough = years >= terms.running_years
        word = "이상입니다" if enough else "미만입니다"
        found.append(
            Finding(
                "years", OK if enough else NOT_MET, f"{firm.name}: 업력 {years}년, 기준 {terms.running_years}년 {word}."
            )
        )
    if not firm.operating:
        found.append(Finding("state", NOT_MET, f"{firm.name}: 휴업 또는 폐업한 기업입니다."))
    return found


def same_industry(one: str, other: str, digits: int) -> bool:
    """Whether two codes name one industry at so many digits. A shorter code stands for everything below it."""
    length = min(digits, len(one), len(other))
    return one[:length] == other[:length]


def _industry_faults(proposal: Proposal, terms: Terms, changes: bool) -> list[str]:
    faults = []
    for firm in proposal.firms:
        if not firm.from_code:
            faults.append(f"{firm.name}의 지금 업종을 적어 주세요.")
        elif changes and not firm.to_code:
            faults.append(f"{firm.name}의 새 업종을 적어 주세요.")
        elif changes and same_industry(firm.from_code, firm.to_code, terms.industry_digits):
            faults.append(
                f"{firm.name}: 지금 업종과 새 업종이 {terms.industry_digits}자리까지 같습니다. 같은 업종이면 다른 유형을 고르세요."
            )
        elif not changes and firm.to_code and not same_industry(firm.from_code, firm.to_code, terms.industry_digits):
            faults.append(f"{firm.name}: 업종이 바뀌므로 ‘업종 변경’이나 ‘업종 추가’를 골라 주세요.")
    return faults


def shortfalls(
    proposal: Proposal, terms: Terms, on: date, *, changes_industry: bool, explained: bool
) -> dict[str, str]:
    """What keeps an edition from being handed in: field → what to do, in Korean; empty when nothing does.

    `changes_industry`: its kind is one of the old law's; `explained`: a note says how what is not known was checked.
    """
    faults = {name: "적어야 신청할 수 있습니다." for name, text in proposal.texts.items() if not text.strip()}
    if proposal.kind not in terms.kinds:
        faults["kind"] = "신청하는 날의 기준은 이 유형을 사업전환으로 인정하지 않습니다."
    joint = len(proposal.firms) > 1
    if joint and not terms.joint:
        faults["members"] = "신청하는 날의 기준에는 공동 사업전환이 없습니다."
    elif sum(firm.is_lead for firm in proposal.firms) != 1:
        faults["members"] = "대표기업을 하나 정해 주세요."
    if wrong := _industry_faults(proposal, terms, changes_industry):
        faults["industries"] = " ".join(wrong)
    findings = [one for firm in proposal.firms for one in eligibility(firm, terms, on, joint=joint)]
    if refused := [one.text for one in findings if one.standing == NOT_MET]:
        faults["eligibility"] = " ".join(refused)
    elif not explained and (unknown := [one.text for one in findings if one.standing == UNKNOWN]):
        faults["eligibility_note"] = " ".join(unknown) + " 어떻게 확인했는지 적어 주세요."
    if proposal.ends_on >= months_later(proposal.starts_on, terms.longest_months):
        faults["ends_on"] = f"계획 기간은 {terms.longest_months}개월 이내여야 합니다."
    if proposal.money <= 0:
        faults["budget"] = "재원을 하나 이상 적어 주세요."
    faults |= _goal_faults(proposal, terms)
    if not proposal.milestones:
        faults["milestones"] = "추진 단계를 하나 이상 넣어 주세요."
    elif any(not proposal.starts_on <= day <= proposal.ends_on for day in proposal.milestones):
        faults["milestones"] = "추진 단계의 기한이 계획 기간을 벗어납니다."
    return faults


def _goal_faults(proposal: Proposal, terms: Terms) -> dict[str, str]:
    if not proposal.goals:
        return {"goals": "새 사업의 매출 비중이나 상시근로자 비중 가운데 하나는 목표로 적어 주세요."}
    if any(target <= base for base, target in proposal.goals.values()):
        return {"goals": "목표는 지금 비중보다 커야 합니다."}
    if max(target for _base, target in proposal.goals.values()) < terms.smallest_share:
        return {"goals": f"목표 비중 가운데 하나는 {terms.smallest_share.normalize():f}% 이상이어야 합니다."}
    return {}


def reached(goals: Sequence[tuple[Decimal, Decimal | None]]) -> bool:
    """Whether every goal (target, result) was met; a result nobody knows is not met."""
    return bool(goals) and all(result is not None and result >= target for target, result in goals)
