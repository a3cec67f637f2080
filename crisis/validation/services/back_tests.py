"""Back-tests: asked for, carried by Celery, kept with their digest."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from crisis import rules
from crisis.enums import AreaLevel
from crisis.models import Area, Designation, RuleSet
from crisis.rules.tables import FilesError
from crisis.validation.enums import CRISIS_EVENTS, WorkState
from crisis.validation.models import BackTest, Incident, Panel
from crisis.validation.models.backtest import PANEL_FILES
from crisis.validation.rules.cases import Case, Episode, label, merged
from crisis.validation.rules.report import report
from crisis.validation.services.history import judged_rounds, replay
from crisis.validation.services.panels import Measured, case_of, judge_panel
from portal.directory.audit import deed
from portal.directory.models import User
from portal.directory.services import JobProgress, start_job
from portal.kernel.dates import KST
from portal.kernel.errors import Refusal

TASK = "crisis.validation.tasks.run_back_test"
HORIZON = 12


@transaction.atomic
def add_panel(*, title: str, source: str, level: str, files: Mapping[str, File], actor: User) -> Panel:
    """Keep the files of a panel as they came. What is in them is checked when a rule set is tested on it."""
    missing = [part for part in PANEL_FILES if part != "episodes" and not files.get(part)]
    if missing:
        raise Refusal("panel_incomplete", "파일이 빠졌습니다.", dict.fromkeys(missing, "파일을 골라 주세요."))
    panel = Panel(title=title, source=source, level=level, uploaded_by=actor)
    kept = {}
    for part, file in files.items():
        if not file:
            continue
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        kept[part] = {"name": PurePath(file.name or "").name[-255:], "size": file.size, "sha256": digest.hexdigest()}
        file.name = part
        setattr(panel, part, file)
    panel.files = kept
    with deed("add_panel", actor=actor) as done:
        panel.full_clean()
        panel.save()
        done.about(panel, files={part: facts["sha256"] for part, facts in kept.items()})
    return panel


@transaction.atomic
def start_back_test(
    *,
    rule_set: RuleSet,
    level: str,
    actor: User | None,
    panel: Panel | None = None,
    first_round: str = "",
    last_round: str = "",
    horizon: int = HORIZON,
) -> BackTest:
    """Owe the measures of a rule set on a panel, or on the portal's own history. Rounds left empty mean all."""
    if panel is not None:
        level = panel.level
    elif level not in rule_set.levels or level == AreaLevel.NATION:
        raise Refusal("level", "이 기준이 판정하지 않는 단위입니다.", {"level": "이 기준이 판정하지 않는 단위입니다."})
    with deed("start_back_test", actor=actor) as done:
        made = BackTest(
            rule_set=rule_set,
            ruleset_sha256=rule_set.sha256,
            engine_version=rules.ENGINE_VERSION,
            panel=panel,
            level=level,
            first_round=first_round,
            last_round=last_round,
            horizon=horizon,
            started_by=actor,
        )
        made.full_clean()
        made.save()
        made.job = start_job(
            kind="back_test",
            title=f"사후검증: {rule_set.title}"[:200],
            task=TASK,
            owner=actor,
            arguments={"back_test_id": made.pk},
        )
        made.save(update_fields=["job", "updated_at"])
        done.about(made, level=level, panel=panel.title if panel else "")
    return made


def compute_back_test(progress: JobProgress) -> dict[str, Any]:
    """The work of the job. A second coming finds it done; faults of a panel are kept with the test."""
    found = BackTest.objects.select_related("rule_set", "panel").get(pk=progress.arguments["back_test_id"])
    url = reverse("validation:back_test", args=[found.pk])
    if found.state == WorkState.DONE:
        return {"url": url}
    try:
        measures = _measure(found, progress)
    except FilesError as error:
        _close(found, WorkState.FAILED, faults=error.sentences)
        raise Refusal(
            "panel_faults", f"검증 자료에 고칠 곳이 {error.total}군데 있습니다. {error.sentences[0]}"
        ) from error
    except Refusal as refusal:
        _close(found, WorkState.FAILED, faults=[refusal.message])
        raise
    except Exception:
        _close(found, WorkState.FAILED)
        raise
    _close(found, WorkState.DONE, measures=measures, digest=rules.digest(measures), faults=[])
    return {"url": url, "cases": measures["cases"]}


def _close(found: BackTest, state: str, **facts: Any) -> None:
    now = timezone.now()
    BackTest.objects.filter(pk=found.pk).update(state=state, finished_at=now, updated_at=now, **facts)


def _measure(found: BackTest, progress: JobProgress) -> dict[str, Any]:
    if found.rule_set.sha256 != found.ruleset_sha256:
        raise Refusal("draft_changed", "맡긴 뒤에 초안이 바뀌었습니다. 사후검증을 다시 맡겨 주세요.")
    judged = judge_panel(found.panel, found.rule_set, progress.say) if found.panel else _own_history(found, progress)
    cases, episodes, rounds = judged
    codes = [code for code, _ in rounds]
    for name, code in (("첫 회차", found.first_round), ("마지막 회차", found.last_round)):
        if code and code not in codes:
            raise Refusal(
                "round_unknown",
                f"{name} ‘{code}’이(가) 자료에 없습니다. 있는 것은 {codes[0]}부터 {codes[-1]}까지입니다.",
            )
    first = codes.index(found.first_round) if found.first_round else 0
    last = codes.index(found.last_round) if found.last_round else len(codes) - 1
    if first > last:
        raise Refusal("rounds_reversed", "첫 회차가 마지막 회차보다 뒤입니다.")
    made = report(cases, episodes, rounds, first=first, last=last, caution_at=found.rule_set.parsed.caution_at)
    if not made["cases"]:
        raise Refusal("nothing_to_judge", "단계와 정답이 모두 있는 지역이 없어 검증할 수 없습니다.")
    return made


def crisis_spells(level: str) -> dict[str, list[Episode]]:
    """Area code → its spells of crisis: designations (their last known day as end) and documented closures."""
    found: dict[str, list[Episode]] = defaultdict(list)
    areas = Area.objects.filter(level=level)
    rows = Designation.objects.filter(area__in=areas).values_list("area__code", "start", "end_last_known")
    spells = [Episode(code, start, end) for code, start, end in rows]
    events = Incident.objects.standing().filter(area__in=areas, kind__in=CRISIS_EVENTS)
    spells += [Episode(code, day, day) for code, day in events.values_list("area__code", "occurred_on")]
    for one in merged(spells):
        found[one.area].append(one)
    return found


def _own_history(found: BackTest, progress: JobProgress) -> Measured:
    rounds = judged_rounds()
    if not rounds:
        raise Refusal("no_rounds", "공식 산출이 끝난 회차가 없어 검증할 수 없습니다.")
    spells, today = crisis_spells(found.level), timezone.localdate()
    cases: list[Case] = []
    days = []
    for number, (one, results) in enumerate(replay(found.rule_set, rounds, progress.say)):
        day = one.cutoff.astimezone(KST).date()
        days.append((one.code, day))
        for result in results:
            if result.node.level == found.level:
                known = label(result.code, day, spells, horizon=found.horizon, today=today)
                cases.append(case_of(result, number, known.crisis, known.in_crisis))
    seen = {case.area for case in cases}
    return cases, [one for code, listed in spells.items() if code in seen for one in listed], days
