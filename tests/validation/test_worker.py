"""With a real worker, its clock and a real browser: panels judged by the sweep, a rule set from draft to approval."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from crisis.enums import RoundState, RuleSetState
from crisis.models import Round, RuleSet, Run
from crisis.validation.models import BackTest, Calibration
from portal.directory.enums import Role
from tests.e2e.conftest import (  # noqa: F401  (fixtures)
    axe,
    browser_context_args,
    browser_type_launch_args,
    page,
    sign_in_as,
    worker,
)
from tests.factories.crisis import DesignationFactory
from tests.factories.directory import person
from tests.validation.bench_panel import bring_in, lines, rows_of
from tests.validation.situations import past
from tests.validation.test_back_tests import panel
from tests.validation.test_bench_rounds import PANELS
from tests.validation.test_feedback import enter, rate

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
PATIENCE = 180
SHOTS = os.environ.get("PORTAL_SHOTS")  # a folder for pictures of the pages, for whoever wants to look


def wait_for(what: str, found: Any) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.3)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["shipped-sigungu", "shipped-states"])
def test_a_panel_is_judged_by_the_worker_and_nobody_else(worker, name):  # noqa: F811
    folder, observations, expected, level, rows = PANELS[name]
    wanted = [{k: v for k, v in row.items() if k != "digest"} for row in rows_of(folder / expected)]
    rounds = bring_in(folder, observations, until=wanted[-1]["round"])
    wait_for("every round judged", lambda: not Round.objects.exclude(state=RoundState.EVALUATED).exists())
    order = [one.removeprefix("contrib_") for one in wanted[0] if one.startswith("contrib_")]
    found = []
    for one in rounds:
        found += lines(Run.objects.official().done().get(round=one), order, level)
    assert len(wanted) == rows
    assert sorted(found, key=lambda row: (row["round"], row["area"])) == wanted


@pytest.mark.slow
@pytest.mark.browser
def test_a_rule_set_from_copy_to_approval(page, live_server, worker, sign_in_as, axe, tmp_path, settings):  # noqa: F811
    made = past()
    DesignationFactory(area=made.land.sigungu[2])
    sign_in_as(person(role=Role.HQ))
    taken = []

    def look(name: str) -> None:
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            axe()
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1440, "height": 900})
        taken.append(name)

    page.goto(f"{live_server.url}{reverse('crisis:rule_set', args=[made.rule_set.version])}")
    look("rule-set")
    page.get_by_role("button", name="사본 만들기").click()
    look("editor")
    page.get_by_label("주의 문턱").fill("80")
    page.get_by_label("EXP 지표 EXP 가중치").fill("0")
    page.get_by_role("button", name="초안 저장").click()
    assert page.locator(".form-hint-invalid").count() == 2
    look("editor-faults")
    page.get_by_label("주의 문턱").fill("30")
    page.get_by_label("EXP 지표 EXP 가중치").fill("2")
    page.get_by_role("button", name="초안 저장").click()
    draft = RuleSet.objects.get(state=RuleSetState.DRAFT)
    assert draft.body["T1"] == "30"

    page.goto(f"{live_server.url}{reverse('validation:calibrations', args=[draft.version])}")
    look("calibrations")
    page.get_by_role("button", name="산정 맡기기").click()
    wait_for("the calibration", lambda: Calibration.objects.filter(state="DONE").exists())
    page.goto(
        f"{live_server.url}{reverse('validation:calibration', args=[draft.version, Calibration.objects.get().pk])}"
    )
    look("calibration")
    page.get_by_role("button", name="고른 기준점을 초안에 옮기기").click()

    page.goto(f"{live_server.url}{reverse('validation:shadow', args=[draft.version])}")
    page.get_by_role("button", name="병행 산출 시작").click()
    wait_for("the shadow", lambda: Run.objects.filter(kind="SHADOW", state="DONE").exists())
    page.goto(f"{live_server.url}{reverse('validation:shadow', args=[draft.version])}")
    look("shadow")
    page.goto(f"{live_server.url}{reverse('validation:compare')}?a={made.rule_set.version}&b={draft.version}")
    look("compare")

    page.goto(f"{live_server.url}{reverse('validation:approve', args=[draft.version])}")
    look("approve")
    page.get_by_label("적용 시작일").fill("2026-01-01")
    page.get_by_label("문서 번호").fill("지역-2026-1")
    page.get_by_label("문서 제목").fill("판정 기준 승인")
    paper = tmp_path / "승인.pdf"
    paper.write_bytes(b"%PDF-1.7")
    page.get_by_label("승인 문서 파일").set_input_files(paper)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="승인하기").click()
    if page.locator("dialog[open]").count():
        page.locator("dialog[open] button.primary").click()
    wait_for("the approval", lambda: RuleSet.objects.filter(pk=draft.pk, state=RuleSetState.APPROVED).exists())

    page.goto(f"{live_server.url}{reverse('validation:back_test_new', args=[made.rule_set.version])}")
    look("back-test-new")
    page.get_by_role("button", name="검증 맡기기").click()
    wait_for("the back-test", lambda: BackTest.objects.filter(state="DONE").exists())
    page.goto(f"{live_server.url}{reverse('validation:back_test', args=[BackTest.objects.get().pk])}")
    look("back-test")
    rate(made.result("G2"))
    scheme = enter(made.land.sido[1].region, draft.created_at.date())
    panel()
    for name, url in (
        ("measures", reverse("validation:measures", args=[made.rule_set.version])),
        ("alarms", reverse("validation:alarms")),
        ("alarm", reverse("validation:alarm", args=["2025H1", "G2"])),
        ("incidents", reverse("validation:incidents")),
        ("schemes", reverse("validation:schemes")),
        ("scheme", reverse("validation:scheme", args=[scheme.pk])),
        ("scheme-new", reverse("validation:scheme_new")),
        ("panels", reverse("validation:panels")),
        ("panel-new", reverse("validation:panel_new")),
        ("import", reverse("validation:import")),
    ):
        page.goto(f"{live_server.url}{url}")
        look(name)
    assert len(taken) == 20
