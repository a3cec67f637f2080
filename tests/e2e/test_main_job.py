"""The main job once, as people do it: a file comes in, a worker judges, a council decides, HQ sees, a system fetches."""

import json
import os
import time
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from crisis.enums import RunKind, RunState, Stage
from crisis.models import Observation, Round, Run
from portal.directory.enums import Role
from portal.directory.services import issue_client_token
from tests.crisis.panels import country
from tests.factories.directory import MembershipFactory, OrganizationFactory, UserFactory, person
from tests.factories.network import CouncilFactory

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.django_db(transaction=True)]

PATIENCE = int(os.environ.get("E2E_PATIENCE", "90"))


def wait_for(what: str, found: Any) -> Any:
    """Ask again and again until there is an answer; fail with `what` was waited for."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = found()
        if answer:
            return answer
        time.sleep(0.3)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


def fallen_figures(folder: Path, area: Any) -> Path:
    """A cp949 file in which the area's exports of the last year are halved."""
    rows = ["지역코드,지표코드,기간,값,단위,구분"]
    latest = Observation.objects.filter(area=area, indicator__code="EXP").order_by("-period")[:12]
    rows += [f"{area.code},EXP,{row.period:%Y-%m},{row.value / 2:.0f},{row.unit},확정" for row in latest]
    path = folder / "6월 수출.csv"
    path.write_bytes("\r\n".join(rows).encode("cp949"))
    return path


def fetch(url: str, key: str) -> dict[str, Any]:
    request = urllib.request.Request(url, headers={"Authorization": f"Token {key}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def test_the_main_job(page, live_server, worker, sign_in_as, axe, tmp_path):
    land = country()
    Round.objects.filter(pk=land.round.pk).update(cutoff=timezone.now() + timedelta(days=1))
    area = land.sigungu[0]  # its figures are good until the file comes in
    office = OrganizationFactory(of_region=land.sido[0].region)
    CouncilFactory(organization=office, seats=9)
    staff, head = person(organization=office), person(role=Role.OFFICE_HEAD, organization=office)

    # A file comes in: read, previewed, committed by a worker.
    sign_in_as(staff)
    page.goto(f"{live_server.url}/uploads/new/")
    axe()
    page.get_by_label("자료 종류").select_option("observations")
    page.locator("input[type=file]").set_input_files(fallen_figures(tmp_path, area))
    page.get_by_role("button", name="올리고 확인하기").click()
    page.get_by_role("button", name="반영하기").wait_for(timeout=PATIENCE * 1000)
    axe()
    page.get_by_role("button", name="반영하기").click()
    page.get_by_text("반영했습니다").first.wait_for(timeout=PATIENCE * 1000)

    # A worker judges: a preview before the cut-off, the official run after it, started by the clock.
    wait_for("a preview", lambda: Run.objects.done().filter(kind=RunKind.PRELIMINARY).exists())
    page.goto(f"{live_server.url}/board/?round={land.round.code}")
    page.get_by_text("미리보기").first.wait_for()
    Round.objects.filter(pk=land.round.pk).update(cutoff=timezone.now())
    run = wait_for("the official run", lambda: Run.objects.official().filter(state=RunState.DONE).first())
    assert run.results.get(area=area).model_stage == Stage.SEVERE

    # A council decides: staff prepares, departs for one area with a reason, the head records the vote.
    page.goto(f"{live_server.url}/crisis/meetings/new/")
    axe()
    page.get_by_role("button", name="저장").click()
    for box in page.locator("input[name=present]").all():
        box.check(force=True)  # its label lies over it, as for a mouse
    page.get_by_role("button", name="개의하기").click()
    page.get_by_role("button", name="이 회차의 제안을 안건으로 올리기").click()
    axe()
    page.get_by_role("link", name=f"{area.name} 결정안 바꾸기").click()
    page.get_by_label("주의", exact=True).check(force=True)
    page.get_by_label("사유 코드").select_option("RECOVERY_CONFIRMED")
    page.get_by_label("사유", exact=True).fill("7월 수주 계약을 확인함")
    axe()
    page.get_by_role("button", name="결정안 저장").click()
    meeting = page.url
    sign_in_as(head)
    page.goto(meeting)
    page.on("dialog", lambda dialog: dialog.accept())
    for _ in range(2):
        page.get_by_role("button", name="표결 결과 확정").first.click()
        page.wait_for_load_state()
    page.get_by_text("가결").nth(1).wait_for()

    # HQ sees it on the board; the stage decided stands beside the stage computed.
    sign_in_as(person(role=Role.HQ))
    page.goto(f"{live_server.url}/board/?round={land.round.code}")
    row = page.get_by_role("row").filter(has_text=area.region.name_ko).first
    row.wait_for()
    assert "심각" in row.inner_text()
    assert "주의" in row.inner_text()
    axe()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/board/?round={land.round.code}")
    axe()
    page.goto(f"{live_server.url}/board/areas/{area.code}/?round={land.round.code}")
    page.get_by_text("7월 수주 계약을 확인함").first.wait_for()
    axe()

    # A municipal system fetches it by REST.
    system = UserFactory()
    town = OrganizationFactory(municipality=True, of_region=area.region)
    MembershipFactory(user=system, organization=town, role=Role.API_CLIENT)
    _, key = issue_client_token(user=system, name="e2e", expires_at=None, actor=None)
    decided = fetch(f"{live_server.url}/api/v1/determinations/?area={area.code}", key)
    assert [(row["stage"], row["model_stage"]) for row in decided["results"]] == [(Stage.CAUTION, Stage.SEVERE)]
    others = fetch(f"{live_server.url}/api/v1/determinations/", key)
    assert others["count"] == 1 if "count" in others else len(others["results"]) == 1
