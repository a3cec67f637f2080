"""What-ifs: the round's own figures by changed rules, beside the round, for few eyes and for a month."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crisis import rules
from crisis.models import Indicator, Result, Run
from crisis.workbench import tasks
from crisis.workbench.models import WhatIf, WhatIfResult
from crisis.workbench.rules import changed_copy, transition_matrix
from crisis.workbench.selectors.desk import desk_of
from crisis.workbench.selectors.evidence import tips
from crisis.workbench.services import delete_expired, delete_what_if, start_what_if
from portal.directory.enums import JobState, Role
from portal.directory.scope import EVERYTHING
from portal.kernel.errors import Refusal
from tests.factories.crisis import RULES, ObservationFactory
from tests.factories.directory import UserFactory, person
from tests.workbench.conftest import later_round

pytestmark = pytest.mark.django_db


def tried(land, user, organization, **changes):
    """A what-if walked to its end in this process, as the worker does it."""
    what_if = start_what_if(run=land.run, title="시험", organization=organization, actor=user, **changes)
    tasks.run_what_if(job_id=what_if.job_id)
    what_if.refresh_from_db()
    assert what_if.job.state == JobState.DONE, what_if.job.error
    return what_if


def test_an_unchanged_copy_gives_the_same_bytes(land, clerk, office):
    what_if = tried(land, clerk, office)
    kept = dict(Result.objects.filter(run=land.run).values_list("area__code", "digest"))
    assert dict(what_if.results.values_list("area__code", "digest")) == kept
    assert (what_if.output_digest, what_if.changes) == (land.run.output_digest, [])
    assert not what_if.results.moved().exists()


def test_an_unchanged_copy_of_a_later_round_starts_from_the_same_stages(land, clerk, office):
    """Hysteresis holds the stage of G2 in the second round: without the stages before it the bytes would differ."""
    for area in land.sigungu[:3]:
        for months_ago in (0, 1, 2):
            month = date(2025, 5 - months_ago, 1)
            indicator = Indicator.objects.get(code="EXP")
            ObservationFactory(area=area, indicator=indicator, period=month, value=995, known_at=land.round.cutoff)
    _, run = later_round(land, june=985)
    assert Result.objects.filter(run=run, held=True).exists()
    land.run = run
    assert tried(land, clerk, office).output_digest == run.output_digest


@pytest.mark.parametrize("code", ["EXP", "POP"])
def test_an_indicator_switched_off_gives_what_the_badge_says_of_dropping_it(land, clerk, office, code):
    """The badge's scenario of dropping it and the real engine without it agree on every area."""
    what_if = tried(land, clerk, office, off=[code])
    desk = desk_of(EVERYTHING, "2025H1")
    kept = {row.area.code: row.public for row in Result.objects.filter(run=land.run).select_related("area")}
    told = tips(desk.run, kept)
    compared = 0
    for row in what_if.results.select_related("area").exclude(area__level="NATION"):
        dropped = {t.scenario.indicator: t.stage for t in told[row.area.code] if t.scenario.kind == "DROP"}
        expected = dropped.get(code, kept[row.area.code]["score_stage"])
        assert row.public["score_stage"] == expected, row.area.code
        assert code not in row.public["indicators"]
        compared += 1
    assert compared == 6
    assert any(t.scenario.kind == "DROP" for found in told.values() for t in found)


def test_other_thresholds_move_areas_and_are_told_from_now_to_then(land, clerk, office):
    what_if = tried(land, clerk, office, figures={"T1": "95", "T2": "99", "hysteresis": "0"})
    moved = {row.area.code: (row.stage_before, row.stage) for row in what_if.results.moved().select_related("area")}
    assert moved["G1"][0] in {"CAUTION", "SEVERE"}
    assert moved["G1"][1] == "GOOD"
    assert [change[0] for change in what_if.changes] == ["T1", "T2", "hysteresis"]


def test_a_what_if_touches_neither_round_nor_runs(land, clerk, office):
    tried(land, clerk, office, figures={"T1": "20"})
    assert Run.objects.count() == 1
    assert list(Result.objects.order_by().values_list("run", flat=True).distinct()) == [land.run.pk]


def test_coming_twice_writes_nothing_twice(land, clerk, office):
    what_if = tried(land, clerk, office, figures={"momentum": "0"})
    before = list(what_if.results.order_by("pk").values_list("pk", "digest"))
    tasks.run_what_if(job_id=what_if.job_id)
    assert list(what_if.results.order_by("pk").values_list("pk", "digest")) == before


def test_a_worker_killed_in_the_middle_is_taken_up_again(land, clerk, office, monkeypatch):
    from crisis.workbench.services import what_if as service

    made = start_what_if(run=land.run, title="멈춤", organization=office, actor=clerk)
    whole = service.judge_again

    def half(*args):
        yield next(whole(*args))
        raise KeyboardInterrupt

    monkeypatch.setattr(service, "judge_again", half)
    with pytest.raises(KeyboardInterrupt):
        tasks.run_what_if(job_id=made.job_id)
    assert 0 < made.results.count() < 7
    monkeypatch.setattr(service, "judge_again", whole)
    made.job.refresh_from_db()
    made.job.heartbeat_at = timezone.now() - timedelta(minutes=10)
    made.job.save()
    tasks.run_what_if(job_id=made.job_id)
    made.refresh_from_db()
    assert (made.results.count(), made.output_digest) == (7, land.run.output_digest)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"figures": {"T1": "80"}}, "심각 기준"),
        ({"weights": {"EXP": "0"}}, "0보다 커야"),
        ({"off": ["EXP", "POP"]}, "하나 이상"),
    ],
)
def test_rules_that_cannot_be_are_refused_in_words(land, clerk, office, changes, words):
    with pytest.raises(Refusal, match=words):
        start_what_if(run=land.run, title="시험", organization=office, actor=clerk, **changes)
    assert not WhatIf.objects.exists()


def test_only_what_differs_in_number_is_a_change():
    made, changes = changed_copy(RULES, figures={"T1": "40.0", "momentum": "0.50"}, weights={"EXP": "1.0"})
    assert (changes, made) == ([], RULES)
    made, changes = changed_copy(RULES, dimensions={"SALES": "10"}, off=["POP"])
    assert changes == [["dimensions.SALES", "60", "10"], ["indicators.POP", "1", None]]
    assert (made["order"], RULES["order"]) == (["EXP"], ["EXP", "POP"])
    rules.parse_ruleset(made)


def test_the_matrix_counts_every_area_once():
    rows = transition_matrix([("GOOD", "CAUTION", 3), ("GOOD", "GOOD", 5), (None, "GOOD", 1)])
    assert rows[2] == ("GOOD", [0, 3, 5, 0], 8)
    assert sum(total for _, _, total in rows) == 9


# --- pages ------------------------------------------------------------------------------------------------------------
def test_it_is_seen_by_its_body_and_the_ministry_alone(client, land, clerk, office, stranger, ministry):
    what_if = tried(land, clerk, office, figures={"T1": "95", "T2": "99"})
    url = reverse("workbench:what_if", args=[what_if.pk])
    assert client.get(url).status_code == 302
    cases = [
        (UserFactory(), 403),
        (person(role=Role.TECHNOPARK, organization=office), 403),
        (person(role=Role.AUDITOR), 403),
        (stranger, 404),
        (person(organization=office), 200),
        (ministry, 200),
    ]
    for user, status in cases:
        client.force_login(user)
        assert client.get(url).status_code == status, user
    client.force_login(stranger)
    assert list(client.get(reverse("workbench:what_ifs")).context["what_ifs"]) == []


def test_the_result_shows_ones_own_areas_and_can_be_taken_away(client, land, clerk, office, ministry):
    what_if = tried(land, clerk, office, figures={"T1": "95", "T2": "99"})
    url = reverse("workbench:what_if", args=[what_if.pk])
    client.force_login(clerk)
    page = client.get(url + "?moves=all&level=SIGUNGU")
    assert {row.area.code for row in page.context["page"]} == {"G2", "G3"}
    matrices = {label: sum(line[2] for line in matrix) for label, matrix, _ in page.context["matrices"]}
    assert matrices == {"시·군·구": 2, "시·도": 1}
    assert b"".join(client.get(url + "?export=csv").streaming_content).count(b"\n") >= 2
    client.force_login(ministry)
    page = client.get(url + "?moves=all&level=SIGUNGU")
    assert {row.area.code for row in page.context["page"]} == {"G0", "G1", "G2", "G3"}


@pytest.mark.parametrize("copies", [0, 6])
def test_the_list_of_what_ifs_costs_the_same_for_any_number(
    client, land, clerk, office, copies, django_assert_max_num_queries
):
    for number in range(copies + 1):
        start_what_if(run=land.run, title=f"가정 {number}", organization=office, actor=clerk)
    client.force_login(clerk)
    url = reverse("workbench:what_ifs")
    client.get(url)
    with django_assert_max_num_queries(9):
        assert len(client.get(url).context["what_ifs"]) == copies + 1


def test_the_page_of_a_result_has_a_fixed_price(client, land, clerk, office, django_assert_max_num_queries):
    what_if = tried(land, clerk, office, figures={"T1": "95", "T2": "99"})
    client.force_login(clerk)
    url = reverse("workbench:what_if", args=[what_if.pk]) + "?moves=all"
    client.get(url)
    with django_assert_max_num_queries(18):
        client.get(url)


def form_facts(**changes):
    facts = {"title": "수출 끔", "T1": "40", "T2": "70", "hysteresis": "10", "momentum": "0.5"}
    facts |= {"dimension-SALES": "60", "dimension-OTHER": "40", "weight-EXP": "1", "weight-POP": "1"}
    return {**facts, **changes}


def test_the_form_starts_a_what_if_and_shows_its_progress(client, land, clerk, sent_tasks):
    client.force_login(clerk)
    url = reverse("workbench:what_if_new", args=["2025H1"])
    assert client.get(url).status_code == 200
    answer = client.post(url, form_facts(**{"off-EXP": "on"}))
    what_if = WhatIf.objects.get()
    assert answer.url == reverse("workbench:what_if", args=[what_if.pk])
    assert what_if.changes == [["indicators.EXP", "1", None]]
    assert client.get(answer.url).status_code == 200
    progress = reverse("workbench:what_if_progress", args=[what_if.pk])
    assert "p-progress" in client.get(progress).content.decode()
    tasks.run_what_if(job_id=what_if.job_id)
    assert client.get(progress)["HX-Redirect"] == answer.url


def test_the_form_tells_what_cannot_be(client, land, clerk):
    client.force_login(clerk)
    answer = client.post(reverse("workbench:what_if_new", args=["2025H1"]), form_facts(T1="80"))
    assert "심각 기준" in str(answer.context["form"].non_field_errors())


def test_a_month_later_it_is_gone(land, clerk, office, time_machine):
    what_if = tried(land, clerk, office)
    assert delete_expired() == 0
    time_machine.move_to(timezone.now() + timedelta(days=31), tick=False)
    tasks.delete_expired_what_ifs()
    assert not WhatIf.objects.filter(pk=what_if.pk).exists()
    assert not WhatIfResult.objects.exists()


def test_its_body_may_delete_it_before_but_not_while_it_is_computed(client, land, clerk, office, stranger):
    running = start_what_if(run=land.run, title="도는 중", organization=office, actor=clerk)
    with pytest.raises(Refusal, match="계산하는 중"):
        delete_what_if(what_if=running, actor=clerk)
    what_if = tried(land, clerk, office)
    url = reverse("workbench:what_if_delete", args=[what_if.pk])
    client.force_login(stranger)
    assert client.post(url).status_code == 404
    client.force_login(clerk)
    assert client.post(url).status_code == 302
    assert not WhatIf.objects.filter(pk=what_if.pk).exists()


def test_a_finished_what_if_has_its_digest(land, clerk, office):
    what_if = start_what_if(run=land.run, title="시험", organization=office, actor=clerk)
    with pytest.raises(IntegrityError, match="what_if_finished_with_its_digest"), transaction.atomic():
        WhatIf.objects.filter(pk=what_if.pk).update(finished_at=timezone.now())
