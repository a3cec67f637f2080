"""Anchors for a draft from the portal's own past rounds."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models.fields.json import KeyTransform
from django.urls import reverse
from django.utils import timezone

from crisis.enums import RuleSetState
from crisis.models import Result, Round, RuleSet
from crisis.services.rule_sets import edit_rule_set
from crisis.validation.enums import CalibrationSource, WorkState
from crisis.validation.models import Calibration
from crisis.validation.rules.percentiles import anchors
from crisis.validation.rules.report import shown
from crisis.validation.services.history import judged_rounds, replay
from portal.directory.audit import deed
from portal.directory.models import User
from portal.directory.services import JobProgress, start_job
from portal.kernel.errors import Refusal

TASK = "crisis.validation.tasks.calibrate"
FEW_ROUNDS = 4  # below this the anchors stay a trial (method §4)
KEYS = {"a": "anchors_abs", "d": "anchors_rel"}
# What a and d of an indicator depend on besides the figures.
_SHAPE = (
    "kind", "direction", "freq", "window_months", "max_stale_months", "credibility_k", "rate_weight", "unit",
    "unit_factors", "suspect_abs_change",
)  # fmt: skip
_COMMON = ("momentum", "window_months", "suspect_abs_change", "exposure_indicator", "reference_area")

Pool = dict[tuple[str, str], list[Fraction]]


@transaction.atomic
def start_calibration(
    *,
    rule_set: RuleSet,
    source: str,
    level: str,
    first_round: Round,
    last_round: Round,
    step: Decimal,
    actor: User,
) -> Calibration:
    """Owe the percentiles of a draft's indicators over past rounds."""
    if rule_set.state != RuleSetState.DRAFT:
        raise Refusal("rule_set_not_draft", "초안에서만 기준점을 산정합니다. 승인된 기준은 사본을 만들어 주세요.")
    if first_round.reference_month > last_round.reference_month:
        raise Refusal(
            "rounds_reversed", "첫 회차가 마지막 회차보다 뒤입니다.", {"last_round": "첫 회차보다 뒤여야 합니다."}
        )
    if level not in rule_set.levels:
        raise Refusal("level", "이 기준이 판정하지 않는 단위입니다.", {"level": "이 기준이 판정하지 않는 단위입니다."})
    with deed("start_calibration", actor=actor) as done:
        made = Calibration(
            rule_set=rule_set,
            ruleset_sha256=rule_set.sha256,
            source=source,
            level=level,
            first_round=first_round,
            last_round=last_round,
            step=step,
            started_by=actor,
        )
        made.full_clean()
        made.save()
        made.job = start_job(
            kind="calibration",
            title=f"기준점 산정: {rule_set.title}",
            task=TASK,
            owner=actor,
            arguments={"calibration_id": made.pk},
        )
        made.save(update_fields=["job", "updated_at"])
        done.about(rule_set, source=source, first=first_round.code, last=last_round.code)
    return made


def compute_calibration(progress: JobProgress) -> dict[str, Any]:
    """The work of the job. A second coming finds it done."""
    found = Calibration.objects.select_related("rule_set", "first_round", "last_round").get(
        pk=progress.arguments["calibration_id"]
    )
    url = reverse("validation:calibration", args=[found.rule_set.version, found.pk])
    if found.state == WorkState.DONE:
        return {"url": url}
    try:
        result = _compute(found, progress)
    except Exception:
        Calibration.objects.filter(pk=found.pk).update(state=WorkState.FAILED, updated_at=timezone.now())
        raise
    Calibration.objects.filter(pk=found.pk).update(state=WorkState.DONE, result=result, updated_at=timezone.now())
    return {"url": url, "values": sum(one["anchors_abs"]["count"] for one in result.values())}


def _compute(found: Calibration, progress: JobProgress) -> dict[str, Any]:
    if found.rule_set.sha256 != found.ruleset_sha256:
        raise Refusal("draft_changed", "맡긴 뒤에 초안이 바뀌었습니다. 기준점 산정을 다시 맡겨 주세요.")
    span = (found.first_round.reference_month, found.last_round.reference_month)
    rounds = [one for one in judged_rounds() if one.reference_month <= span[1]]
    inside = [one for one in rounds if one.reference_month >= span[0]]
    if not inside:
        raise Refusal("no_rounds", "고른 기간에 공식 산출이 끝난 회차가 없습니다.")
    body = found.rule_set.body
    if found.source == CalibrationSource.REPLAYED:
        pool: Pool = defaultdict(list)
        for one, results in replay(found.rule_set, rounds, progress.say):
            if one.reference_month >= span[0]:
                _gather(pool, (r.public()["indicators"] for r in results if r.node.level == found.level))
        strange: set[str] = set()
    else:
        progress.say(message="보관된 산출 결과를 모으는 중", total=1)
        pool, strange = _stored(inside, found.level, body)
    step = Fraction(found.step)
    result: dict[str, Any] = {}
    for code in body["order"]:
        entry: dict[str, Any] = {"other_rules": code in strange}
        for name, key in KEYS.items():
            made = anchors(pool[code, name], step)
            entry[key] = {
                "count": made.count,
                "found": [shown(value) for value in made.found],
                "proposed": [_plain(value) for value in made.proposed],
                "old": [str(value) for value in body["indicators"][code][key]],
                "usable": made.usable,
            }
        result[code] = entry
    return result


def _stored(rounds: list[Round], level: str, body: Mapping[str, Any]) -> tuple[Pool, set[str]]:
    """The pooled values of stored official results, and the indicators they computed otherwise than the draft does."""
    pool: Pool = defaultdict(list)
    runs = [one.official for one in rounds]  # type: ignore[attr-defined]
    rows = Result.objects.filter(run__in=runs, area__level=level).order_by("run_id", "area_id")
    _gather(pool, rows.values_list(KeyTransform("indicators", "public"), flat=True).iterator(chunk_size=2000))
    strange: set[str] = set()
    for other in RuleSet.objects.filter(pk__in={run.rule_set_id for run in runs}):
        strange |= {code for code in body["order"] if _shape(body, code) != _shape(other.body, code)}
    return pool, strange


def _gather(pool: Pool, records: Iterator[Mapping[str, Any]]) -> None:
    for indicators in records:
        for code, entry in indicators.items():
            for name in KEYS:
                if entry.get(name) is not None:
                    pool[code, name].append(Fraction(entry[name]))


def _shape(body: Mapping[str, Any], code: str) -> Any:
    mine = body["indicators"].get(code)
    return None if mine is None else ([mine.get(key) for key in _SHAPE], [body.get(key) for key in _COMMON])


def _plain(value: Fraction) -> str:
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@transaction.atomic
def take_calibration(*, calibration: Calibration, chosen: list[tuple[str, str]], actor: User) -> RuleSet:
    """Put proposed anchors into the draft: `chosen` are (indicator, anchors_abs or anchors_rel).

    Refuses when the draft is no longer what the anchors were computed for.
    """
    calibration = Calibration.objects.select_for_update(no_key=True, of=("self",)).select_related("rule_set").get(
        pk=calibration.pk
    )  # fmt: skip
    draft = calibration.rule_set
    if calibration.state != WorkState.DONE or calibration.taken_at is not None:
        raise Refusal("calibration_taken", "이미 초안에 옮겼거나 아직 끝나지 않은 산정입니다.")
    if draft.sha256 != calibration.ruleset_sha256:
        raise Refusal("draft_changed", "산정한 뒤에 초안이 바뀌었습니다. 기준점 산정을 다시 맡겨 주세요.")
    usable = [(code, key) for code, key in chosen if calibration.result.get(code, {}).get(key, {}).get("usable", False)]
    if not usable:
        raise Refusal("nothing_chosen", "옮길 기준점을 하나 이상 골라 주세요.")
    body = deepcopy(draft.body)
    for code, key in usable:
        body["indicators"][code][key] = list(calibration.result[code][key]["proposed"])
    with deed("take_calibration", actor=actor) as done:
        edited = edit_rule_set(
            rule_set=draft, title=draft.title, body=body, levels=draft.levels, trial=draft.trial, note=draft.note,
            seen=draft.updated_at, actor=actor,
        )  # fmt: skip
        calibration.taken_at, calibration.taken_by = timezone.now(), actor
        calibration.save(update_fields=["taken_at", "taken_by", "updated_at"])
        done.about(edited, anchors=[f"{code}.{key}" for code, key in usable])
    return edited
