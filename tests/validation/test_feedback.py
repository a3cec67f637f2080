"""Alarms rated by those who know the place, outcomes joined when they are due, overrides and how they turned out."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from crisis.enums import DeterminationState, Stage
from crisis.models import Determination
from crisis.validation import services, tasks
from crisis.validation.enums import EventKind, RatingReason
from crisis.validation.models import AlarmRating, FollowUp, LocalScheme
from crisis.validation.rules.levels import Level
from crisis.validation.selectors import local_level, local_levels
from crisis.validation.selectors.feedback import (
    alarm_outcomes,
    override_outcomes,
    rated_precision,
    unrated,
)
from network.models import AgendaItem
from portal.directory.enums import Role
from portal.directory.scope import EVERYTHING, scope_of
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.factories.crisis import DesignationFactory
from tests.factories.directory import OrganizationFactory, UserFactory, person
from tests.factories.network import MeetingFactory
from tests.validation.situations import past

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return past()


def rate(result, useful=True, reason=RatingReason.CONFIRMED_ON_SITE, note="", body=None):
    return services.rate_alarm(
        result=result, useful=useful, reason=reason, note=note, organization=body or OrganizationFactory(),
        actor=UserFactory(),
    )  # fmt: skip


def test_a_body_rates_an_alarm_once_and_may_think_again(made):
    body = OrganizationFactory()
    first = rate(made.result("G2"), body=body)
    second = rate(made.result("G2"), useful=False, reason=RatingReason.ONE_FIRM, body=body)
    assert (first.pk, AlarmRating.objects.get().useful, second.kind) == (second.pk, False, "SEVERE")
    rate(made.result("G2"), useful=False, reason=RatingReason.OTHER, note="합병으로 줄어듦")
    assert AlarmRating.objects.count() == 2


def test_only_alarms_of_official_runs_are_rated_and_reasons_fit(made):
    with pytest.raises(Refusal) as refusal:
        rate(made.result("G0"))
    assert refusal.value.code == "no_alarm"
    with pytest.raises(Refusal) as refusal:
        rate(made.result("G2"), useful=True, reason=RatingReason.TOO_LATE)
    assert refusal.value.fields.keys() == {"reason"}
    with pytest.raises(Refusal) as refusal:
        rate(made.result("G2"), useful=False, reason=RatingReason.OTHER)
    assert refusal.value.fields.keys() == {"note"}


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("alarm_rating_reason_fits", {"useful": True, "reason": RatingReason.SEASONAL}),
        ("alarm_rating_reason_fits", {"useful": False, "reason": RatingReason.EARLY}),
        ("alarm_rating_other_is_explained", {"useful": True, "reason": RatingReason.OTHER}),
    ],
)
def test_an_incoherent_rating_is_impossible(made, constraint, facts):
    result = made.result("G2")
    given = {
        "result": result,
        "area": result.area,
        "kind": "SEVERE",
        "organization": OrganizationFactory(),
        "rated_by": UserFactory(),
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AlarmRating.objects.create(**{**given, **facts})
    AlarmRating.objects.create(**{**given, "useful": True, "reason": RatingReason.OTHER, "note": "설명"})


def test_precision_counts_what_was_said_of_a_rule_sets_alarms(made):
    rate(made.result("G2"))
    rate(made.result("G2", at=0), useful=False, reason=RatingReason.ONE_FIRM)
    found = rated_precision(made.rule_set, EVERYTHING)
    assert (found.rated, found.share, found.useful["SEVERE"], found.useless["SEVERE"]) == (2, 50.0, 1, 1)
    stranger = scope_of(person(region=made.land.sido[0].region))
    assert rated_precision(made.rule_set, stranger).rated == 0


def test_what_waits_to_be_rated_are_the_newest_alarms_of_the_reader(made):
    office = OrganizationFactory(of_region=made.land.sido[1].region)
    officer = person(organization=office)
    assert unrated(scope_of(officer)) == 1
    rate(made.result("G2"), body=office)
    assert unrated(scope_of(officer)) == 0
    assert unrated(scope_of(person(role=Role.COUNCIL_MEMBER, region=made.land.sido[1].region))) == 0


def outcomes(made, code="G2", at=-1):
    return {row.months: row for row in FollowUp.objects.filter(result=made.result(code, at))}


def test_outcomes_are_joined_when_their_day_has_come_and_not_before(made):
    # The rounds are of 2025-06-30 and 2025-07-10: half a year later is 2025-12-30 and 2026-01-10.
    assert services.join_due(today=date(2025, 12, 29)) == 0
    assert services.join_due(today=date(2026, 1, 9)) == 2  # G2 and G1 of the first round
    assert services.join_due(today=date(2026, 1, 9)) == 0
    assert services.join_due(today=date(2026, 1, 10)) == 2
    assert set(outcomes(made)) == {6}


def test_a_designation_and_a_closure_within_the_months_say_the_alarm_was_right(made):
    DesignationFactory(area=made.land.sigungu[2], start=date(2026, 5, 1), scheme="고용위기지역")
    DesignationFactory(area=made.land.sigungu[2], start=date(2025, 7, 10), scheme="그날 이미")
    services.join_due(today=date(2027, 3, 1))
    found = outcomes(made)
    assert {months: row.crisis for months, row in found.items()} == {6: False, 12: True, 18: True}
    assert [one.scheme for one in found[12].designations.all()] == ["고용위기지역"]
    assert {row.months: row.crisis for row in FollowUp.objects.filter(area__code="G1", result__run=made.runs[1])} == {
        6: False, 12: False, 18: False,
    }  # fmt: skip


def test_an_event_documented_later_is_joined_and_taken_back_again(made):
    services.join_due(today=date(2027, 3, 1))
    assert not outcomes(made)[6].crisis
    event = services.document_incident(
        area=made.land.sigungu[2], kind=EventKind.CLOSURE, occurred_on=date(2025, 9, 1), title="공장 폐쇄",
        source="현장 확인", actor=UserFactory(),
    )  # fmt: skip
    found = outcomes(made)
    assert (found[6].crisis, list(found[6].incidents.all())) == (True, [event])
    with pytest.raises(Refusal, match="사유"):
        services.withdraw_incident(incident=event, reason=" ", actor=UserFactory())
    services.withdraw_incident(incident=event, reason="다른 지역의 일", actor=UserFactory())
    assert not outcomes(made)[6].crisis
    with pytest.raises(Refusal, match="이미"):
        services.withdraw_incident(incident=event, reason="또", actor=UserFactory())


def test_an_outcome_tells_the_stage_that_was_then(made):
    services.join_due(today=date(2027, 3, 1))
    first = outcomes(made, at=0)[6]
    assert (first.stage, first.rci) == (Stage.SEVERE, made.result("G2").rci)
    assert outcomes(made)[6].stage is None  # no round after the last


def test_the_sweep_works_off_everything_in_portions(made, monkeypatch, time_machine):
    from datetime import UTC, datetime

    time_machine.move_to(datetime(2027, 3, 1, tzinfo=UTC), tick=False)
    monkeypatch.setattr("crisis.validation.services.follow_ups.BATCH", 1)
    tasks.join_outcomes.run()
    assert FollowUp.objects.count() == 12  # two alarms in two rounds after 6, 12 and 18 months


def test_outcomes_are_told_by_months_and_kind_of_alarm(made):
    DesignationFactory(area=made.land.sigungu[2], start=date(2025, 10, 1))
    services.join_due(today=date(2027, 3, 1))
    rows = {(row.months, row.kind): (row.followed, row.crises) for row in alarm_outcomes(made.rule_set, EVERYTHING)}
    assert rows[6, "SEVERE"] == (4, 2)  # G1 and G2 in two rounds; G2 was designated
    assert sum(followed for followed, _ in rows.values()) == 12
    stranger = scope_of(person(region=made.land.sido[0].region))
    assert all(row.crises == 0 for row in alarm_outcomes(made.rule_set, stranger))


def decide(result, stage, on=date(2025, 8, 1)):
    item = AgendaItem.objects.create(meeting=MeetingFactory(), number=1, title="단계 결정")
    return Determination.objects.create(
        area=result.area, round=result.run.round, result=result, agenda_item=item, model_stage=result.model_stage,
        proposed_stage=result.model_stage, stage=stage, reason_code="OTHER", reason_text="까닭",
        state=DeterminationState.CONFIRMED, confirmed_at=result.run.round.cutoff, confirmed_by=UserFactory(),
        effective=period(on),
    )  # fmt: skip


def test_override_rate_and_how_overrides_turned_out(made):
    decide(made.result("G2"), Stage.CAUTION)  # lowered
    decide(made.result("G0"), Stage.CAUTION)  # raised, without an alarm
    decide(made.result("G3"), Stage.GOOD)  # as proposed
    found = override_outcomes(made.rule_set, EVERYTHING)
    assert (found.decided, len(found.departures), round(found.rate, 1), found.still_open) == (3, 2, 66.7, 2)
    DesignationFactory(area=made.land.sigungu[0], start=date(2026, 3, 1))
    services.join_due(today=date(2027, 3, 1))
    found = override_outcomes(made.rule_set, EVERYTHING)
    verdicts = {one.determination.area.code: one.verdict for one in found.departures}
    assert verdicts == {"G0": "BORNE_OUT", "G2": "BORNE_OUT"}
    DesignationFactory(area=made.land.sigungu[2], start=date(2026, 4, 1))
    services.document_incident(
        area=made.land.sigungu[2], kind=EventKind.LAYOFF, occurred_on=date(2026, 4, 1), title="감원",
        source="보도", actor=UserFactory(),
    )  # fmt: skip
    assert override_outcomes(made.rule_set, EVERYTHING).not_borne_out == 1


def five():
    return [
        Level(1, "양호", "GOOD", None), Level(2, "주의", "CAUTION", None), Level(3, "경고", "CAUTION", 55),
        Level(4, "심각", "SEVERE", None), Level(5, "위험", "SEVERE", 85),
    ]  # fmt: skip


def enter(region, start, **facts):
    return services.enter_scheme(
        region=region, title="다섯 단계", document="도 지침", start=start, levels=facts.pop("levels", five()),
        actor=UserFactory(), **facts,
    )  # fmt: skip


def test_an_area_has_the_label_of_its_sido_on_a_day(made, django_assert_num_queries):
    home = made.land.sido[1].region
    enter(home, date(2025, 1, 1))
    result, day = made.result("G2"), date(2025, 8, 1)
    assert local_level(result.area, result.rci, result.model_stage, day).name == "위험"
    assert local_level(result.area, result.rci, result.model_stage, date(2024, 12, 31)) is None
    other = made.result("G1")
    with django_assert_num_queries(2):
        found = local_levels([(r.area, r.rci, r.model_stage) for r in (result, other)] * 5, day)
    assert [level and level.name for level in found[:2]] == ["위험", None]


def test_a_later_table_ends_the_one_before_and_faults_are_told_together(made):
    home = made.land.sido[1].region
    enter(home, date(2025, 1, 1))
    enter(home, date(2026, 1, 1))
    first, second = LocalScheme.objects.order_by("effective")
    assert (first.effective.upper, second.effective.upper) == (date(2026, 1, 1), None)
    with pytest.raises(Refusal) as refusal:
        enter(home, date(2027, 1, 1), levels=[Level(1, "하나", "GOOD", 10)])
    assert ("비워" in refusal.value.message, "심각" in refusal.value.message) == (True, True)
    with pytest.raises(Refusal, match="시·도"):
        enter(made.land.sigungu[0].region, date(2027, 1, 1))
    services.end_scheme(scheme=second, end=date(2026, 6, 1), actor=UserFactory())
    with pytest.raises(Refusal, match="이미"):
        services.end_scheme(scheme=second, end=date(2026, 7, 1), actor=UserFactory())
