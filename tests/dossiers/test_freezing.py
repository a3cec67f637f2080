"""What a dossier keeps, that it never changes, and that the chain has one order for the whole country."""

import hashlib
import json
import threading
from datetime import date

import pytest
from django.db import InternalError, connection, transaction

from crisis import rules
from crisis.dossiers import services
from crisis.dossiers.enums import DossierKind
from crisis.dossiers.models import Dossier
from crisis.models import Determination
from crisis.services import confirm_item, table_round
from network import services as network
from network.enums import Outcome
from portal.kernel.errors import Refusal
from tests.crisis.panels import country, evaluate
from tests.dossiers.conftest import by_name, opened_meeting
from tests.factories.directory import UserFactory


def test_confirming_keeps_inputs_rules_result_members_votes_and_minutes(decided):
    dossier = Dossier.objects.get(area__code="G2")
    record = json.loads(dossier.content)
    result = Determination.objects.get(area__code="G2").result
    assert record["result"] == {"digest": result.digest, "public": result.public}
    assert record["rule_set"]["body"] == decided.land.round.rule_set.body
    assert record["run"]["output_digest"] == decided.land.run.output_digest
    assert record["inputs"]["lines"][-1] == "EXP|2025-05|700||"
    assert len(record["inputs"]["lines"]) == 30
    decision = record["decision"]
    assert (decision["model_stage"], decision["proposed_stage"], decision["stage"]) == ("SEVERE",) * 3
    assert (decision["from"], decision["before"], decision["stage_before"]) == ("2025-07-20", None, None)
    assert decision["confirmed_by"]["login"] == decided.actor.login_id
    against = [member for member in record["members"] if member["votes"][0]["choice"] == "AGAINST"]
    assert [member["votes"][0]["dissent"] for member in against] == [f"{against[0]['name']}의 소수 의견"]
    assert len(record["members"]) == 9
    item = record["item"]
    assert (item["votes_for"], item["votes_against"], item["abstentions"], item["by_name"]) == (7, 1, 1, True)
    assert record["minutes"]["item"] == "원안대로 의결하되 점검을 늘림."


def test_the_text_is_canonical_json_named_by_its_hash_and_the_next_names_it(decided):
    first, second = Dossier.objects.order_by("sequence")
    for dossier in (first, second):
        assert rules.canonical_json(json.loads(dossier.content)) == dossier.content
        assert hashlib.sha256(dossier.content.encode()).hexdigest() == dossier.sha256
    assert (first.sequence, first.previous_sha256) == (1, "")
    assert (second.sequence, second.previous_sha256) == (2, first.sha256)
    assert json.loads(second.content)["previous"] == first.sha256


def test_the_input_digest_of_a_dossier_is_that_of_the_run(decided):
    """The lines kept are exactly those the run was calculated from, not those of today."""
    codes = [node[0] for node in decided.land.run.tree]
    lines = rules.combined_digest(
        {code: rules.lines_digest(rows) for code, rows in services_lines(decided.land.run, codes).items()}
    )
    assert lines == decided.land.run.input_digest


def services_lines(run, codes):
    from crisis.services import input_lines

    return input_lines(run=run, codes=codes)


def test_a_dossier_is_korean_whoever_confirms(land, actor):
    from django.utils.translation import override

    meeting = opened_meeting(land.sido[1].region, actor)
    item = table_round(meeting=meeting, round=land.round, actor=actor)
    with override("en"):
        confirm_item(item=item, votes=by_name(meeting), actor=actor)
    record = Dossier.objects.get(area__code="G2").record
    assert record["round"]["title"] == "2025년 상반기"
    assert record["item"]["outcome_label"] == "가결"


@pytest.mark.parametrize("change", ["UPDATE dossiers_dossier SET content = 'x'", "DELETE FROM dossiers_dossier"])
def test_a_dossier_cannot_be_changed_nor_removed(decided, change):
    with pytest.raises(InternalError, match="dossier_append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_rejected_item_leaves_no_dossier(land, actor):
    meeting = opened_meeting(land.sido[1].region, actor)
    item = table_round(meeting=meeting, round=land.round, actor=actor)
    item = confirm_item(item=item, votes=by_name(meeting, against=range(6)), actor=actor)
    assert item.outcome == Outcome.REJECTED
    assert not Dossier.objects.exists()


def test_a_confirmation_that_is_undone_leaves_no_dossier(land, actor, monkeypatch):
    from crisis.services import hooks

    def burst(item, rows):
        raise RuntimeError("someone behind us failed")

    monkeypatch.setattr(hooks, "item_confirmed", [*hooks.item_confirmed, burst])
    meeting = opened_meeting(land.sido[1].region, actor)
    item = table_round(meeting=meeting, round=land.round, actor=actor)
    with pytest.raises(RuntimeError), transaction.atomic():
        confirm_item(item=item, votes=by_name(meeting), actor=actor)
    assert not Dossier.objects.exists()
    assert not Determination.objects.confirmed().exists()


def test_approved_minutes_become_a_link_that_names_the_decisions(decided):
    network.close_meeting(meeting=decided.meeting, minutes="회의록 전문", actor=decided.actor)
    network.approve_minutes(meeting=decided.meeting, actor=decided.actor)
    link = Dossier.objects.of_kind(DossierKind.MINUTES).get()
    assert link.sequence == 3
    assert link.record["minutes"]["text"] == "회의록 전문"
    named = [(one["area"], one["sha256"]) for one in link.record["decisions"]]
    assert named == list(Dossier.objects.order_by("sequence").values_list("area__code", "sha256")[:2])


def test_decisions_from_before_are_frozen_later_and_say_so(land, actor, monkeypatch):
    from crisis.services import hooks

    monkeypatch.setattr(hooks, "item_confirmed", [])
    meeting = opened_meeting(land.sido[1].region, actor)
    item = table_round(meeting=meeting, round=land.round, actor=actor)
    confirm_item(item=item, votes=by_name(meeting), actor=actor)
    assert services.check_chain().broken.code == "no_dossier"
    assert services.freeze_missing() == 2
    assert services.freeze_missing() == 0
    assert Dossier.objects.first().record["made"] == "LATER"
    assert services.check_chain().ok


@pytest.mark.django_db(transaction=True)
def test_two_heads_who_confirm_at_once_decide_once_and_two_councils_stand_in_line():
    land = country()
    evaluate(land.round)
    actor = UserFactory()
    items = []
    for number in (0, 1):
        meeting = opened_meeting(land.sido[number].region, actor)
        items.append((table_round(meeting=meeting, round=land.round, actor=actor), by_name(meeting)))
    outcomes, start = [], threading.Barrier(4)

    def confirm(item, votes):
        try:
            start.wait(10)
            confirm_item(item=item, votes=votes, actor=actor)
            outcomes.append("confirmed")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    heads = [threading.Thread(target=confirm, args=pair) for pair in items for _ in range(2)]
    for head in heads:
        head.start()
    for head in heads:
        head.join(30)
    assert sorted(outcomes) == ["already_decided", "already_decided", "confirmed", "confirmed"]
    assert list(Dossier.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3, 4]
    found = services.verify_chain()
    assert (found.ok, found.dossiers, found.runs) == (True, 4, 1)
    assert Determination.objects.in_force_on(date(2025, 7, 20)).count() == 4
