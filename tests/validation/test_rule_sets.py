"""Rule sets as drafts: edited, copied, brought in, tried on the last round, approved for the days to come."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime

import pytest
from django.core.files.base import ContentFile
from django.db import InternalError, transaction

from crisis.enums import RoundState, RuleSetState, RunKind, RunState, Stage
from crisis.models import RuleSet, Run
from crisis.services import evaluate_shard, finish_run, prepare_run, start_owed_runs
from crisis.services.rule_sets import approve_rule_set, edit_rule_set
from crisis.validation import services
from crisis.validation.models import RuleSetDocument
from portal.directory.enums import Role
from portal.directory.models import Notice
from portal.kernel.errors import Refusal
from tests.crisis.panels import country, evaluate
from tests.factories.crisis import RoundFactory
from tests.factories.directory import UserFactory, person
from tests.validation.situations import draft, in_force, past

pytestmark = pytest.mark.django_db


def edit(rule_set, actor=None, seen=None, **changes):
    body = {**deepcopy(rule_set.body), **changes}
    return edit_rule_set(
        rule_set=rule_set, title=rule_set.title, body=body, levels=rule_set.levels, trial=False, note="",
        seen=seen or rule_set.updated_at, actor=actor or UserFactory(),
    )  # fmt: skip


def walk(run: Run) -> Run:
    for area_id in prepare_run(run_id=run.pk) or []:
        evaluate_shard(run_id=run.pk, area_id=area_id)
    finish_run(run_id=run.pk)
    run.refresh_from_db()
    return run


def test_a_draft_is_changed_and_its_hash_follows_its_content():
    found = draft()
    before = found.sha256
    edited = edit(found, T1="35")
    assert (edited.body["T1"], edited.sha256 != before) == ("35", True)


def test_what_another_has_changed_is_not_overwritten():
    found = draft()
    seen = found.updated_at
    edit(found, T1="35")
    with pytest.raises(Refusal) as refusal:
        edit(found, seen=seen, T1="30")
    assert refusal.value.code == "changed_meanwhile"
    assert RuleSet.objects.get(pk=found.pk).body["T1"] == "35"


def test_an_approved_rule_set_is_not_changed_by_any_road():
    found = in_force()
    with pytest.raises(Refusal, match="사본"):
        edit(found, T1="35")
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        RuleSet.objects.filter(pk=found.pk).update(body={})


def test_a_copy_is_a_draft_of_its_own():
    found = in_force()
    first, second = (services.copy_rule_set(rule_set=found, actor=UserFactory()) for _ in range(2))
    assert (first.version, second.version) == ("FORCE-1-2", "FORCE-1-3")
    assert {**first.body, "version": ""} == {**found.body, "version": ""}
    assert (first.state, found.sha256 != first.sha256) == (RuleSetState.DRAFT, True)


def test_a_file_becomes_a_draft_with_every_fault_told():
    body = deepcopy(draft().body) | {"version": "FILE-1"}
    made = services.import_rule_set(
        content=json.dumps(body).encode(), title="가져온 것", levels=["SIGUNGU"], actor=UserFactory()
    )
    assert (made.version, made.trial) == ("FILE-1", True)
    bad = body | {"version": "FILE-2", "T1": "80", "T2": "70", "momentum": "-1"}
    with pytest.raises(Refusal) as refusal:
        services.import_rule_set(
            content=json.dumps(bad).encode(), title="나쁜 것", levels=["SIGUNGU"], actor=UserFactory()
        )
    assert ("T2" in refusal.value.message, "momentum" in refusal.value.message) == (True, True)
    for content in (b"\xff\xfe", b"[]", b"{"):
        with pytest.raises(Refusal, match="JSON"):
            services.import_rule_set(content=content, title="x", levels=["SIGUNGU"], actor=UserFactory())


def paper():
    return ContentFile(b"%PDF-1.7 approval", name="../승인 문서.pdf")


def approve(rule_set, start, actor=None):
    return services.approve_with_document(
        rule_set=rule_set, start=start, number="지역-2026-12", title="판정 기준 승인", file=paper(),
        actor=actor or person(role=Role.HQ),
    )  # fmt: skip


def test_an_approval_keeps_its_paper_and_tells_whoever_prepares_decisions(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    before, found = in_force(), draft()
    officer = person()
    document = approve(found, date(2026, 1, 1))
    found.refresh_from_db()
    before.refresh_from_db()
    assert (found.state, found.effective.lower, before.effective.upper) == (
        RuleSetState.APPROVED,
        date(2026, 1, 1),
        date(2026, 1, 1),
    )
    assert (found.document, document.filename) == ("지역-2026-12 판정 기준 승인", "승인 문서.pdf")
    with document.file.open() as stored:
        assert stored.read() == b"%PDF-1.7 approval"
    assert Notice.objects.filter(recipient=officer).count() == 1
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        RuleSetDocument.objects.update(title="다른 제목")


def test_an_approval_never_reaches_back_over_a_judged_round():
    made = past()
    with pytest.raises(Refusal) as refusal:
        approve(draft(), date(2025, 5, 1))
    assert (refusal.value.code, "start" in refusal.value.fields) == ("rule_set_reaches_back", True)
    approve(draft("DRAFT-2"), date(2025, 5, 2))
    made.last.refresh_from_db()
    assert made.last.rule_set.version != "DRAFT-2"


def test_a_round_still_gathering_is_judged_by_the_rules_of_its_month():
    old = in_force()
    gathering = RoundFactory(
        code="2026H2", reference_month=date(2026, 11, 1), cutoff=datetime(2027, 1, 10, tzinfo=UTC), rule_set=old
    )
    earlier = RoundFactory(
        code="2026H1", reference_month=date(2026, 5, 1), cutoff=datetime(2026, 7, 10, tzinfo=UTC), rule_set=old
    )
    found = draft()
    approve(found, date(2026, 10, 1))
    gathering.refresh_from_db()
    earlier.refresh_from_db()
    assert (gathering.rule_set, earlier.rule_set) == (found, old)


def test_an_approval_between_two_others_ends_where_the_later_begins():
    in_force("OLD", end=date(2027, 1, 1))
    in_force("NEXT", start=date(2027, 1, 1))
    found = draft()
    approve_rule_set(rule_set=found, start=date(2026, 7, 1), document="문서", actor=UserFactory())
    found.refresh_from_db()
    assert (found.effective.lower, found.effective.upper) == (date(2026, 7, 1), date(2027, 1, 1))


def test_a_shadow_judges_the_last_round_by_the_draft_from_the_same_figures():
    made = past()
    found = draft(T1="10", T2="90", hysteresis="5")
    run = services.start_shadow(rule_set=found, actor=UserFactory())
    assert services.start_shadow(rule_set=found, actor=UserFactory()) == run
    assert (run.kind, run.round, run.seq_high, run.previous) == (
        RunKind.SHADOW, made.last, made.runs[1].seq_high, made.runs[0],
    )  # fmt: skip
    walk(run)
    assert run.state == RunState.DONE
    assert dict(run.results.values_list("area__code", "rci")) == dict(
        made.runs[1].results.values_list("area__code", "rci")
    )
    made.last.refresh_from_db()
    assert made.last.state == RoundState.EVALUATED
    assert made.result("G2").model_stage == Stage.SEVERE


def test_the_round_after_an_approval_starts_from_the_shadow_that_was_looked_at():
    past()
    found = draft(T1="10")
    shadow = walk(services.start_shadow(rule_set=found, actor=UserFactory()))
    RoundFactory(
        code="2025H2", reference_month=date(2025, 6, 1), cutoff=datetime(2025, 8, 10, tzinfo=UTC),
        rule_set=found,
    )  # fmt: skip
    official = start_owed_runs()
    assert (official.kind, official.previous) == (RunKind.OFFICIAL, shadow)


def test_a_changed_draft_loses_the_shadow_of_what_it_was():
    past()
    found = draft(T1="30")
    run = services.start_shadow(rule_set=found, actor=UserFactory())
    with pytest.raises(Refusal, match="산출하는 중"):
        edit(found, T1="31")
    walk(run)
    edit(found, T1="31")
    assert not Run.objects.filter(pk=run.pk).exists()
    assert Run.objects.official().count() == 2


def test_there_is_nothing_to_shadow_without_a_round_or_under_the_same_rules():
    with pytest.raises(Refusal, match="공식 산출"):
        services.start_shadow(rule_set=draft(), actor=UserFactory())
    land = country()
    made_by = land.round.rule_set
    evaluate(land.round)
    with pytest.raises(Refusal, match="바로 이 기준"):
        services.start_shadow(rule_set=made_by, actor=UserFactory())
