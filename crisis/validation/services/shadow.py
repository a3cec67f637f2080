"""The previous round under other rules: what a change would have meant, and the stages the next round starts from."""

from django.db import transaction

from crisis import rules
from crisis.enums import RunKind, RunState
from crisis.models import RuleSet, Run
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.db import advisory_lock
from portal.kernel.errors import Refusal
from portal.kernel.queue import defer


def latest_official() -> Run | None:
    """The official run of the newest evaluated round."""
    return Run.objects.official().done().select_related("round", "rule_set").order_by("-round__reference_month").first()


@transaction.atomic
def start_shadow(*, rule_set: RuleSet, actor: User) -> Run:
    """Owe the newest official round once more under this rule set, from exactly the same figures.

    The same shadow is not computed twice: one under way or done is given back. The round that comes after an approval
    starts from these stages (method §10).
    """
    advisory_lock("crisis.validation.shadow")
    rule_set = RuleSet.objects.select_for_update(no_key=True).get(pk=rule_set.pk)
    last = latest_official()
    if last is None:
        raise Refusal("no_official_run", "아직 공식 산출이 끝난 회차가 없어 견줄 것이 없습니다.")
    if last.ruleset_sha256 == rule_set.sha256:
        raise Refusal("same_rules", f"{last.round.code} 회차를 바로 이 기준으로 산출했습니다. 견줄 것이 없습니다.")
    same = last.round.runs.filter(kind=RunKind.SHADOW, ruleset_sha256=rule_set.sha256, rule_set=rule_set)
    known = same.exclude(state=RunState.FAILED).order_by("-pk").first()
    if known is not None:
        return known
    with deed("start_shadow", actor=actor) as done:
        run = Run.objects.create(
            round=last.round,
            kind=RunKind.SHADOW,
            owner=actor,
            previous=last.previous,
            rule_set=rule_set,
            ruleset_sha256=rule_set.sha256,
            engine_version=rules.ENGINE_VERSION,
            known_at=last.known_at,
            seq_high=last.seq_high,
        )
        done.about(rule_set, round=last.round.code)
    defer("crisis.tasks.evaluate_run", run_id=run.pk)
    return run
