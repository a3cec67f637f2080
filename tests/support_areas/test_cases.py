"""From application to release: who may, in which order, with what on record."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from crisis.measures.sources import Wanted
from crisis.support_areas import services
from crisis.support_areas.enums import NEXT_STATES, CaseState, Ground, Initiative
from crisis.support_areas.models import InquiryMember, SupportAreaRule, SupportCase, Term, YearlyReport
from crisis.support_areas.selectors import DESIGNATED, INCENTIVE, statuses
from portal.directory.models import Holiday, Notice
from portal.kernel.dates import period
from portal.kernel.errors import ChangedMeanwhile, Refusal
from tests.factories.crisis import AreaFactory
from tests.support_areas.conftest import END, START, TODAY, answered, designated, drafted, filled, under_review


def refusal(act):
    """What the deed said no with."""
    with pytest.raises(Refusal) as fault:
        act()
    return fault.value


def test_every_state_is_in_the_table_and_can_be_reached():
    assert set(NEXT_STATES) == set(CaseState)
    reached = {state for states in NEXT_STATES.values() for state in states}
    assert set(CaseState) - reached == {CaseState.DRAFT}


def test_everything_an_application_lacks_is_told_at_once(land):
    case = drafted(land)
    told = refusal(lambda: services.submit_case(case=case, seen=case.version, actor=land.official))
    assert told.code == "application_incomplete"
    assert set(told.fields) == {
        "range_text", "production", "sales", "employment", "needed_support", "revival_plan", "places", "files",
    }  # fmt: skip


def test_another_sido_may_not_write_and_the_office_may_not_decide(land):
    case = filled(land)
    assert (
        refusal(lambda: services.submit_case(case=case, seen=case.version, actor=land.stranger)).code == "out_of_scope"
    )
    case = services.submit_case(case=case, seen=case.version, actor=land.official)
    assert (
        refusal(lambda: services.take_up_case(case=case, seen=case.version, actor=land.clerk)).code
        == "not_the_ministry"
    )


def test_of_two_writers_the_later_one_is_told(land):
    case = drafted(land)
    seen = case.version
    services.save_case(case=case, facts={"name": "첫째"}, seen=seen, actor=land.official)
    with pytest.raises(ChangedMeanwhile):
        services.save_case(case=case, facts={"name": "둘째"}, seen=seen, actor=land.official)
    assert SupportCase.objects.get().name == "첫째"


def test_places_lie_in_the_sido(land):
    from tests.factories.directory import RegionFactory

    case = drafted(land)
    elsewhere = RegionFactory(sigungu=True)
    assert (
        refusal(
            lambda: services.set_places(
                case=case, regions=[elsewhere], clusters=[], seen=case.version, actor=land.official
            )
        ).code
        == "place_elsewhere"
    )


def test_the_ministry_begins_by_itself_only_while_the_rule_allows_it(land):
    def begin():
        return services.draft_case(
            sido=land.sido, name="직권", ground=Ground.DISASTER, initiative=Initiative.OWN_MOTION, actor=land.ministry
        )

    assert refusal(begin).code == "own_motion_not_allowed"
    SupportAreaRule.objects.update(own_motion=True)
    assert begin().initiative == Initiative.OWN_MOTION


def test_designation_waits_for_the_research_body_and_every_ministry_asked(land):
    case = under_review(land)
    facts = {"starts_on": START, "ends_on": END, "support_content": "우대", "decided_on": TODAY, "reason": "급감"}

    def decide():
        return services.designate(case=case, seen=case.version, actor=land.ministry, **facts)

    told = refusal(decide)
    assert (told.code, "전문연구기관" in told.message) == ("not_ready", True)
    answered(case, land, "DESIGNATION", "RESEARCH", "MINISTRY")
    late = services.ask_opinion(
        case=case, purpose="DESIGNATION", kind="MINISTRY", body_name="고용노동부", asked_on=TODAY, due_on=TODAY,
        actor=land.ministry,
    )  # fmt: skip
    told = refusal(decide)
    assert (told.code, "고용노동부" in told.message) == ("not_ready", True)
    services.record_opinion(opinion=late, received_on=TODAY, stance="CONDITIONAL", text="", actor=land.ministry)
    facts["ends_on"] = date(2028, 3, 2)
    told = refusal(decide)
    assert (told.code, set(told.fields)) == ("term", {"ends_on"})
    facts["ends_on"] = END
    term = decide()
    assert (term.first_day, term.last_day) == (START, END)
    assert Notice.objects.filter(recipient=land.official, key__endswith="designated").exists()


def test_reports_are_owed_on_anniversaries_moved_off_days_off(land):
    Holiday.objects.create(day=date(2027, 3, 2), name_ko="시험 휴일")
    case = designated(land)
    assert list(case.reports.values_list("year", "legal_due", "due_on")) == [
        (1, date(2027, 3, 2), date(2027, 3, 3)),
        (2, date(2028, 3, 2), date(2028, 3, 2)),
    ]


def test_a_report_is_handed_in_late_sent_back_and_accepted(land, time_machine):
    case = designated(land)
    report = case.reports.get(year=1)
    time_machine.move_to("2027-03-05 10:00:00+09:00")
    assert services.remind() >= 1
    assert services.remind() == 0
    words = {"economy": "나아짐", "support_results": "10건", "local_support": "", "other": ""}
    assert (
        refusal(lambda: services.submit_report(report=report, facts=words, actor=land.stranger)).code == "out_of_scope"
    )
    report = services.submit_report(report=report, facts=words, actor=land.official)
    assert report.late
    report = services.return_report(report=report, comment="실적을 나누어 적어 주세요.", actor=land.ministry)
    report = services.submit_report(report=report, facts=words, actor=land.official)
    report = services.accept_report(report=report, actor=land.ministry)
    assert refusal(lambda: services.accept_report(report=report, actor=land.ministry)).code == "report_state"


def test_extension_is_asked_in_time_rests_on_the_inquiry_and_comes_once(land):
    case = designated(land)
    facts = {
        "requested_on": date(2028, 2, 1),
        "ends_on": date(2030, 3, 1),
        "support_content": "우대",
        "decided_on": TODAY,
    }

    def lengthen(**changes):
        case.refresh_from_db()
        return services.extend(case=case, seen=case.version, actor=land.ministry, **(facts | changes))

    assert refusal(lengthen).code == "not_ready"
    head = {"name": "단장", "affiliation": "대학", "kind": "EXPERT", "is_head": True}
    inquiry = services.form_inquiry(
        case=case, purpose="EXTENSION", formed_on=TODAY, members=[head], actor=land.ministry
    )
    services.record_findings(inquiry=inquiry, reported_on=TODAY, findings="아직 회복하지 못함", actor=land.ministry)
    assert refusal(lambda: lengthen(requested_on=date(2028, 3, 2))).code == "requested_late"
    assert refusal(lambda: lengthen(ends_on=date(2030, 3, 2))).code == "term"
    term = lengthen()
    assert (term.first_day, term.last_day) == (date(2028, 3, 2), date(2030, 3, 1))
    assert case.reports.count() == 4
    assert refusal(lengthen).code == "extended_once"


def test_an_inquiry_has_at_most_ten_and_one_expert_at_its_head(land):
    case = under_review(land)
    eleven = [{"name": f"위원{n}", "affiliation": "대학", "kind": "EXPERT", "is_head": n == 0} for n in range(11)]

    def form(members):
        return services.form_inquiry(
            case=case, purpose="DESIGNATION", formed_on=TODAY, members=members, actor=land.ministry
        )

    assert refusal(lambda: form(eleven)).code == "inquiry_too_large"
    assert refusal(lambda: form([one | {"is_head": False} for one in eleven[:3]])).code == "inquiry_head"
    inquiry = form(eleven[:10])
    for name, facts in {
        "inquiry_has_at_most_ten": {"seat": 11},
        "inquiry_seat_once": {"seat": 3},
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            InquiryMember.objects.create(inquiry=inquiry, name="더", affiliation="대학", kind="EXPERT", **facts)
    with pytest.raises(IntegrityError, match="inquiry_head_is_an_expert"), transaction.atomic():
        InquiryMember.objects.filter(inquiry=inquiry, is_head=True).update(kind="MSS")


def test_the_table_itself_refuses_more_than_two_years_and_overlap(land):
    case = designated(land)
    base = {
        "case": case,
        "support_content": "우대",
        "decided_on": TODAY,
        "decided_by": land.ministry,
        "kind": "EXTENSION",
    }
    for name, (start, end) in {
        "term_at_most_two_years": (date(2028, 3, 2), date(2030, 3, 3)),
        "term_one_at_a_time": (date(2028, 3, 1), date(2029, 3, 1)),
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Term.objects.create(effective=period(start, end), planned_until=end, **base)
    Term.objects.create(effective=period(date(2028, 3, 2), date(2030, 3, 2)), planned_until=date(2030, 3, 1), **base)


def test_release_ends_the_term_and_an_incentive_may_follow(land, time_machine):
    case = designated(land)
    time_machine.move_to("2027-06-01 10:00:00+09:00")
    facts = {
        "on": date(2027, 6, 15), "reason": "회복", "incentive": "정책자금 우대 유지", "incentive_until": date(2028, 6, 14),
    }  # fmt: skip

    def end():
        return services.release(case=case, seen=case.version, actor=land.ministry, **facts)

    assert refusal(end).code == "not_ready"
    answered(case, land, "RELEASE", "RESEARCH", "PROVINCE")
    end()
    term = case.terms.get()
    assert (term.last_day, term.cut_short) == (date(2027, 6, 14), True)
    assert list(case.reports.values_list("year", flat=True)) == [1]
    AreaFactory(region=land.city)
    known = [(one.code, one.start, one.before) for one in statuses(Wanted())]
    assert known == [
        (DESIGNATED, START, date(2027, 6, 15)),
        (INCENTIVE, date(2027, 6, 15), date(2028, 6, 15)),
    ]
    before_release = Wanted(known_at=datetime(2027, 5, 1, tzinfo=UTC))
    assert [(one.code, one.before) for one in statuses(before_release)] == [(DESIGNATED, date(2028, 3, 2))]
    assert list(statuses(Wanted(area_ids=frozenset(), cluster_ids=frozenset()))) == []


def test_a_designation_expires_by_itself_once(land, time_machine):
    case = designated(land)
    assert services.expire_due() == 0
    time_machine.move_to("2028-03-02 10:00:00+09:00")
    assert services.expire_due() == 1
    assert services.expire_due() == 0
    case.refresh_from_db()
    assert case.state == CaseState.EXPIRED


def test_the_same_proof_is_kept_once(land):
    case = filled(land)
    again = SimpleUploadedFile("증빙 2.pdf", b"%PDF-1.4 proof")
    assert (
        refusal(lambda: services.attach_file(case=case, title="또", file=again, actor=land.official)).code
        == "file_twice"
    )


def test_reports_say_something(land):
    case = designated(land)
    with pytest.raises(IntegrityError, match="yearly_report_handed_in_with_words"), transaction.atomic():
        YearlyReport.objects.filter(case=case, year=1).update(state="SUBMITTED")
