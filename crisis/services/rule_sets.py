"""Rule sets come in as drafts, are changed as drafts, and are approved with a document, from a day on.

What has been judged stays as it was: an approval reaches forward from its day, never over a round already evaluated.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from crisis import rules
from crisis.enums import RoundState, RuleSetState, RunKind
from crisis.models import Round, RuleSet, Run
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.dates import period
from portal.kernel.errors import ChangedMeanwhile, Refusal


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
    parsed = _parsed(body)
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


def _parsed(body: Mapping[str, Any]) -> rules.RuleSet:
    try:
        return rules.parse_ruleset(dict(body))
    except rules.RuleSetError as error:
        raise Refusal("rule_set_invalid", "판정 기준을 고쳐 주세요: " + " / ".join(error.sentences)) from error


@transaction.atomic
def edit_rule_set(
    *,
    rule_set: RuleSet,
    title: str,
    body: Mapping[str, Any],
    levels: Sequence[str],
    trial: bool,
    note: str,
    seen: datetime,
    actor: User,
) -> RuleSet:
    """Change a draft. `seen` is its `updated_at` when the editor opened: what another has changed is not overwritten.

    Shadow runs of the draft as it was are deleted with the old content, for they would no longer be reproduced; while
    one is being computed the draft cannot be changed.
    """
    rule_set = RuleSet.objects.select_for_update(no_key=True).get(pk=rule_set.pk)
    if rule_set.state != RuleSetState.DRAFT:
        raise Refusal("rule_set_not_draft", "승인된 기준은 바꿀 수 없습니다. 사본을 만들어 고쳐 주세요.")
    if rule_set.updated_at != seen:
        raise Refusal(
            "changed_meanwhile", "그사이 다른 사람이 이 초안을 바꾸었습니다. 다시 열어 바뀐 내용을 확인해 주세요."
        )
    parsed = _parsed(body)
    digest = rules.ruleset_sha256(dict(body))
    with deed("edit_rule_set", actor=actor) as done:
        if digest != rule_set.sha256:
            shadows = Run.objects.filter(rule_set=rule_set).exclude(kind=RunKind.OFFICIAL)
            if shadows.unfinished().exists():
                raise Refusal("rule_set_running", "이 초안으로 산출하는 중입니다. 끝난 다음 고쳐 주세요.")
            shadows.filter(kind=RunKind.SHADOW).delete()
        before = rule_set.sha256
        rule_set.version, rule_set.title, rule_set.body = parsed.version, title, dict(body)
        rule_set.sha256, rule_set.levels, rule_set.trial, rule_set.note = digest, list(levels), trial, note
        rule_set.full_clean()
        rule_set.save()
        done.about(rule_set, before=before, after=digest)
    return rule_set


@transaction.atomic
def approve_rule_set(*, rule_set: RuleSet, start: date, document: str, actor: User, end: date | None = None) -> RuleSet:
    """Put a draft in force from a day on, up to the next approved one. The one in force until then ends the day before.

    Refuses a day that an evaluated round has already been judged on. Rounds still gathering figures whose month lies in
    the new period are judged by the new rules.
    """
    rule_set = RuleSet.objects.select_for_update(no_key=True).get(pk=rule_set.pk)
    if rule_set.state != RuleSetState.DRAFT:
        raise Refusal("rule_set_not_draft", "초안만 승인할 수 있습니다.")
    if not document.strip():
        raise Refusal("rule_set_document", "승인 근거 문서를 적어 주세요.", {"document": "근거 문서를 적어 주세요."})
    judged = Round.objects.filter(state=RoundState.EVALUATED, reference_month__gte=start).order_by("-reference_month")
    if (latest := judged.first()) is not None:
        raise Refusal(
            "rule_set_reaches_back",
            f"{latest.code} 회차({latest.reference_month:%Y-%m} 기준)는 이미 산출했습니다. 그 뒤의 날부터 적용해 주세요.",
            {"start": f"이미 산출한 {latest.code} 회차의 기준월({latest.reference_month:%Y-%m}) 뒤로 정해 주세요."},
        )
    with deed("approve_rule_set", actor=actor, reason=document) as done:
        running = RuleSet.objects.approved().select_for_update(no_key=True).filter(effective__contains=start).first()
        if running is not None:
            if running.effective.lower is not None and running.effective.lower >= start:
                raise Refusal("rule_set_same_day", "같은 날부터 적용되는 승인된 기준이 이미 있습니다.")
            running.effective = period(running.effective.lower, start)
            running.save(update_fields=["effective", "updated_at"])
            done.about(running, ended=start.isoformat())
        following = RuleSet.objects.approved().filter(effective__startswith__gt=start).order_by("effective").first()
        if following is not None and (end is None or end > following.effective.lower):
            end = following.effective.lower
        rule_set.state, rule_set.effective, rule_set.document = RuleSetState.APPROVED, period(start, end), document
        rule_set.approved_at, rule_set.approved_by = timezone.now(), actor
        rule_set.full_clean()
        rule_set.save()
        gathering = Round.objects.filter(state=RoundState.OPEN, reference_month__gte=start)
        if end is not None:
            gathering = gathering.filter(reference_month__lt=end)
        moved = [found for found in gathering.select_for_update(no_key=True) if not found.runs.official().exists()]
        Round.objects.filter(pk__in=[found.pk for found in moved]).update(
            rule_set=rule_set, previewed_at=None, updated_at=timezone.now()
        )
        done.about(rule_set, start=start.isoformat(), rounds=[found.code for found in moved])
    return rule_set


@transaction.atomic
def delete_rule_set(*, rule_set: RuleSet, reason: str, seen: datetime, actor: User) -> None:
    """Throw away a draft nothing was ever done with. Its content stays in the history, the deed on record.

    Refuses approved ones, drafts a round, a run, a back-test or a calibration rests on (naming them), a draft another
    has changed since, and a missing reason.
    """
    rule_set = RuleSet.objects.select_for_update().get(pk=rule_set.pk)
    if rule_set.state != RuleSetState.DRAFT:
        raise Refusal("rule_set_not_draft", "승인된 기준은 지울 수 없습니다.")
    if rule_set.updated_at != seen:
        raise ChangedMeanwhile(rule_set)
    if not reason.strip():
        raise Refusal("reason_needed", "지우는 사유를 적어 주세요.", {"reason": "지우는 사유를 적어 주세요."})
    with deed("delete_rule_set", actor=actor, reason=reason.strip()) as done:
        done.about(rule_set, version=rule_set.version, sha256=rule_set.sha256)
        try:
            rule_set.delete()
        except ProtectedError as used:
            kinds = sorted({str(one._meta.verbose_name) for one in used.protected_objects})
            raise Refusal(
                "rule_set_used",
                f"이 초안을 쓴 기록이 있어 지울 수 없습니다: {', '.join(kinds)}. 기록은 그대로 남겨 두세요.",
            ) from used
