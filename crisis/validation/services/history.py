"""Past rounds judged again under any rule set, in memory, from the figures each round was judged on."""

from collections.abc import Callable, Iterator, Sequence

from crisis import rules
from crisis.models import Round, RuleSet, Run
from crisis.services import run_inputs

Say = Callable[..., None]


def judged_rounds() -> list[Round]:
    """Every round with a finished official run, the oldest first; `round.official` is that run."""
    runs = Run.objects.official().done().select_related("round").order_by("round__reference_month")
    rounds = []
    for run in runs:
        found = run.round
        found.official = run  # type: ignore[attr-defined]
        rounds.append(found)
    return rounds


def replay(
    rule_set: RuleSet, rounds: Sequence[Round], say: Say | None = None
) -> Iterator[tuple[Round, list[rules.AreaResult]]]:
    """Each round's results under the rule set, the chain of model stages starting empty at the first.

    As known at each round's own cut-off, and without what was recorded after that round froze its inputs: what would
    have been said then. Without badges, which measure nothing here and take most of the time.
    """
    parsed = rule_set.parsed
    previous: dict[str, str | None] = {}
    for number, found in enumerate(rounds):
        official: Run = found.official  # type: ignore[attr-defined]
        if say is not None:
            say(done=number, total=len(rounds), message=f"{found.code} 회차를 다시 계산하는 중")
        tree = run_inputs.as_tree(run_inputs.tree_for(found, rule_set.levels))
        month = run_inputs.reference_index(found)
        winners = run_inputs.readings(
            codes=tree.codes,
            rule_set=parsed,
            reference_month=month,
            known_at=official.known_at,
            seq_high=official.seq_high or 0,
        )
        panel = rules.build_panel(tree, parsed, winners, month)
        results = rules.evaluate(panel, rules.national_reference(panel), previous=previous, badge=False)
        previous = {result.code: result.model_stage for result in results}
        yield found, results
