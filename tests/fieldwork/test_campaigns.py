"""A campaign from plan to confirmed results through its services: sample, sheets, closing, feeding, corrections."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction

from companies.models import Company, Workplace
from crisis.fieldwork import services
from crisis.fieldwork.models import Campaign, FieldForm, ResultCell, Unit, UnitRevision
from crisis.models import Observation
from portal.directory.models import Event, Holiday, Notice
from portal.directory.scope import scope_of
from portal.kernel import todo
from portal.kernel.errors import ChangedMeanwhile, Refusal
from tests.fieldwork.conftest import BAD, GOOD, PLAN, answered, closed, opened, planned, sampled, settle

pytestmark = pytest.mark.django_db


def refused(code, act):
    with pytest.raises(Refusal) as told:
        act()
    assert told.value.code == code, told.value.message
    return told.value


def told_now():
    """What the books say of the indicator now, by cluster code."""
    rows = Observation.objects.current().select_related("area__cluster")
    return {row.area.cluster.code: row.value for row in rows}


def test_the_deadline_moves_off_a_day_off_and_both_days_are_kept(land):
    Holiday.objects.create(day=date(2026, 9, 21), name_ko="시험 휴일")
    campaign = planned(land)  # 2026-09-19 is a Saturday, the Monday after a holiday
    assert (campaign.code, campaign.closes_on, campaign.closes_due) == (
        f"{land.sido.code}-2026Q3", date(2026, 9, 19), date(2026, 9, 22)
    )  # fmt: skip


def test_only_the_centre_of_the_sido_runs_a_campaign(land):
    for actor in (land.stranger, land.official, land.ministry):
        facts = PLAN | {"form": land.form}
        refused(
            "out_of_scope",
            lambda actor=actor, facts=facts: services.plan_campaign(
                sido=land.sido, body=land.body, facts=facts, actor=actor
            ),
        )
    assert not Campaign.objects.exists()


def test_a_campaign_opens_with_a_whole_plan_clusters_and_a_sample_told_at_once(land):
    campaign = planned(land, purpose="")
    text = refused(
        "campaign_incomplete",
        lambda: services.open_campaign(campaign=campaign, seen=campaign.version, actor=land.centre),
    ).message
    assert "목적" in text
    assert "밀집지역" in text


def test_the_sample_is_stratified_kept_with_its_seed_and_leaves_the_closed_out(land):
    settle(land.big, "SSS", state="CLOSED")
    gone = Workplace.objects.filter(cluster_memberships__cluster=land.big, company__size="MEDIUM").first()
    Workplace.objects.filter(pk=gone.pk).update(effective="[2020-01-01,2026-01-01)")
    campaign = planned(land)
    campaign = services.set_clusters(
        campaign=campaign, clusters=[land.big, land.middle], seen=campaign.version, actor=land.centre
    )
    campaign = services.draw_sample(campaign=campaign, size=4, percent=None, seen=campaign.version, actor=land.centre)
    places = {place.cluster.code: place.strata for place in campaign.clusters.select_related("cluster")}
    assert places[land.big.code] == {
        "MEDIUM": {"eligible": 2, "drawn": 1}, "SMALL": {"eligible": 6, "drawn": 3},
    }  # fmt: skip
    first = list(campaign.units.values_list("workplace", flat=True))
    assert len(first) == 8
    again = services.draw_sample(
        campaign=campaign, size=4, percent=None, seed=campaign.seed, seen=campaign.version, actor=land.centre
    )
    assert list(again.units.values_list("workplace", flat=True)) == first
    refused(
        "size_or_share",
        lambda: services.draw_sample(campaign=again, size=4, percent=50, seen=again.version, actor=land.centre),
    )


def test_workplaces_are_chosen_by_hand_only_from_the_campaigns_clusters(land):
    campaign = planned(land)
    campaign = services.set_clusters(campaign=campaign, clusters=[land.big], seen=campaign.version, actor=land.centre)
    inside = Workplace.objects.filter(cluster_memberships__cluster=land.big)[:2]
    outside = Workplace.objects.filter(cluster_memberships__cluster=land.small)
    assert services.choose_units(campaign=campaign, workplaces=inside, seen=campaign.version, actor=land.centre) == 2
    seen = Campaign.objects.get().version
    refused(
        "not_in_the_clusters",
        lambda: services.choose_units(campaign=campaign, workplaces=outside, seen=seen, actor=land.centre),
    )
    assert set(campaign.units.values_list("origin", flat=True)) == {"CHOSEN"}


def test_a_form_in_use_is_frozen_by_services_and_by_the_database(land):
    opened(land)
    form = FieldForm.objects.get()
    refused("form_in_use", lambda: services.change_form(form=form, facts={"title": "다른"}, actor=land.ministry))
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        FieldForm.objects.filter(pk=form.pk).update(body={})
    newer = services.add_form(
        code=form.code, region=None, actor=land.ministry,
        facts={"title": "새 판", "body": form.body | {"smallest": 4}, "provisional": True},
    )  # fmt: skip
    assert newer.version == 2
    services.change_form(form=newer, facts={"title": "고친 새 판"}, actor=land.ministry)


def test_the_ministry_keeps_the_countrys_forms_and_a_centre_its_own(land):
    body = FieldForm.objects.get().body
    facts = {"title": "우리 양식", "body": body}
    own = services.add_form(code="own", region=land.sido, facts=facts, actor=land.centre)
    refused("out_of_scope", lambda: services.add_form(code="all", region=None, facts=facts, actor=land.centre))
    refused("out_of_scope", lambda: services.change_form(form=own, facts=facts, actor=land.stranger))
    refused("code_taken", lambda: services.add_form(code="own", region=None, facts=facts, actor=land.ministry))
    told = refused(
        "form_wrong",
        lambda: services.add_form(code="bad", region=land.sido, facts=facts | {"body": {}}, actor=land.centre),
    )
    assert "하나도 없습니다" in told.fields["body"]
    assert own in FieldForm.objects.visible_to(scope_of(land.official))
    assert own not in FieldForm.objects.visible_to(scope_of(land.stranger))


def test_a_sheet_goes_from_draft_to_handed_in_and_every_version_is_kept(land):
    unit = opened(land).units.first()
    draft = services.save_sheet(unit=unit, answers={"economy_now": "SAME"}, seen=0, actor=land.centre)
    fields = refused(
        "incomplete",
        lambda: services.save_sheet(unit=unit, answers={"economy_now": "SAME"}, seen=1, actor=land.centre, submit=True),
    ).fields
    assert "economy_next" in fields
    assert "export_next" not in fields
    handed = services.save_sheet(unit=draft, answers=GOOD, seen=1, actor=land.centre, submit=True)
    assert (handed.state, handed.version, handed.submitted_by) == ("SUBMITTED", 2, land.centre)
    with pytest.raises(ChangedMeanwhile):
        services.save_sheet(unit=unit, answers=BAD, seen=1, actor=land.colleague)
    refused("reason_missing", lambda: services.save_sheet(unit=unit, answers=BAD, seen=2, actor=land.colleague))
    services.save_sheet(unit=unit, answers=BAD, seen=2, actor=land.colleague, reason="전화로 다시 확인")
    same = services.save_sheet(unit=unit, answers=BAD, seen=3, actor=land.colleague)
    assert same.version == 3
    kept = [(row.version, row.state, row.reason) for row in UnitRevision.objects.order_by("version")]
    assert kept == [(1, "DRAFT", ""), (2, "SUBMITTED", ""), (3, "SUBMITTED", "전화로 다시 확인")]
    refused("out_of_scope", lambda: services.save_sheet(unit=unit, answers=GOOD, seen=3, actor=land.stranger))


def test_one_who_gives_no_answer_is_told_by_code_and_replaced_by_the_next_in_line(land):
    campaign = planned(land)
    campaign = services.set_clusters(campaign=campaign, clusters=[land.big], seen=1, actor=land.centre)
    campaign = services.draw_sample(campaign=campaign, size=3, percent=None, seen=2, actor=land.centre)
    campaign = services.open_campaign(campaign=campaign, seen=3, actor=land.centre)
    unit = campaign.units.filter(size="SMALL").first()
    refused("still_to_answer", lambda: services.replace_unit(unit=unit, reason="이전", actor=land.centre))
    services.record_outcome(unit=unit, outcome="REFUSED", note="바쁨", seen=0, actor=land.centre)
    new = services.replace_unit(unit=unit, reason="두 번 거절", actor=land.centre)
    assert (new.size, new.place_id, new.origin, new.replaces_id) == (unit.size, unit.place_id, "REPLACEMENT", unit.pk)
    refused("already_replaced", lambda: services.replace_unit(unit=unit, reason="또", actor=land.centre))
    refused("replaced", lambda: services.save_sheet(unit=unit, answers=GOOD, seen=1, actor=land.centre))
    assert not Unit.objects.asked().filter(pk=unit.pk).exists()


def test_units_are_given_to_somebody_who_may_write_there(land):
    campaign = sampled(land)
    assert services.assign_units(
        campaign=campaign, units=campaign.units.all(), interviewer=land.colleague, actor=land.centre
    ) == campaign.units.count()  # fmt: skip
    refused(
        "not_an_interviewer",
        lambda: services.assign_units(
            campaign=campaign, units=campaign.units.all(), interviewer=land.stranger, actor=land.centre
        ),
    )


def test_entry_has_its_days_and_late_answers_are_refused(land, time_machine):
    unit = opened(land, opens_on=date(2026, 9, 8)).units.first()
    refused("not_open", lambda: services.save_sheet(unit=unit, answers=GOOD, seen=0, actor=land.centre))
    time_machine.move_to("2026-09-21 18:00:00+09:00", tick=False)  # the Monday after the Saturday
    services.save_sheet(unit=unit, answers=GOOD, seen=0, actor=land.centre, submit=True)
    assert services.watch() == (0, 2)  # reminded: centre and colleague
    assert services.watch() == (0, 0)
    time_machine.move_to("2026-09-22 00:25:00+09:00", tick=False)
    refused("closed", lambda: services.save_sheet(unit=unit, answers=BAD, seen=1, actor=land.centre, reason="늦음"))
    assert services.watch()[0] == 1
    assert services.watch()[0] == 0
    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.close_reason) == ("CLOSED", "")
    assert not Notice.objects.filter(key__startswith=f"campaign:{campaign.pk}:2", settled_at=None).exists()
    other = campaign.units.filter(state="PENDING").first()
    refused("closed", lambda: services.save_sheet(unit=other, answers=GOOD, seen=0, actor=land.centre))
    refused(
        "closed",
        lambda: services.correct_sheet(unit=other, answers=GOOD, reason="늦음", seen=0, actor=land.centre),
    )


def test_closing_by_hand_before_the_day_needs_a_reason(land):
    campaign = answered(land)
    refused("reason_missing", lambda: services.close_campaign(campaign=campaign, actor=land.centre))
    assert Campaign.objects.get().state == "OPEN"
    services.close_campaign(campaign=campaign, actor=land.centre, reason="회수가 끝남")
    refused("campaign_state", lambda: services.close_campaign(campaign=campaign, actor=land.centre, reason="또"))
    kept = Campaign.objects.get()
    assert (kept.state, kept.close_reason) == ("CLOSED", "회수가 끝남")


def test_confirmed_results_feed_the_indicator_once_and_say_who_fed_nothing(land):
    campaign = closed(land)
    confirmation = services.confirm_results(campaign=campaign, actor=land.centre)
    # 큰산단 7 better, 2 worse of 9: 155.6. 작은산단 has two answers; 중간산단 is hidden with it.
    assert told_now() == {land.big.code: Decimal("155.6")}
    fed = {one["cluster"]: one for one in confirmation.fed}
    assert fed[land.big.code]["value"] == "155.6"
    assert "공개하지 않습니다" in fed[land.small.code]["why"]
    assert fed[land.middle.code]["value"] is None
    row = Observation.objects.get()
    assert (row.period, row.unit, row.status, row.batch) == (date(2026, 9, 1), "p", "FINAL", confirmation.batch)
    assert services.confirm_results(campaign=campaign, actor=land.colleague) == confirmation
    assert Observation.objects.count() == 1
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Campaign.objects.get().confirmations.update(number=9)


def test_a_correction_makes_a_newer_observation_and_keeps_the_older(land, time_machine):
    campaign = closed(land)
    services.confirm_results(campaign=campaign, actor=land.centre)
    time_machine.move_to("2026-09-20 10:00:00+09:00", tick=False)
    unit = campaign.units.filter(place__cluster=land.big, answers__economy_next="BETTER").first()
    refused(
        "reason_missing",
        lambda: services.correct_sheet(unit=unit, answers=BAD, reason="", seen=unit.version, actor=land.centre),
    )
    services.correct_sheet(unit=unit, answers=BAD, reason="전화로 다시 확인", seen=unit.version, actor=land.centre)
    assert told_now() == {land.big.code: Decimal("155.6")}  # until it is confirmed again
    refused("reason_missing", lambda: services.confirm_results(campaign=campaign, actor=land.centre))
    second = services.confirm_results(campaign=campaign, actor=land.centre, reason="한 곳의 답을 고침")
    assert told_now() == {land.big.code: Decimal("133.3")}
    assert list(Observation.objects.order_by("pk").values_list("value", flat=True)) == [
        Decimal("155.6"), Decimal("133.3"),
    ]  # fmt: skip
    assert (second.number, Campaign.objects.get().corrected_at) == (2, None)


def test_an_ad_hoc_campaign_and_a_quarter_to_come_feed_nothing(land):
    campaign = closed(land, kind="AD_HOC", quarter=None)
    confirmation = services.confirm_results(campaign=campaign, actor=land.centre)
    assert (confirmation.batch, {one["why"] for one in confirmation.fed}) == (
        None, {"수시 조사는 분기 지표로 내지 않습니다."}
    )  # fmt: skip
    assert not Observation.objects.exists()
    ahead = closed(land, quarter=date(2026, 12, 1))
    refused("quarter_to_come", lambda: services.confirm_results(campaign=ahead, actor=land.centre))
    assert Campaign.objects.get(pk=ahead.pk).state == "CLOSED"


def test_small_cells_are_hidden_from_everybody_but_those_who_may_read_the_sheets(land):
    campaign = closed(land)

    def shown(user):
        rows = ResultCell.objects.visible_to(scope_of(user)).shown_to(scope_of(user))
        return {
            row.place.cluster.name_ko if row.place else "": row.shown_value
            for row in rows.filter(campaign=campaign, kind="INDEX", question="economy_next").select_related(
                "place__cluster"
            )
        }

    everything = {
        "큰산단": Decimal("155.6"),
        "중간산단": Decimal("33.3"),
        "작은산단": Decimal("200.0"),
        "": Decimal("117.6"),
    }
    assert shown(land.centre) == shown(land.ministry) == everything
    assert shown(land.official) == everything | {"중간산단": None, "작은산단": None}
    assert shown(land.stranger) == {}
    assert Unit.objects.visible_to(scope_of(land.centre)).count() == 17
    assert not Unit.objects.visible_to(scope_of(land.official)).exists()
    assert not Unit.objects.visible_to(scope_of(land.stranger)).exists()


INCOHERENT = [
    ("campaign_of_a_quarter_names_it", {"quarter": None}),
    ("campaign_quarter_is_a_last_month", {"quarter": date(2026, 8, 1)}),
    ("campaign_dates_in_order", {"closes_on": date(2026, 9, 1)}),
    ("campaign_state_matches_closing", {"state": "CLOSED"}),
    ("campaign_opens_with_a_whole_plan", {"state": "OPEN", "people": ""}),
    ("campaign_cancelled_with_a_reason", {"state": "CANCELLED"}),
    ("campaign_draw_can_be_repeated", {"sample_size": 3, "drawn_at": "2026-09-07T00:00Z"}),
    ("campaign_opened_by_someone", {"opened_at": "2026-09-07T00:00Z"}),
]  # fmt: skip


def test_incoherent_campaign_is_impossible(land):
    campaign = planned(land)
    for constraint, facts in INCOHERENT:
        more = {"drawn_by": land.centre} if "drawn_at" in facts else {}
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Campaign.objects.filter(pk=campaign.pk).update(**facts, **more)


def test_waiting_work_is_told_to_those_who_do_it(land):
    def waits(user):
        found = {item.title: item.count for item in todo.for_scope(scope_of(user))}
        return {title: count for title, count in found.items() if "알림" not in title}

    planned(land, kind="AD_HOC", quarter=None)
    campaign = opened(land)
    assert waits(land.centre) == {"받을 조사표": 17, "시작할 현장 실태조사": 1}
    assert not {"받을 조사표", "시작할 현장 실태조사"} & waits(land.stranger).keys()
    services.close_campaign(campaign=campaign, actor=land.centre, reason="그만")
    assert waits(land.centre) == {"결과를 확정할 현장 실태조사": 1, "시작할 현장 실태조사": 1}
    assert Event.objects.filter(verb="close_campaign", region=land.sido).exists()
    assert Company.objects.count() == 17
