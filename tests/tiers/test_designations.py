"""지역혁신 선도기업: certificate numbers, terms, extension, cancellation, reports owed; and what a desk is told."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from companies.tiers import rules, services
from companies.tiers.models import CertificateIssue, LeadingDesignation, LeadingReport
from companies.tiers.todo import waiting
from portal.directory.models import Event, Holiday
from portal.directory.scope import scope_of
from portal.kernel.errors import Refusal
from portal.kernel.todo import told as counted
from tests.factories.directory import RegionFactory
from tests.tiers.factories import CaseFactory, firm

pytestmark = pytest.mark.django_db
START = date(2025, 3, 1)


def made(places, people, start=START, **more):
    facts = {"notice": "고시 제1호", "evaluation": "검증위원단", "reason": "수출 선도", "actor": people.head}
    return services.designate(
        company=firm(places.here), region=more.pop("region", places.here), start=start, **facts, **more
    )


def test_certificates_are_numbered_within_their_year(places, people):
    numbers = [made(places, people).certificate_number for _ in range(2)]
    assert numbers == ["2025-0001", "2025-0002"]
    assert made(places, people, start=date(2026, 1, 1)).certificate_number == "2026-0001"


def test_the_capital_area_does_not_designate(places, people):
    with pytest.raises(Refusal) as caught:
        made(places, people, region=RegionFactory(capital_area=True))
    assert "region" in caught.value.fields


def test_three_years_and_once_three_more(places, people):
    one = made(places, people)
    assert one.ends_on == date(2028, 3, 1)
    facts = {"designation": one, "document": "재평가", "actor": people.head}
    with pytest.raises(Refusal, match="2031-03-01"):
        services.extend_designation(**facts, until=date(2031, 3, 2))
    one = services.extend_designation(**facts, until=date(2031, 3, 1))
    assert (one.is_in_force(date(2031, 2, 28)), one.is_in_force(date(2031, 3, 1))) == (True, False)
    with pytest.raises(Refusal, match="이미 연장한"):
        services.extend_designation(**facts, until=date(2031, 3, 1))
    last = LeadingReport.objects.filter(designation=one).order_by("starts_on").last()
    assert last.half == "2031H1"


def test_half_years_of_a_term_are_owed_each_with_its_day(places, people):
    halves = [half.code for half in rules.halves(date(2025, 3, 1), date(2026, 7, 1))]
    assert halves == ["2025H1", "2025H2", "2026H1"]
    one = made(places, people)
    rows = list(one.reports.order_by("starts_on").values_list("half", "regular_due_on", "due_on"))
    saturday, monday = date(2026, 1, 31), date(2026, 2, 2)
    assert rows[:2] == [("2025H1", date(2025, 7, 31), date(2025, 7, 31)), ("2025H2", saturday, monday)]
    assert len(rows) == 7


def test_a_due_day_follows_the_holidays_until_the_report_is_handed_in(places, people):
    one = made(places, people)
    first, second = one.reports.order_by("starts_on")[:2]
    services.submit_report(
        report=second, difficulties="", demands="", results="지원", council="제1차", actor=people.staff
    )
    for day in (date(2025, 7, 31), date(2026, 2, 2)):
        Holiday.objects.create(day=day, name_ko="임시공휴일")
    assert (services.move_due_days(), services.move_due_days()) == (1, 0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.regular_due_on, first.due_on) == (date(2025, 7, 31), date(2025, 8, 1))
    assert second.due_on == date(2026, 2, 2)
    assert Event.objects.filter(verb="move_report_due_days").count() == 1


def test_a_cancellation_hears_the_firm_and_ends_what_is_owed(places, people):
    one = made(places, people)
    facts = {"designation": one, "on": date(2026, 2, 1), "ground": "CLOSED", "reason": "폐업", "actor": people.head}
    with pytest.raises(Refusal, match="의견을 적어"):
        services.cancel_designation(**facts, hearing_record=" ")
    services.cancel_designation(**facts, hearing_record="의견 없음")
    owed = LeadingReport.objects.owed().filter(designation=one).order_by("starts_on")
    assert [row.half for row in owed] == ["2025H1", "2025H2", "2026H1"]
    with pytest.raises(Refusal, match="이미 취소된"):
        services.cancel_designation(**facts, hearing_record="의견 없음")
    services.return_certificate(designation=one, on=date(2026, 2, 5), actor=people.head)
    with pytest.raises(Refusal):
        services.return_certificate(designation=one, on=date(2026, 2, 6), actor=people.head)


def test_a_certificate_is_handed_out_again_with_a_reason_while_it_holds(places, people):
    one = made(places, people, start=timezone.localdate())
    with pytest.raises(Refusal, match="재발급 사유"):
        services.reissue_certificate(designation=one, reason=" ", actor=people.head)
    services.reissue_certificate(designation=one, reason="분실", actor=people.head)
    assert [issue.reason for issue in one.issues.all()] == ["선정", "분실"]
    with pytest.raises(IntegrityError, match="certificate_issue_has_a_reason"), transaction.atomic():
        CertificateIssue.objects.create(designation=one, issued_on=START, reason="")


def test_designations_in_force_are_found_by_day(places, people):
    one = made(places, people)
    for day, there in ((START - timedelta(days=1), False), (START, True), (date(2028, 3, 1), False)):
        assert LeadingDesignation.objects.in_force_on(day).filter(pk=one.pk).exists() is there


def test_a_report_is_not_written_before_its_half_year(places, people):
    one = made(places, people, start=timezone.localdate())
    last = one.reports.order_by("starts_on").last()
    with pytest.raises(Refusal, match="아직 시작하지 않은"):
        services.submit_report(
            report=last, difficulties="", demands="", results="지원", council="제1차", actor=people.staff
        )


def test_a_desk_is_told_what_waits_for_it_and_nobody_elses(places, people):
    today = timezone.localdate()
    made(places, people, start=today - timedelta(days=400))
    CaseFactory(region=places.here)
    CaseFactory(reviewed=True, region=places.here)
    CaseFactory(region=places.there)

    def told(user):
        return {item.title: item.count for item in counted(waiting(scope_of(user)))}

    assert told(people.reviewer) == {
        "검토할 등급 심사": 1,
        "선도기업 반기 보고": told(people.staff)["선도기업 반기 보고"],
    }
    assert set(told(people.staff)) == {"선도기업 반기 보고"}
    assert told(people.head) == {"결정할 등급 심사": 1}
    assert told(people.other) == {}
    assert told(people.nobody) == {}


def test_a_late_step_waits_for_its_officer(places, people):
    today = timezone.localdate()
    plan = services.plan_strategy(
        company=firm(places.here), region=places.here, tier="POTENTIAL", goal="목표", officer=people.staff,
        start=today - timedelta(days=300), end=today - timedelta(days=1), actor=people.staff,
    )  # fmt: skip
    assert "기한이 지난 성장전략 단계" not in {item.title for item in counted(waiting(scope_of(people.staff)))}
    services.move_strategy(strategy=plan, state="ACTIVE", actor=people.staff)
    late = [item for item in counted(waiting(scope_of(people.staff))) if item.title == "기한이 지난 성장전략 단계"]
    assert late[0].count == 4
    assert not [
        item for item in counted(waiting(scope_of(people.reviewer))) if item.title == "기한이 지난 성장전략 단계"
    ]
    with pytest.raises(Refusal, match="끝나지 않은 단계"):
        services.move_strategy(strategy=plan, state="COMPLETED", result="달성", actor=people.staff)
    with pytest.raises(Refusal, match="전략 기간 안"):
        services.add_step(strategy=plan, support="MARKETING", title="전시회", due_on=today, actor=people.staff)
