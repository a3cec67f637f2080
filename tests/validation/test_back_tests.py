"""Back-tests: on the portal's own history and on an uploaded panel, by the worker, with every fault of a file told."""

import gzip
from copy import deepcopy
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import InternalError, transaction

from crisis import rules
from crisis.validation import services, tasks
from crisis.validation.enums import EventKind, WorkState
from crisis.validation.models import BackTest, Panel
from crisis.validation.services.history import judged_rounds, replay
from portal.directory.enums import JobState
from portal.kernel.errors import Refusal
from tests.factories.crisis import DesignationFactory
from tests.factories.directory import UserFactory
from tests.validation.situations import draft, past

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def run(rule_set, **facts):
    found = services.start_back_test(rule_set=rule_set, actor=UserFactory(), **{"level": "SIGUNGU", **facts})
    tasks.run_back_test.run(job_id=found.job_id)
    found.refresh_from_db()
    found.job.refresh_from_db()
    return found


def test_a_replay_says_what_the_rounds_said():
    made = past()
    replayed = {
        (found.code, result.code): (result.rci, result.model_stage)
        for found, results in replay(made.rule_set, judged_rounds())
        for result in results
    }
    stored = {
        (one.round.code, row.area.code): (row.rci, row.model_stage)
        for one in made.runs
        for row in one.results.select_related("area")
    }
    assert replayed == stored
    assert len(stored) == 14


def test_own_history_is_measured_against_designations_and_closures():
    made = past()
    DesignationFactory(area=made.land.sigungu[2], start=date(2025, 10, 1))
    services.document_incident(
        area=made.land.sigungu[0], kind=EventKind.CLOSURE, occurred_on=date(2025, 9, 1), title="공장 폐쇄",
        source="현장 확인", actor=UserFactory(),
    )  # fmt: skip
    services.document_incident(
        area=made.land.sigungu[3], kind=EventKind.RECOVERY, occurred_on=date(2025, 9, 1), title="회복",
        source="현장 확인", actor=UserFactory(),
    )  # fmt: skip
    found = run(made.rule_set)
    m = found.measures
    assert (found.state, found.job.result_url) == (WorkState.DONE, f"/crisis/validation/back-tests/{found.pk}/")
    # Two rounds of four areas; a crisis followed G2 (designated) and G0 (closed) in both rounds.
    assert (m["cases"], m["crises"], m["small"]) == (8, 4, True)
    assert (m["hits"], m["misses"]) == (2, 2)
    assert {(one["area"], one["lead_months"]) for one in m["onset_list"]} == {("G2", 3), ("G0", None)}
    assert found.digest == rules.digest(m)


def test_a_draft_is_measured_on_the_same_history_as_the_rules_in_force():
    made = past()
    DesignationFactory(area=made.land.sigungu[2], start=date(2025, 10, 1))
    body = deepcopy(draft("SOURCE").body)
    body["indicators"]["EXP"] |= {"anchors_abs": ["20", "25", "40"], "anchors_rel": ["20", "25", "40"]}
    calmer, own = run(draft(indicators=body["indicators"])), run(made.rule_set)
    # G1 falls by 12 percent, with its speed 18: an alarm under the rules in force, none under the draft.
    assert (own.measures["false_alarms"], calmer.measures["false_alarms"]) == (2, 0)
    assert (own.measures["hits"], calmer.measures["hits"]) == (2, 2)


def test_a_round_whose_year_is_not_over_counts_only_where_a_crisis_has_come(time_machine):
    from datetime import UTC, datetime

    made = past()
    DesignationFactory(area=made.land.sigungu[2], start=date(2025, 10, 1))
    time_machine.move_to(datetime(2025, 11, 1, tzinfo=UTC), tick=False)
    m = run(made.rule_set).measures
    assert (m["cases"], m["crises"], m["label_open"]) == (2, 2, 6)


def test_without_a_judged_round_the_job_says_so():
    found = run(draft())
    assert (found.state, found.job.state, found.faults) == (
        WorkState.FAILED, JobState.FAILED, ["공식 산출이 끝난 회차가 없어 검증할 수 없습니다."],
    )  # fmt: skip
    with pytest.raises(Refusal, match="판정하지 않는"):
        run(draft("DRAFT-2"), level="CLUSTER")


AREAS = "area,parent,level\nKR,,NATION\nA,KR,SIGUNGU\nB,KR,SIGUNGU\n"
ROUNDS = "round,reference_month,cutoff\n2020H1,2020-05,2020-07-10\n2020H2,2020-11,2021-01-10\n"
LABELS = "round,area,y,in_crisis_now\n2020H1,A,1,0\n2020H1,B,0,0\n2020H2,A,1,0\n2020H2,B,,\n"
EPISODES = "area,onset,end\nA,2021-03,2021-12\n"


def observations(extra=""):
    lines = ["area,indicator,period,value,known_at,status"]
    for back in range(30):
        month = 2020 * 12 + 10 - back
        period = f"{month // 12}-{month % 12 + 1:02d}"
        lines += [
            f"A,EXP,{period},{60 if back < 7 else 100},{period}-28,FINAL",
            f"B,EXP,{period},100,{period}-28,FINAL",
        ]
    return "\n".join(lines) + "\n" + extra


def panel(**changes):
    files = {
        "areas": AREAS, "observations": observations(), "rounds": ROUNDS, "labels": LABELS, "episodes": EPISODES,
        **changes,
    }  # fmt: skip
    content = {
        name: ContentFile(text if isinstance(text, bytes) else text.encode(), name=f"../{name} 원본.csv")
        for name, text in files.items()
        if text is not None
    }
    return services.add_panel(title="시험 자료", source="시험", level="SIGUNGU", files=content, actor=UserFactory())


def test_an_uploaded_panel_is_measured_by_its_own_labels():
    found = run(draft(), panel=panel(observations=gzip.compress(observations().encode())), level="")
    m = found.measures
    assert (found.level, m["cases"], m["label_open"], m["crises"]) == ("SIGUNGU", 3, 1, 2)
    assert (m["auroc"], m["recall"], m["precision"]) == ("1.000", "1.000", "1.000")
    assert (m["onsets"], m["onsets_alarmed"], m["mean_lead_months"]) == (1, 1, "7.0")
    assert m["rounds"] == ["2020H1", "2020H2"]


def test_only_the_asked_rounds_are_measured_but_all_are_judged():
    found = run(draft(), panel=panel(), first_round="2020H2")
    assert (found.measures["cases"], found.measures["rounds"]) == (1, ["2020H2", "2020H2"])
    assert found.measures["mean_lead_months"] == "7.0"  # since the round before the measured one
    wrong = run(draft("DRAFT-2"), panel=panel(), first_round="2019H1")
    assert "2019H1" in wrong.faults[0]


def test_a_panel_may_carry_more_indicators_than_the_rules_look_at():
    found = run(draft(), panel=panel(observations=observations("A,STRANGE,2020-05,1,2020-06-01,FINAL\n")))
    assert found.state == WorkState.DONE


def test_every_fault_of_every_file_is_told_at_once():
    wrong = panel(
        labels="round,area,y\n2020H1,A,maybe\n1999H1,A,1\n",
        episodes="area,onset,end\nA,soon,\n",
        observations="area,indicator,period,value,known_at,status\nA,EXP,2020-13,x,never,FINAL\n",
    )
    found = run(draft(), panel=wrong)
    told = " ".join(found.faults)
    for word in (
        "labels.csv 2행",
        "labels.csv 3행",
        "episodes.csv 2행",
        "observations.csv 2행 'period'",
        "'value'",
        "'known_at'",
    ):
        assert word in told
    assert (found.state, found.job.error_code) == (WorkState.FAILED, "panel_faults")


def test_rules_that_do_not_fit_the_panel_are_told():
    wrong = run(draft(reference_area="US"), panel=panel())
    assert "US" in wrong.faults[0]


def test_a_panel_is_kept_as_it_came():
    kept = panel(episodes=None)
    assert (kept.files["areas"]["name"], bool(kept.episodes)) == ("areas 원본.csv", False)
    with kept.labels.open() as file:
        assert file.read().decode() == LABELS
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        Panel.objects.update(title="다른 이름")
    with pytest.raises(Refusal) as refusal:
        panel(labels=None)
    assert set(refusal.value.fields) == {"labels"}


def test_the_job_may_come_twice():
    found = run(draft(), panel=panel())
    found.job.__class__.objects.filter(pk=found.job_id).update(state=JobState.QUEUED, finished_at=None)
    BackTest.objects.filter(pk=found.pk).update(digest="kept")
    tasks.run_back_test.run(job_id=found.job_id)
    found.refresh_from_db()
    assert found.digest == "kept"
