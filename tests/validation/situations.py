"""Two judged rounds of a small country, for tests of validation."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from crisis.enums import RuleSetState
from crisis.models import Round, RuleSet, Run
from portal.kernel.dates import period
from tests.crisis.panels import Country, country, evaluate
from tests.factories.crisis import RULES, RoundFactory, RuleSetFactory


@dataclass
class Past:
    """G2 of the second 시·도 falls by 30 percent (심각), G1 of the first by 12, G0 and G3 stand still."""

    land: Country
    first: Round
    last: Round
    runs: list[Run]

    @property
    def rule_set(self) -> RuleSet:
        return self.last.rule_set

    def result(self, code: str, at: int = -1):
        return self.runs[at].results.select_related("area__region", "run__round").get(area__code=code)


def past() -> Past:
    land = country()
    first = RoundFactory(
        code="2024H2",
        reference_month=date(2024, 11, 1),
        cutoff=datetime(2025, 6, 30, tzinfo=UTC),
        rule_set=land.round.rule_set,
    )
    return Past(land, first, land.round, [evaluate(first), evaluate(land.round)])


def draft(version="DRAFT-1", **changes) -> RuleSet:
    """A draft that differs from the rules in force by `changes` at the top of its body."""
    from crisis import rules

    body = {**RULES, "version": version, **changes}
    return RuleSetFactory(
        version=version, title="시험 초안", body=body, sha256=rules.ruleset_sha256(body), state=RuleSetState.DRAFT,
        effective=None, approved_at=None, approved_by=None, document="",
    )  # fmt: skip


def in_force(version="FORCE-1", start=date(2020, 1, 1), end=None) -> RuleSet:
    """An approved rule set whose hash is really that of its content."""
    from crisis import rules

    body = {**RULES, "version": version}
    return RuleSetFactory(version=version, body=body, sha256=rules.ruleset_sha256(body), effective=period(start, end))
