"""What-ifs: the round's own frozen inputs judged by a changed copy of its rules, by the real engine, in the worker."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from crisis import rules
from crisis.enums import RunState
from crisis.models import Area, Result, Run
from crisis.services import run_inputs
from crisis.workbench.models import WhatIf, WhatIfResult
from crisis.workbench.rules import changed_copy
from portal.directory.audit import deed
from portal.directory.models import Organization, User
from portal.directory.services import JobProgress, start_job
from portal.kernel.errors import Refusal

TASK = "crisis.workbench.tasks.run_what_if"


@transaction.atomic
def start_what_if(
    *,
    run: Run,
    title: str,
    organization: Organization,
    actor: User,
    figures: Mapping[str, Any] | None = None,
    dimensions: Mapping[str, Any] | None = None,
    weights: Mapping[str, Any] | None = None,
    off: Collection[str] = (),
) -> WhatIf:
    """Owe a trial of a finished run's round under changed rules (see `changed_copy`). Every fault is told at once."""
    if run.state != RunState.DONE:
        raise Refusal("run_not_done", "끝난 산출에서만 가정을 세울 수 있습니다.")
    if not title.strip():
        raise Refusal("what_if_no_name", "가정의 이름을 적어 주세요.", {"title": "이름을 적어 주세요."})
    if len(off) >= len(run.rule_set.body["indicators"]):
        raise Refusal("nothing_left", "지표를 모두 끌 수는 없습니다. 하나 이상 남겨 주세요.")
    body, changes = changed_copy(run.rule_set.body, figures=figures, dimensions=dimensions, weights=weights, off=off)
    try:
        rules.parse_ruleset(body)
    except rules.RuleSetError as error:
        raise Refusal("rule_set_invalid", "바꾼 값을 고쳐 주세요: " + " / ".join(error.sentences)) from error
    with deed("start_what_if", actor=actor) as done:
        made = WhatIf(
            run=run,
            title=title.strip(),
            changes=changes,
            body=body,
            sha256=rules.ruleset_sha256(body),
            owner=actor,
            organization=organization,
        )
        made.full_clean()
        made.save()
        made.job = start_job(
            kind="what_if",
            title=f"가정 산출: {made.title}",
            task=TASK,
            owner=actor,
            arguments={"what_if_id": made.pk},
        )
        made.save(update_fields=["job", "updated_at"])
        done.about(made, round=run.round.code, changes=changes)
    return made


def compute_what_if(progress: JobProgress) -> dict[str, Any]:
    """The work of the job: every area of the run by the changed rules. Coming twice writes nothing twice."""
    found = WhatIf.objects.select_related("run__round").filter(pk=progress.arguments["what_if_id"]).first()
    if found is None:
        raise Refusal("what_if_gone", "지워진 가정 산출입니다.")
    url = reverse("workbench:what_if", args=[found.pk])
    if found.finished_at is not None:
        return {"url": url, "areas": found.results.count()}
    bases = {row.area.code: row for row in Result.objects.filter(run=found.run_id).select_related("area")}
    areas = dict(Area.objects.filter(code__in=run_inputs.as_tree(found.run.tree).codes).values_list("code", "pk"))
    digests: dict[str, str] = {}
    for done, total, part in judge_again(found.run, rules.parse_ruleset(found.body)):
        rows = [_row(found, areas[result.code], result.public(), bases.get(result.code)) for result in part]
        WhatIfResult.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        digests |= {result.code: row.digest for result, row in zip(part, rows, strict=True)}
        progress.say(done=done, total=total, message=f"시·도 {min(done, total)}/{total}")
    WhatIf.objects.filter(pk=found.pk, finished_at=None).update(
        output_digest=rules.combined_digest(digests), finished_at=timezone.now(), updated_at=timezone.now()
    )
    return {"url": url, "areas": len(digests)}


def judge_again(run: Run, rule_set: rules.RuleSet) -> Iterator[tuple[int, int, list[rules.AreaResult]]]:
    """A run's round by other rules from the run's frozen inputs, a part at a time: (parts done, parts, results).

    The stages of the round before stay those the run started from: what differs comes from this change alone, not
    from what the change would have done to earlier rounds.
    """
    tree = run_inputs.as_tree(run.tree)
    month = run_inputs.reference_index(run.round)
    winners = run_inputs.readings(
        codes=tree.codes,
        rule_set=rule_set,
        reference_month=month,
        known_at=run.known_at,
        seq_high=run.seq_high or 0,
    )
    national = rules.national_reference(rules.build_panel(tree, rule_set, winners, month))
    previous = run_inputs.previous_stages(run)
    tops = run_inputs.shard_tops(tree)
    leaves = {node.code for node, leaf in zip(tree.nodes, tree.is_leaf.tolist(), strict=True) if leaf}
    members = []
    for done, top in enumerate(tops, 1):
        panel = rules.build_panel(tree.subtree(top), rule_set, winners, month)
        results = rules.evaluate(panel, national, previous=previous)
        members += [rules.member_of(result) for result in results if result.code in leaves]
        yield done, len(tops), results
    nation = rule_set.reference_area
    if nation in tree.index:
        yield (
            len(tops),
            len(tops),
            [rules.evaluate_nation(rule_set, national, members, previous.get(nation))],
        )


def _row(what_if: WhatIf, area_id: int, public: dict[str, Any], base: Result | None) -> WhatIfResult:
    before = base.model_stage if base is not None and base.status == "OK" else None
    after = public["model_stage"] if public["status"] == "OK" else None
    return WhatIfResult(
        what_if=what_if,
        area_id=area_id,
        base=base,
        public=public,
        digest=rules.digest(public),
        stage_before=before,
        stage=after,
        moves=before != after,
        rci_before=base.rci if base is not None else None,
        rci=public["RCI"],
        grade_before=base.grade if base is not None else "",
        grade=public["grade"],
    )


@transaction.atomic
def delete_what_if(*, what_if: WhatIf, actor: User | None) -> None:
    """Throw a trial away with its results; the record of the deed stays. Refused while the worker is at it."""
    if actor is not None and what_if.finished_at is None and what_if.job and not what_if.job.is_finished:
        raise Refusal("what_if_running", "계산하는 중에는 지울 수 없습니다. 끝난 뒤에 지워 주세요.")
    with deed("delete_what_if", actor=actor) as done:
        done.about(what_if, sha256=what_if.sha256, changes=what_if.changes)
        what_if.delete()


def delete_expired() -> int:
    """Throw away what is older than a month. Returns how many."""
    expired = list(WhatIf.objects.expired(timezone.now()).order_by("pk")[:200])
    for one in expired:
        delete_what_if(what_if=one, actor=None)
    return len(expired)
