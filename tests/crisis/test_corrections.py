"""A confirmed decision is never changed: another supersedes it, and both histories can be told."""

from datetime import date, datetime, timedelta

import pytest
from django.db import InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from crisis.enums import DeterminationState, ReasonCode, Stage
from crisis.models import Determination, StageChange
from crisis.selectors import known_on
from crisis.services import announcements, confirm_item, hooks, set_stage, table_area, table_correction, table_round
from crisis.services.determinations import override_ends
from network.rules import Tally
from portal.directory.enums import OrganizationKind, Role
from portal.directory.models import Notice
from portal.kernel.dates import KST, period
from portal.kernel.errors import Refusal
from tests.crisis.panels import country, evaluate
from tests.crisis.test_determinations import UNANIMOUS, meeting_of, opened
from tests.factories.directory import OrganizationFactory, RegionFactory, UserFactory, person
from tests.factories.network import MeetingFactory

pytestmark = pytest.mark.django_db
HELD = date(2025, 7, 20)
REASON = {"reason_code": ReasonCode.DATA_ERROR, "reason_text": "수출 통계 정정"}


@pytest.fixture
def actor():
    return UserFactory()


@pytest.fixture
def decided(actor, time_machine):
    """G2 SEVERE and G3 GOOD, confirmed on 2025-07-20."""
    time_machine.move_to("2025-07-20T15:00:00+09:00", tick=False)
    land = country()
    evaluate(land.round)
    meeting = opened(meeting_of(land.sido[1].region), actor)
    land.item = table_round(meeting=meeting, round=land.round, actor=actor)
    confirm_item(item=land.item, tally=UNANIMOUS, actor=actor)
    land.old = Determination.objects.get(area__code="G2")
    return land


def later_meeting(old, actor, held_on=date(2025, 8, 20), number=50):
    council = old.agenda_item.meeting.council
    return opened(MeetingFactory(council=council, held_on=held_on, number=number), actor)


def corrected(old, actor, time_machine, start=HELD, stage=Stage.CAUTION):
    time_machine.move_to("2025-08-20T15:00:00+09:00", tick=False)
    draft = table_correction(
        determination=old, meeting=later_meeting(old, actor), stage=stage, start=start,
        correction_reason="관세청이 5월 수출을 고침", actor=actor, **REASON,
    )  # fmt: skip
    confirm_item(item=draft.agenda_item, tally=UNANIMOUS, actor=actor)
    old.refresh_from_db()
    draft.refresh_from_db()
    return draft


def test_a_correction_from_the_first_day_takes_the_place_of_the_old(decided, actor, time_machine):
    new = corrected(decided.old, actor, time_machine)
    old = decided.old
    assert (old.state, old.superseded_at, old.effective) == (
        DeterminationState.SUPERSEDED,
        timezone.now(),
        period(HELD),
    )
    assert (old.stage, new.stage, new.supersedes, new.effective.lower) == ("SEVERE", "CAUTION", old, HELD)
    assert Determination.objects.in_force_on(HELD).get(area__code="G2") == new
    change = StageChange.objects.get(determination=new)
    assert (change.from_stage, change.to_stage) == ("SEVERE", "CAUTION")


def test_a_correction_from_a_later_day_leaves_the_days_before(decided, actor, time_machine):
    new = corrected(decided.old, actor, time_machine, start=date(2025, 8, 1))
    assert (decided.old.state, decided.old.effective) == ("CONFIRMED", period(HELD, date(2025, 8, 1)))
    assert Determination.objects.in_force_on(date(2025, 7, 31)).get(area__code="G2") == decided.old
    assert Determination.objects.in_force_on(date(2025, 8, 1)).get(area__code="G2") == new


@pytest.mark.parametrize("start", [HELD, date(2025, 8, 1)])
def test_what_was_known_on_a_day_stays_answerable(decided, actor, time_machine, start):
    new = corrected(decided.old, actor, time_machine, start=start)
    before, after = datetime(2025, 8, 19, tzinfo=KST), datetime(2025, 8, 21, tzinfo=KST)
    day = date(2025, 8, 10)
    as_known = Determination.objects.filter(area__code="G2")
    assert as_known.as_known(moment=before, day=day).get() == decided.old
    assert as_known.as_known(moment=after, day=day).get() == new
    assert not as_known.as_known(moment=datetime(2025, 7, 19, tzinfo=KST), day=day).exists()
    assert not as_known.as_known(moment=after, day=date(2025, 7, 19)).exists()
    assert set(Determination.objects.known_at(before).filter(area__code="G2")) == {decided.old}
    [(row, first, last)] = known_on(decided.old.area, moment=before)
    assert (row, first, last) == (decided.old, HELD, None)
    assert known_on(decided.old.area, moment=after)[0][:2] == (new, start)


def test_nothing_happens_until_the_council_votes(decided, actor, time_machine):
    time_machine.move_to("2025-08-20T15:00:00+09:00", tick=False)
    meeting = later_meeting(decided.old, actor)
    facts = {
        "meeting": meeting,
        "stage": Stage.CAUTION,
        "start": HELD,
        "correction_reason": "x",
        "actor": actor,
        **REASON,
    }
    draft = table_correction(determination=decided.old, **facts)
    with pytest.raises(Refusal, match="이미 정정했거나"):
        table_correction(determination=decided.old, **facts)
    confirm_item(item=draft.agenda_item, tally=Tally(4, 5, 0), actor=actor)
    decided.old.refresh_from_db()
    assert decided.old.state == DeterminationState.CONFIRMED
    assert table_correction(determination=decided.old, **facts).state == DeterminationState.DRAFT  # once more


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"correction_reason": " "}, "정정 사유"),
        ({"start": date(2025, 7, 19)}, "기간 안의 날"),
        ({"stage": Stage.SEVERE}, "지금 단계와 같습니다"),
        ({"reason_code": "", "reason_text": ""}, "사유"),
        ({"stage": Stage.GOOD}, "현장조사"),
    ],
)
def test_a_correction_answers_to_the_same_rules(decided, actor, time_machine, facts, said):
    time_machine.move_to("2025-08-20T15:00:00+09:00", tick=False)
    given = {"stage": Stage.CAUTION, "start": HELD, "correction_reason": "x", **REASON, **facts}
    with pytest.raises(Refusal, match=said):
        table_correction(determination=decided.old, meeting=later_meeting(decided.old, actor), actor=actor, **given)


def test_only_the_council_that_decided_corrects(decided, actor, time_machine):
    time_machine.move_to("2025-08-20T15:00:00+09:00", tick=False)
    foreign = opened(meeting_of(decided.sido[0].region, held_on=date(2025, 8, 20)), actor)
    with pytest.raises(Refusal, match="결정한 협의회"):
        table_correction(
            determination=decided.old, meeting=foreign, stage=Stage.CAUTION, start=HELD, correction_reason="x",
            actor=actor, **REASON,
        )  # fmt: skip


def test_those_who_build_on_decisions_are_told(decided, actor, time_machine, monkeypatch):
    told = []
    monkeypatch.setattr(hooks, "superseded", [lambda old, new: told.append(("superseded", old.stage, new.stage))])
    monkeypatch.setattr(hooks, "confirmed", [lambda new: told.append(("confirmed", new.stage, new.effective.lower))])
    corrected(decided.old, actor, time_machine)
    assert told == [("superseded", "SEVERE", "CAUTION"), ("confirmed", "CAUTION", HELD)]


@pytest.mark.parametrize(
    "facts", [{"stage": Stage.GOOD}, {"reason_text": "x"}, {"effective": period(date(2025, 7, 1))}]
)
def test_a_confirmed_decision_cannot_be_changed_by_any_road(decided, facts):
    with pytest.raises(InternalError, match="determination_decided_stays"), transaction.atomic():
        Determination.objects.filter(pk=decided.old.pk).update(**facts)
    with pytest.raises(InternalError, match="determination_decided_is_kept"), transaction.atomic():
        Determination.objects.filter(pk=decided.old.pk)._raw_delete(using="default")


class TestOneRound:
    """An override lasts one round only (method §8)."""

    def test_a_departure_lapses_after_the_next_cut_off(self, actor):
        land = country()
        evaluate(land.round)
        table_round(meeting=opened(meeting_of(land.sido[1].region), actor), round=land.round, actor=actor)
        changed = set_stage(
            determination=Determination.objects.get(area__code="G2"), stage=Stage.CAUTION, field_survey="",
            actor=actor, **REASON,
        )  # fmt: skip
        confirm_item(item=changed.agenda_item, tally=UNANIMOUS, actor=actor)
        changed.refresh_from_db()
        ends = override_ends(land.round, HELD)
        assert ends == date(2026, 1, 10) + timedelta(days=60)
        assert changed.effective == period(HELD, ends)
        assert not Determination.objects.in_force_on(ends).filter(area__code="G2").exists()

    def test_a_decision_as_proposed_stays_until_the_next(self, decided):
        assert decided.old.effective == period(HELD)


class TestWithoutData:
    """No model stage and no floor: only on field evidence."""

    @pytest.fixture
    def land(self):
        return country()

    def held_back(self, land, actor):
        from crisis.enums import RunKind
        from crisis.models import Result
        from crisis.services import evaluate_shard, finish_run, prepare_run, start_run
        from tests.factories.crisis import AreaFactory, AreaMembershipFactory

        empty = AreaFactory(code="G9", region=RegionFactory(sigungu=True, parent=land.sido[1].region))
        AreaMembershipFactory(area=empty, parent=land.sido[1])
        run = start_run(round=land.round, kind=RunKind.OFFICIAL)
        for area_id in prepare_run(run_id=run.pk):
            evaluate_shard(run_id=run.pk, area_id=area_id)
        finish_run(run_id=run.pk)
        result = Result.objects.get(area=empty)
        assert result.status != "OK"
        return result

    def test_it_is_not_tabled_with_the_round_and_needs_a_survey_of_its_own(self, land, actor):
        result = self.held_back(land, actor)
        meeting = opened(meeting_of(land.sido[1].region), actor)
        table_round(meeting=meeting, round=land.round, actor=actor)
        assert not Determination.objects.filter(area=result.area).exists()
        facts = {"meeting": meeting, "result": result, "stage": Stage.CAUTION, "actor": actor, **REASON}
        with pytest.raises(Refusal, match="현장조사"):
            table_area(field_survey=" ", **facts)
        item = table_area(field_survey="2025. 7. 10. 입주기업 8곳 방문", **facts)
        confirm_item(item=item, tally=UNANIMOUS, actor=actor)
        row = Determination.objects.get(area=result.area)
        assert (row.model_stage, row.proposed_stage, row.stage) == (None, None, "CAUTION")
        assert row.effective.upper is not None  # one round only

    def test_with_a_floor_it_has_a_proposal(self, land, actor):
        from crisis.services import open_floor

        result = self.held_back(land, actor)
        open_floor(area=result.area, kind="DISASTER", stage="SEVERE", start=HELD, evidence="호우", actor=actor)
        meeting = opened(meeting_of(land.sido[1].region), actor)
        table_round(meeting=meeting, round=land.round, actor=actor)
        row = Determination.objects.get(area=result.area)
        assert (row.model_stage, row.floor_stage, row.proposed_stage, row.stage) == (None, "SEVERE", "SEVERE", "SEVERE")


class TestAnnouncement:
    def test_the_office_and_the_province_are_told_once_of_their_own_areas(self, decided):
        region = decided.sido[1].region
        office = decided.item.meeting.council.organization
        clerk = person(organization=office, role=Role.OFFICE_STAFF)
        province = OrganizationFactory(of_region=region, kind=OrganizationKind.PROVINCE)
        official = person(organization=province, role=Role.SIDO)
        foreign = OrganizationFactory(of_region=decided.sido[0].region, kind=OrganizationKind.PROVINCE)
        stranger = person(organization=foreign, role=Role.SIDO)
        assert announcements.announce_decisions() == 2
        assert announcements.announce_decisions() == 0
        told = {notice.recipient_id: notice.title for notice in Notice.objects.filter(kind="stage_decision")}
        assert set(told) == {clerk.pk, official.pk}
        assert "심각 1곳, 양호 1곳 (변동 2곳)" in told[official.pk]
        assert stranger.pk not in told
        assert not Determination.objects.unannounced().exists()
        assert not StageChange.objects.unannounced().exists()


class TestPages:
    def test_each_of_the_four_people(self, client, decided):
        page = reverse("crisis:determination", args=[decided.old.pk])
        assert client.get(page).status_code == 302
        client.force_login(UserFactory())
        assert client.get(page).status_code == 403
        client.force_login(person(region=decided.sido[0].region))
        assert client.get(page).status_code == 404
        for reader in (person(region=decided.sido[1].region), person(role=Role.HQ)):
            client.force_login(reader)
            assert client.get(page).status_code == 200

    def test_the_page_tells_both_histories(self, client, decided, actor, time_machine):
        new = corrected(decided.old, actor, time_machine)
        client.force_login(person(role=Role.HQ))
        page = client.get(reverse("crisis:determination", args=[new.pk]), {"known": "2025-08-01"})
        assert [row.pk for row in page.context["history"]] == [new.pk, decided.old.pk]
        assert [row.pk for row, _, _ in page.context["as_known"]] == [decided.old.pk]
        assert "2025. 8. 1.에 알고 있던 이력" in page.content.decode()
        assert client.get(reverse("crisis:determination", args=[new.pk]), {"known": "x"}).status_code == 200

    @pytest.mark.parametrize("corrections", [0, 1])
    def test_it_costs_no_more_with_a_longer_history(
        self, client, decided, actor, time_machine, corrections, django_assert_max_num_queries
    ):
        if corrections:
            corrected(decided.old, actor, time_machine)
        client.force_login(person(role=Role.HQ))
        page = reverse("crisis:determination", args=[decided.old.pk])
        client.get(page)
        with django_assert_max_num_queries(16):
            client.get(page, {"known": "2025-08-01"})

    def test_the_office_tables_a_correction(self, client, decided, actor, time_machine):
        time_machine.move_to("2025-08-20T15:00:00+09:00", tick=False)
        office = decided.item.meeting.council.organization
        meeting = later_meeting(decided.old, actor)
        page = reverse("crisis:correction_new", args=[decided.old.pk])
        facts = {
            "meeting": meeting.pk, "stage": "CAUTION", "start": "2025-07-20", "correction_reason": "통계 정정",
            "reason_code": "DATA_ERROR", "reason_text": "관세청 정정",
        }  # fmt: skip
        client.force_login(person(organization=office, role=Role.TECHNOPARK))
        assert client.post(page, facts).status_code == 403
        client.force_login(person(region=decided.sido[0].region, role=Role.OFFICE_STAFF))
        assert client.post(page, facts).status_code == 404
        client.force_login(person(organization=office, role=Role.OFFICE_STAFF))
        assert client.get(page).status_code == 200
        refused = client.post(page, {**facts, "start": "2025-01-01"})
        assert "start" in refused.context["form"].errors
        assert client.post(page, facts).status_code == 302
        assert Determination.objects.awaiting_council().get().supersedes == decided.old
