"""Rule sets come in as drafts and are approved with a document, from a day on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from crisis import rules
from crisis.enums import RuleSetState
from crisis.models import RuleSet
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.dates import period
from portal.kernel.errors import Refusal


@transaction.atomic
def draft_rule_set(
    *,
    title: str,
    body: Mapping[str, Any],
    levels: Sequence[str],
    actor: User | None,
    trial: bool = False,
    note: str = "",
) -> RuleSet:
    """Keep a rule set as a draft. Its JSON is checked whole; every fault is told at once."""
    try:
        parsed = rules.parse_ruleset(dict(body))
    except rules.RuleSetError as error:
        raise Refusal("rule_set_invalid", "판정 기준을 고쳐 주세요: " + " / ".join(error.sentences)) from error
    with deed("draft_rule_set", actor=actor) as done:
        draft = RuleSet(
            version=parsed.version,
            title=title,
            body=dict(body),
            sha256=rules.ruleset_sha256(dict(body)),
            levels=list(levels),
            trial=trial,
            note=note,
        )
        draft.full_clean()
        draft.save()
        done.about(draft, sha256=draft.sha256)
    return draft


@transaction.atomic
def approve_rule_set(*, rule_set: RuleSet, start: date, document: str, actor: User, end: date | None = None) -> RuleSet:
    """Put a draft in force from a day on. The one in force until then ends the day before."""
    rule_set = RuleSet.objects.select_for_update(no_key=True).get(pk=rule_set.pk)
    if rule_set.state != RuleSetState.DRAFT:
        raise Refusal("rule_set_not_draft", "초안만 승인할 수 있습니다.")
    if not document.strip():
        raise Refusal("rule_set_document", "승인 근거 문서를 적어 주세요.", {"document": "근거 문서를 적어 주세요."})
    with deed("approve_rule_set", actor=actor, reason=document) as done:
        running = RuleSet.objects.approved().select_for_update(no_key=True).filter(effective__contains=start).first()
        if running is not None:
            if running.effective.lower is not None and running.effective.lower >= start:
                raise Refusal("rule_set_same_day", "같은 날부터 적용되는 승인된 기준이 이미 있습니다.")
            running.effective = period(running.effective.lower, start)
            running.save(update_fields=["effective", "updated_at"])
            done.about(running, ended=start.isoformat())
        rule_set.state, rule_set.effective, rule_set.document = RuleSetState.APPROVED, period(start, end), document
        rule_set.approved_at, rule_set.approved_by = timezone.now(), actor
        rule_set.full_clean()
        rule_set.save()
        done.about(rule_set, start=start.isoformat())
    return rule_set
