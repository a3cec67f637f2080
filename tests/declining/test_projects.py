"""A fund project through its whole life; what the books refuse."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from crisis.declining import services, todo
from crisis.declining.enums import ProjectState, ReportState
from crisis.declining.models import FundProject, ProjectMoney
from portal.directory.models import Event, Notice
from portal.directory.scope import scope_of
from portal.kernel.errors import ChangedMeanwhile, Refusal
from portal.kernel.todo import told
from tests.declining.conftest import (
    MONEY,
    agreed,
    drafted,
    filled,
    looked_at,
    reported,
    reviewed,
    running,
    submitted,
)
from tests.factories.companies import CompanyFactory
from tests.factories.declining import FundProjectFactory

pytestmark = pytest.mark.django_db


def titles(user):
    return {item.title: item for item in told(todo.waiting(scope_of(user)))}


def test_a_project_from_the_draft_to_its_end(land, clock):
    row = drafted(land)
    assert (row.code, row.year, row.state) == ("FP-2024-001", 2024, ProjectState.DRAFT)
    with pytest.raises(Refusal) as lacking:
        services.submit_project(project=row, seen=row.version, actor=land.hall)
    assert set(lacking.value.fields) == {"purpose", "plan", "money", "supports", "indicators"}
    row = submitted(land, name="둘째")
    assert "함께 검토할 기금 연계 사업" in titles(land.ministry)
    with pytest.raises(Refusal, match=r"행정안전부\(기금\)의 검토 의견이 없습니다"):
        services.agree_project(project=row, amounts={}, seen=row.version, actor=land.ministry)
    row = services.return_project(project=row, comment="효과를 적을 것", seen=row.version, actor=land.ministry)
    assert Notice.objects.filter(recipient=land.hall, kind="fund_project_returned").exists()
    assert titles(land.hall)["보완할 기금 연계 사업"].count == 1
    row = services.submit_project(project=row, seen=row.version, actor=land.hall)
    assert (row.submission, row.return_comment) == (2, "")
    row = looked_at(row, land)
    row = services.agree_project(project=row, amounts={}, seen=row.version, actor=land.ministry)
    assert sum(one.agreed for one in row.money.all()) == 2_510_000_000
    row = services.start_project(project=row, seen=row.version, actor=land.hall)
    clock(2024, 8, 5)
    first, second = row.reports.order_by("half")
    paper = SimpleUploadedFile("준공.pdf", b"%PDF-1.4")
    services.attach_evidence(report=first, file=paper, note="준공", actor=land.hall)
    jobs = row.indicators.get(kind="JOBS")
    first = reported(first, land, spent={"MOIS": 1_000_000_000, "MSS": 0}, values={jobs.pk: Decimal(12)})
    assert (first.state, first.late) == (ReportState.SUBMITTED, True)
    assert row.money.get(ministry="MOIS").executed == 1_000_000_000
    services.accept_report(report=first, seen=first.version, actor=land.ministry)
    with pytest.raises(Refusal, match="확인하지 않은 반기 보고가 1건"):
        services.close_project(project=row, result="끝", seen=row.version, actor=land.ministry)
    clock(2025, 1, 10)
    second = reported(second, land, spent={"MOIS": 1_080_000_000, "MSS": 430_000_000})
    services.accept_report(report=second, seen=second.version, actor=land.ministry)
    row = services.close_project(project=row, result="30명 고용", seen=row.version, actor=land.ministry)
    assert (row.state, row.closed_by) == (ProjectState.CLOSED, land.ministry)
    verbs = set(Event.objects.filter(subject_label="둘째").values_list("verb", flat=True))
    assert verbs >= {"draft_fund_project", "submit_fund_project", "agree_fund_project", "close_fund_project"}


def test_a_ministry_that_wants_it_mended_stops_the_agreement(land):
    row = reviewed(land, ("AGREE", "REVISE"))
    with pytest.raises(Refusal, match="보완이 필요하다고"):
        services.agree_project(project=row, amounts={}, seen=row.version, actor=land.ministry)


def test_the_bonus_is_the_interior_ministrys_and_has_grounds(land):
    row = submitted(land)
    given = {"comment": "", "given_on": date(2024, 2, 1), "seen": row.version, "actor": land.ministry}
    with pytest.raises(Refusal) as wrong:
        services.record_review(project=row, ministry="MSS", stance="REVISE", bonus_points=Decimal(3), **given)
    assert set(wrong.value.fields) == {"comment", "bonus_points", "bonus_note"}
    services.record_review(
        project=row, ministry="MOIS", stance="AGREE", bonus_points=Decimal(3), bonus_note="연계 가점", **given
    )
    row.refresh_from_db()
    assert (row.bonus_points, row.bonus_note) == (3, "연계 가점")


def test_nobody_spends_more_than_was_agreed(land, clock):
    row = running(land)
    clock(2024, 7, 10)
    first, second = row.reports.order_by("half")
    reported(first, land, spent={"MOIS": 2_000_000_000})
    with pytest.raises(Refusal, match="20,000,000원 많습니다") as over:
        reported(second, land, spent={"MOIS": 100_000_000, "MSS": 430_000_001})
    assert len(over.value.fields) == 2, "each purse is told"
    second.refresh_from_db()
    assert (second.state, row.money.get(ministry="MOIS").executed) == (ReportState.OWED, 2_000_000_000)
    mois = row.money.get(ministry="MOIS")
    with pytest.raises(Refusal, match="이미 2,000,000,000원을 집행"):
        services.change_money(project=row, amounts={mois.pk: 1}, reason="감액", seen=row.version, actor=land.ministry)
    with pytest.raises(IntegrityError, match="project_money_not_overspent"), transaction.atomic():
        ProjectMoney.objects.filter(pk=mois.pk).update(executed=2_080_000_001)


def test_what_was_spent_does_not_count_while_a_report_is_sent_back(land, clock):
    row = running(land)
    clock(2024, 7, 10)
    first = reported(row.reports.earliest("half"), land)
    first = services.return_report(report=first, comment="증빙", seen=first.version, actor=land.ministry)
    assert row.money.get(ministry="MOIS").executed == 0
    first = reported(first, land, spent={"MOIS": 5})
    assert row.money.get(ministry="MOIS").executed == 5


def test_reports_are_due_a_month_after_the_half_on_a_working_day_and_told_when_late(land, clock):
    row = running(land)
    dues = [(one.legal_due, one.due_on, one.text) for one in row.reports.order_by("half")]
    # 2025-01-31 is a holiday here, the two days after it a weekend.
    assert dues == [(date(2024, 7, 31), date(2024, 7, 31), "2024H1"), (date(2025, 1, 31), date(2025, 2, 3), "2024H2")]
    clock(2024, 7, 18)
    assert services.remind() == 2, "the 군 and its 시·도 are told that it is due soon"
    clock(2024, 8, 1)
    assert (services.remind(), services.remind()) == (2, 0)
    assert titles(land.hall)["기금 연계 사업 반기 보고"].due == date(2024, 7, 31)
    reported(row.reports.earliest("half"), land)
    assert not Notice.objects.filter(kind="fund_report_late", settled_at=None).exists()


def test_only_its_own_government_writes_and_only_the_ministry_agrees(land):
    row = filled(land)
    for person in (land.stranger, land.ministry, land.clerk):
        with pytest.raises(Refusal, match="권한이 없습니다"):
            services.submit_project(project=row, seen=row.version, actor=person)
    row = services.submit_project(project=row, seen=row.version, actor=land.hall)
    with pytest.raises(Refusal, match="본부 담당자만"):
        services.return_project(project=row, comment="x", seen=row.version, actor=land.sido)
    with pytest.raises(Refusal, match="내용은 고칠 수 없습니다"):
        services.set_money(project=row, rows=[], seen=row.version, actor=land.hall)


def test_who_saved_second_is_told(land):
    row = drafted(land)
    services.save_project(project=row, facts={"purpose": "하나"}, seen=row.version, actor=land.hall)
    with pytest.raises(ChangedMeanwhile):
        services.save_project(project=row, facts={"purpose": "둘"}, seen=row.version, actor=land.sido)


def test_money_of_other_years_and_twice_is_told_line_by_line(land):
    row = drafted(land)
    rows = [*MONEY, MONEY[0], {"ministry": "MSS", "year": 2031, "planned": 1}]
    with pytest.raises(Refusal) as wrong:
        services.set_money(project=row, rows=rows, seen=row.version, actor=land.hall)
    assert set(wrong.value.fields) == {"m2_ministry", "m3_year"}


def test_a_firm_is_linked_once_for_each_support_and_only_one_the_writer_sees(land):
    row = agreed(land)
    near, far = CompanyFactory(in_region=land.county), CompanyFactory(in_region=land.far)
    link = {"project": row, "kind": "TRAINING", "note": "협약", "actor": land.hall}
    firm = services.link_project_firm(company=near, **link)
    with pytest.raises(ValidationError, match="이미 연결되어"):
        services.link_project_firm(company=near, **link)
    with pytest.raises(Refusal, match="관할 밖"):
        services.link_project_firm(company=far, **link)
    services.unlink_project_firm(firm=firm, actor=land.hall)
    assert not row.firms.exists()


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("fund_project_ends_after_it_starts", {"ends_on": date(2023, 12, 31)}),
        ("fund_project_starts_in_its_year", {"year": 2023}),
        ("fund_project_state_matches_agreement", {"state": "AGREED"}),
        ("fund_project_returned_with_a_comment", {"state": "RETURNED"}),
        ("fund_project_bonus_has_grounds", {"bonus_points": 3}),
        ("fund_project_closed_by_someone", {"closed_at": "2024-02-01T00:00:00Z"}),
    ],
)
def test_an_incoherent_project_is_impossible(constraint, facts):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        FundProjectFactory(**facts)


def test_a_project_of_the_same_name_in_the_same_year_is_one(land):
    drafted(land)
    with pytest.raises(ValidationError, match="같은 이름의 사업"):
        drafted(land)
    assert FundProject.objects.count() == 1
