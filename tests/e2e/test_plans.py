"""Prevention plans and preferential measures as officials see them: wide and narrow, no fault to axe."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.models import WorkplaceCluster
from crisis.enums import Stage
from crisis.measures.loaders import load_measures
from crisis.plans import services
from crisis.plans.loaders import load_plan_terms
from crisis.plans.models import QuarterlyReport
from crisis.plans.rules import quarter_text
from tests.e2e.conftest import PICTURES
from tests.factories.companies import CompanyFactory, WorkplaceFactory
from tests.plans.conftest import people, places  # noqa: F401 - fixtures
from tests.plans.situations import alarm, approved, fresh, reported, submitted

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_every_page_of_plans_and_measures_can_be_read_by_everyone(
    page,
    live_server,
    axe,
    looked_at,
    sign_in_as,
    places,  # noqa: F811 - a fixture
    people,  # noqa: F811 - a fixture
    settings,
    tmp_path,
):
    settings.MEDIA_ROOT = tmp_path
    load_measures()
    load_plan_terms()
    today = timezone.localdate()
    site = WorkplaceFactory(company=CompanyFactory(), region=places.near)
    assert not WorkplaceCluster.objects.exists()
    running = approved([alarm(places.mine, start=today)], people, start=today - timedelta(days=200))
    rows = QuarterlyReport.objects.order_by("quarter")
    done = reported(rows[0], people.writer)
    done = services.check_report(
        report=done, finding="DIFFERS", note="2건만 확인", seen=done.version, actor=people.centre
    )
    services.rate_report(report=done, rating="POOR", note="실적 부풀림", seen=done.version, actor=people.ministry)
    plan = submitted([alarm(places.beside, Stage.SEVERE, start=today)], people.writer, start=today)
    services.comment_on(
        plan=plan, measure=plan.measures.get(), field="budget", text="도비를 넣을 것", actor=people.office
    )

    sign_in_as(people.office)
    looked_at("plan_review", reverse("plans:plan", args=[plan.code]))
    looked_at("plan_return", reverse("plans:plan_deed", args=[plan.code, "return"]))
    services.return_plan(plan=plan, comment="", seen=fresh(plan).version, actor=people.office)
    sign_in_as(people.writer)
    for name, url in (
        ("plans", reverse("plans:plans")),
        ("obligations", reverse("plans:obligations")),
        ("reports", reverse("plans:reports")),
        ("status", reverse("plans:status")),
        ("plan_new", reverse("plans:plan_new")),
        ("plan_returned", reverse("plans:plan", args=[plan.code])),
        ("plan_edit", reverse("plans:plan_edit", args=[plan.code])),
        ("plan_areas", reverse("plans:plan_areas", args=[plan.code])),
        ("measure_edit", reverse("plans:measure", args=[plan.code, 1])),
        ("measure_drop", reverse("plans:measure_drop", args=[plan.code, 1])),
        ("plan_running", reverse("plans:plan", args=[running.code])),
        ("report_write", reverse("plans:report", args=[running.code, 1, quarter_text(rows[1].quarter)])),
        ("report_rated", reverse("plans:report", args=[running.code, 1, quarter_text(rows[0].quarter)])),
    ):
        looked_at(name, url)

    sign_in_as(people.ministry)
    for name, url in (
        ("measures", reverse("measures:measures")),
        ("measure_detail", reverse("measures:measure", args=["KOSME-LEAP"])),
        ("measure_change", reverse("measures:measure_change", args=["KOSME-LEAP"])),
        ("measure_end", reverse("measures:measure_end", args=["KOSME-LEAP"])),
        ("entitled_areas", reverse("measures:areas")),
        ("check", reverse("measures:check")),
    ):
        looked_at(name, url)
    page.get_by_label("사업자등록번호").fill(f"{site.business_number}\n1111111119")
    page.get_by_role("button", name="확인", exact=True).click()
    page.get_by_text("대상 아님").wait_for()
    axe()
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "check_answer_390.png", full_page=True)
