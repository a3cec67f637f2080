"""Anchors from past rounds: pooled, proposed beside the old, taken into the draft."""

from copy import deepcopy
from decimal import Decimal
from fractions import Fraction

import pytest

from crisis.services.rule_sets import edit_rule_set
from crisis.validation import services, tasks
from crisis.validation.enums import CalibrationSource, WorkState
from crisis.validation.models import Calibration
from crisis.validation.rules.percentiles import anchors
from portal.directory.enums import JobState
from portal.directory.models import Job
from portal.kernel.errors import Refusal
from tests.factories.directory import UserFactory
from tests.validation.situations import draft, past

pytestmark = pytest.mark.django_db


def start(made, rule_set, source=CalibrationSource.STORED, **facts):
    given = {"level": "SIGUNGU", "first_round": made.first, "last_round": made.last, "step": Decimal("0.5")}
    found = services.start_calibration(rule_set=rule_set, source=source, actor=UserFactory(), **{**given, **facts})
    tasks.calibrate.run(job_id=found.job_id)
    found.refresh_from_db()
    return found


def test_percentiles_are_those_of_all_stored_results():
    made = past()
    found = start(made, draft())
    assert found.state == WorkState.DONE
    stored = [
        Fraction(run.results.get(area__code=code).public["indicators"]["EXP"]["a"])
        for run in made.runs
        for code in ("G0", "G1", "G2", "G3")
    ]
    wanted = anchors(stored, Fraction(1, 2))
    entry = found.result["EXP"]["anchors_abs"]
    assert (entry["count"], [Fraction(text) for text in entry["proposed"]]) == (8, list(wanted.proposed))
    assert entry["old"] == ["0", "5", "10"]
    assert found.result["POP"]["anchors_abs"] == {
        "count": 0, "found": [], "proposed": [], "old": ["0", "5", "10"], "usable": False,
    }  # fmt: skip


def test_replayed_under_unchanged_rules_gives_what_is_stored():
    made = past()
    rules = draft()
    stored, replayed = (start(made, rules, source) for source in CalibrationSource)
    assert stored.result == replayed.result


def test_stored_values_of_other_rules_are_marked_and_replay_uses_the_drafts_own():
    made = past()
    body = deepcopy(draft().body)
    changed = draft("DRAFT-2", momentum="0", indicators=body["indicators"])
    stored, replayed = (start(made, changed, source) for source in CalibrationSource)
    assert (stored.result["EXP"]["other_rules"], replayed.result["EXP"]["other_rules"]) == (True, False)
    # Without momentum a is c itself: G2 fell by 30 percent, not by 45 as with half of the speed added.
    top = [Fraction(found.result["EXP"]["anchors_abs"]["found"][2]) for found in (stored, replayed)]
    assert top[0] > 30 >= top[1]


def test_proposed_anchors_go_into_the_draft_by_choice():
    made, rules = past(), draft()
    found = start(made, rules)
    usable = found.result["EXP"]["anchors_abs"]["usable"]
    chosen = [("EXP", "anchors_abs"), ("POP", "anchors_abs")]
    edited = services.take_calibration(calibration=found, chosen=chosen, actor=UserFactory())
    assert usable
    assert edited.body["indicators"]["EXP"]["anchors_abs"] == found.result["EXP"]["anchors_abs"]["proposed"]
    assert edited.body["indicators"]["POP"]["anchors_abs"] == ["0", "5", "10"]  # nothing was found for it
    with pytest.raises(Refusal, match="이미"):
        services.take_calibration(calibration=found, chosen=chosen, actor=UserFactory())


def test_anchors_of_a_draft_that_changed_meanwhile_are_not_taken():
    made, rules = past(), draft()
    found = start(made, rules)
    edit_rule_set(
        rule_set=rules, title="바뀜", body={**rules.body, "T1": "35"}, levels=rules.levels, trial=False, note="",
        seen=rules.updated_at, actor=UserFactory(),
    )  # fmt: skip
    with pytest.raises(Refusal, match="다시 맡겨"):
        services.take_calibration(calibration=found, chosen=[("EXP", "anchors_abs")], actor=UserFactory())


def test_the_job_may_come_twice_and_tells_why_it_failed():
    made, rules = past(), draft()
    found = start(made, rules)
    before = found.updated_at
    tasks.calibrate.run(job_id=found.job_id)
    Job.objects.filter(pk=found.job_id).update(state=JobState.QUEUED, finished_at=None)
    tasks.calibrate.run(job_id=found.job_id)
    found.refresh_from_db()
    assert found.updated_at == before
    with pytest.raises(Refusal, match="뒤입니다"):
        start(made, rules, first_round=made.last, last_round=made.first)
    with pytest.raises(Refusal, match="판정하지 않는"):
        start(made, rules, level="CLUSTER")
    assert Calibration.objects.count() == 1
