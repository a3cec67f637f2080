"""A tampered dossier is found: by whoever changed what, with every trigger switched off."""

import hashlib
import json
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection

from crisis import rules
from crisis.dossiers import services
from crisis.dossiers.models import Dossier, DossierCheck
from crisis.models import Determination, Observation, Result
from network import services as network
from portal.directory.enums import Role
from portal.directory.models import Notice
from tests.factories.directory import person


@contextmanager
def superuser():
    """What only the owner of the database can do: no trigger fires."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


def rewrite(sequence, change, *, rehash=True):
    """Change a record as somebody would who knows how it is made: text and its own hash fit afterwards."""
    dossier = Dossier.objects.get(sequence=sequence)
    record = json.loads(dossier.content)
    change(record)
    text = rules.canonical_json(record)
    name = hashlib.sha256(text.encode()).hexdigest() if rehash else dossier.sha256
    with superuser() as cursor:
        cursor.execute(
            "UPDATE dossiers_dossier SET content = %s, sha256 = %s WHERE sequence = %s", [text, name, sequence]
        )


def severe_to_good(record):
    record["decision"]["stage"] = "GOOD"


def command(*arguments):
    """What `verify_dossiers` prints and the code it ends with."""
    import io

    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_dossiers", *arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, err.getvalue()
    return 0, out.getvalue()


def test_whole_dossiers_are_said_to_be_whole(decided):
    code, said = command()
    head = Dossier.objects.first()
    assert code == 0
    assert "보관본 2개, 다시 계산한 회차 1개" in said
    assert head.sha256 in said
    check = DossierCheck.objects.get()
    assert (check.ok, check.dossiers, check.runs, check.head_sha256) == (True, 2, 1, head.sha256)


def test_no_dossiers_are_whole_too(db):
    assert command()[0] == 0


@pytest.mark.parametrize(
    ("sequence", "rehash", "where", "what"),
    [
        (1, False, "제1호", "content_changed"),  # bytes changed, the name left as it was
        (1, True, "제1호", "decision_changed"),  # made to fit itself: the table says otherwise
        (2, True, "제2호", "decision_changed"),
    ],
)
def test_a_changed_record_is_found_and_named(decided, sequence, rehash, where, what):
    record = Dossier.objects.get(sequence=sequence).record
    other = "GOOD" if record["decision"]["stage"] == "SEVERE" else "SEVERE"
    rewrite(sequence, lambda found: found["decision"].update(stage=other), rehash=rehash)
    code, said = command()
    assert code == 1
    assert where in said
    assert what in said


def test_record_and_table_changed_together_break_the_chain_behind_them(decided):
    """Who changes the first dossier and the decision alike is betrayed by the second, which names the first."""
    rewrite(1, lambda record: record["decision"].update(stage="GOOD", proposed_stage="GOOD"))
    with superuser() as cursor:
        cursor.execute("UPDATE crisis_determination SET stage = 'GOOD', proposed_stage = 'GOOD'")
    code, said = command()
    assert code == 1
    assert "제2호" in said
    assert "chain_broken" in said


def test_a_changed_decision_is_found(decided):
    with superuser() as cursor:
        cursor.execute("UPDATE crisis_determination SET stage = 'CAUTION', reason_code = 'OTHER', reason_text = 'x'")
    assert services.check_chain().broken.code == "decision_changed"


def test_a_removed_link_is_found(decided):
    with superuser() as cursor:
        cursor.execute("DELETE FROM dossiers_dossier WHERE sequence = 1")
    found = services.check_chain().broken
    assert (found.sequence, found.code) == (1, "link_missing")


def test_a_cut_off_end_is_found_by_the_decision_left_behind_and_by_a_noted_head(decided):
    head = Dossier.objects.first()
    with superuser() as cursor:
        cursor.execute("DELETE FROM dossiers_dossier WHERE sequence = 2")
    assert services.check_chain().broken.code == "no_dossier"
    code, said = command("--chain-only", "--head", f"2:{head.sha256[:16]}")
    assert code == 1
    assert "tail_cut_off" in said


def test_a_chain_made_anew_differs_from_the_head_noted_on_paper(decided):
    noted = Dossier.objects.first().sha256
    rewrite(1, lambda record: record.update(made_at="2020-01-01T00:00:00+09:00"))
    first = Dossier.objects.get(sequence=1)
    rewrite(2, lambda record: record.update(previous=first.sha256))
    with superuser() as cursor:
        cursor.execute("UPDATE dossiers_dossier SET previous_sha256 = %s WHERE sequence = 2", [first.sha256])
    assert services.check_chain().ok  # whole in itself …
    assert services.check_chain(head=(2, noted)).broken.code == "head_differs"  # … but not what it was


def test_a_changed_result_is_found(decided):
    with superuser() as cursor:
        cursor.execute("UPDATE crisis_result SET public = jsonb_set(public, '{RCI}', '\"1.0\"') WHERE official")
    assert services.check_chain().broken.code == "result_changed"


def test_a_changed_observation_is_found_by_calculating_again(decided):
    """The chain alone cannot see it; the recomputed round can, and names the area's own dossier."""
    row = Observation.objects.filter(area__code="G3").order_by("-period").first()
    with superuser() as cursor:
        cursor.execute("UPDATE crisis_observation SET value = 1 WHERE id = %s", [row.pk])
    assert command("--chain-only")[0] == 0
    code, said = command()
    own = Dossier.objects.get(area__code="G3").sequence
    assert code == 1
    assert f"제{own}호" in said
    assert "inputs_changed" in said


def test_results_that_do_not_come_out_again_are_found(decided):
    """Result, digests and record forged alike: the method itself says something else."""
    result = Determination.objects.get(area__code="G2").result
    public = {**result.public, "watch": True}
    forged = rules.digest(public)
    with superuser() as cursor:
        cursor.execute(
            "UPDATE crisis_result SET public = %s::jsonb, digest = %s WHERE id = %s",
            [json.dumps(public), forged, result.pk],
        )
    last = Dossier.objects.get(area__code="G2")
    assert last.sequence == 1
    rewrite(1, lambda record: record.update(result={"public": public, "digest": forged}))
    first = Dossier.objects.get(sequence=1)
    rewrite(2, lambda record: record.update(previous=first.sha256))
    with superuser() as cursor:
        cursor.execute("UPDATE dossiers_dossier SET previous_sha256 = %s WHERE sequence = 2", [first.sha256])
    assert services.check_chain().ok
    found = services.verify_chain().broken
    assert (found.sequence, found.code) == (1, "not_reproduced")


def test_changed_minutes_are_found(decided):
    network.close_meeting(meeting=decided.meeting, minutes="회의록 전문", actor=decided.actor)
    network.approve_minutes(meeting=decided.meeting, actor=decided.actor)
    assert services.check_chain().ok
    with superuser() as cursor:
        cursor.execute("UPDATE network_meeting SET minutes = '다른 회의록'")
    found = services.check_chain().broken
    assert (found.sequence, found.code) == (3, "minutes_changed")


def test_rounds_of_another_engine_are_noted_not_blamed(decided, monkeypatch):
    monkeypatch.setattr(rules, "ENGINE_VERSION", "rci-9")
    found = services.verify_chain()
    assert found.ok
    assert "rci-9" in found.notes[0]
    assert found.runs == 0


def test_the_nightly_look_tells_the_ministry_of_a_break_once(decided):
    officer = person(role=Role.HQ)
    assert services.sweep_chain().ok
    assert not Notice.objects.exists()
    rewrite(1, severe_to_good, rehash=False)
    services.sweep_chain()
    services.sweep_chain()
    assert Notice.objects.filter(recipient=officer, kind="dossiers_broken").count() == 1
    assert DossierCheck.objects.filter(broken_at=1).count() == 2


def test_new_figures_never_change_a_dossier(decided):
    before = list(Dossier.objects.values_list("content", "sha256"))
    row = Observation.objects.filter(area__code="G2").order_by("-period").first()
    row.pk, row.value = None, 5000
    row.save()
    assert list(Dossier.objects.values_list("content", "sha256")) == before
    assert services.verify_chain().ok
    assert Result.objects.filter(official=True).count() == 7
