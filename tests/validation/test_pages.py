"""Pages of rule sets, alarms and local levels: who sees them, what they cost, what they do."""

from copy import deepcopy
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crisis.enums import RuleSetState
from crisis.models import RuleSet
from crisis.validation import services, tasks
from crisis.validation.enums import EventKind
from crisis.validation.models import AlarmRating, BackTest, Calibration, Incident, LocalScheme, Panel
from portal.directory.enums import Role
from tests.factories.crisis import DesignationFactory, IndicatorFactory
from tests.factories.directory import OrganizationFactory, UserFactory, person
from tests.validation.situations import draft, past
from tests.validation.test_back_tests import panel
from tests.validation.test_feedback import enter, rate
from tests.validation.test_rule_sets import walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def made():
    return past()


@pytest.fixture
def hq(client):
    user = person(role=Role.HQ)
    client.force_login(user)
    return user


def measured(rule_set, **facts):
    found = services.start_back_test(rule_set=rule_set, actor=UserFactory(), **{"level": "SIGUNGU", **facts})
    tasks.run_back_test.run(job_id=found.job_id)
    return found


def addresses(made):
    version = made.rule_set.version
    DesignationFactory(area=made.land.sigungu[2], start=date(2025, 10, 1))
    services.join_due(today=date(2027, 3, 1))
    rate(made.result("G2"))
    event = services.document_incident(
        area=made.land.sigungu[2], kind=EventKind.CLOSURE, occurred_on=date(2025, 9, 1), title="공장 폐쇄",
        source="현장 확인", actor=UserFactory(),
    )  # fmt: skip
    scheme = enter(made.land.sido[1].region, date(2025, 1, 1))
    panel()
    return {
        "measures": reverse("validation:measures", args=[version]),
        "back_test": reverse("validation:back_test", args=[measured(made.rule_set).pk]),
        "calibrations": reverse("validation:calibrations", args=[version]),
        "shadow": reverse("validation:shadow", args=[version]),
        "compare": reverse("validation:compare") + f"?a={version}&b={draft('OTHER', T1='35').version}",
        "panels": reverse("validation:panels"),
        "alarms": reverse("validation:alarms"),
        "incidents": reverse("validation:incidents"),
        "schemes": reverse("validation:schemes"),
        "scheme": reverse("validation:scheme", args=[scheme.pk]),
        "alarm": reverse("validation:alarm", args=["2025H1", "G2"]),
        "incident": reverse("validation:incident", args=[event.pk]),
        "rule_set": reverse("crisis:rule_set", args=[version]),
        "rule_sets": reverse("crisis:rule_sets"),
    }


def test_reading_pages_meet_four_people(client, made):
    pages = addresses(made)
    of_the_place = {"alarm", "incident"}
    for name, url in pages.items():
        client.logout()
        assert client.get(url).status_code == 302, name
    for user, status in (
        (UserFactory(), lambda name: 403),
        (person(region=made.land.sido[1].region), lambda name: 200),
        (person(region=made.land.sido[0].region), lambda name: 404 if name in of_the_place else 200),
        (person(role=Role.HQ), lambda name: 200),
    ):
        client.force_login(user)
        for name, url in pages.items():
            assert client.get(url).status_code == status(name), (name, user)


WRITING = ["edit", "approve", "back_test_new"]


@pytest.mark.parametrize("page", WRITING)
def test_only_the_ministry_changes_rule_sets(client, made, page):
    url = reverse(f"validation:{page}", args=[draft().version])
    client.force_login(person(region=made.land.sido[0].region))
    assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)
    for name in ("copy", "shadow", "calibrations"):
        assert client.post(reverse(f"validation:{name}", args=["DRAFT-1"])).status_code == 403
    for name in ("import", "panel_new"):
        assert client.get(reverse(f"validation:{name}")).status_code == 403
    client.force_login(person(role=Role.HQ))
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("many", [1, 3])
def test_lists_cost_the_same_for_any_number(client, hq, made, many, django_assert_max_num_queries):
    for number in range(many):
        measured(made.rule_set)
        panel()
        enter(made.land.sido[1].region, date(2020 + number, 1, 1))
        rate(made.result("G2"))
        services.document_incident(
            area=made.land.sigungu[2], kind=EventKind.CLOSURE, occurred_on=date(2025, 9, 1), title="공장 폐쇄",
            source="현장 확인", actor=UserFactory(),
        )  # fmt: skip
    services.join_due(today=date(2027, 3, 1))
    version = made.rule_set.version
    for url, most in (
        (reverse("validation:measures", args=[version]), 12),
        (reverse("validation:panels"), 7),
        (reverse("validation:schemes"), 8),
        (reverse("validation:alarms"), 9),
        (reverse("validation:incidents"), 8),
        (reverse("validation:alarm", args=["2025H1", "G2"]), 11),
    ):
        client.get(url)  # what waits for the reader is counted once in half a minute
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


# --- the editor -------------------------------------------------------------------------------------------------------
def posted(form):
    """What a browser would send of an editor as it stands."""
    data = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, bool):
            if value:
                data[bound.html_name] = "on"
        elif value is not None:
            data[bound.html_name] = value
    return data


def editor(client, rule_set, **changes):
    url = reverse("validation:edit", args=[rule_set.version])
    data = posted(client.get(url).context["form"]) | changes
    return client.post(url, {name: value for name, value in data.items() if value is not None})


def test_an_editor_saved_unchanged_changes_nothing(client, hq):
    found = draft()
    assert editor(client, found).status_code == 302
    edited = RuleSet.objects.get(pk=found.pk)
    from crisis.validation.rules.differences import differences

    assert differences(found.body, edited.body) == []


def test_figures_are_edited_and_indicators_switched_off_and_on_again(client, hq):
    found = draft()
    answer = editor(
        client, found, T1="35", momentum="0.25", EXP__weight="2", EXP__anchors_abs="△1 / 6 / 12", EXP__credibility_k="60",
        POP__on=None, version="DRAFT-9", note="인구를 뺌",
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    found.refresh_from_db()
    body = found.body
    assert (found.version, body["version"], body["T1"], body["momentum"]) == ("DRAFT-9", "DRAFT-9", "35", "0.25")
    assert body["indicators"]["EXP"]["anchors_abs"] == ["-1", "6", "12"]
    assert (list(body["indicators"]), body["order"], list(body["switched_off"])) == (["EXP"], ["EXP"], ["POP"])
    assert found.parsed.order == ("EXP",)
    page = client.get(reverse("crisis:rule_set", args=["DRAFT-9"])).content.decode()
    assert "꺼 둔 지표: POP" in page
    assert editor(client, found, POP__on="on").status_code == 302
    found.refresh_from_db()
    assert (found.body["order"], "switched_off" in found.body) == (["EXP", "POP"], False)


def test_every_fault_stands_at_its_field_at_once(client, hq):
    answer = editor(
        client, draft(), T1="80", hysteresis="x", EXP__weight="0", EXP__anchors_rel="5 / 1", POP__anchors_abs="3 / 2 / 1",
        grades__A="", dimensions__SALES="-1", version="",
    )  # fmt: skip
    errors = answer.context["form"].errors
    assert answer.status_code == 422
    assert set(errors) == {
        "version", "T2", "hysteresis", "EXP__weight", "EXP__anchors_rel", "POP__anchors_abs", "grades__A",
        "dimensions__SALES",
    }  # fmt: skip


def test_all_indicators_off_is_told_above_the_form(client, hq):
    answer = editor(client, draft(), EXP__on=None, POP__on=None)
    assert "지표" in " ".join(answer.context["form"].non_field_errors())


def test_a_taken_version_and_a_stale_editor_are_refused(client, hq):
    draft("TAKEN", T1="20")
    found = draft()
    assert "version" in editor(client, found, version="TAKEN").context["form"].errors
    stale = posted(client.get(reverse("validation:edit", args=["DRAFT-1"])).context["form"])
    assert editor(client, found, T1="31").status_code == 302
    answer = client.post(reverse("validation:edit", args=["DRAFT-1"]), stale | {"T1": "32"})
    assert "다른 사람" in " ".join(answer.context["form"].non_field_errors())


def test_an_indicator_of_the_catalogue_is_added_switched_off(client, hq):
    IndicatorFactory(code="CLAIMS", name_ko="구직급여", kind="RATE", direction=1, unit="%")
    found = draft()
    assert editor(client, found, add_indicator="CLAIMS", add_dimension="OTHER").status_code == 302
    found.refresh_from_db()
    added = found.body["switched_off"]["CLAIMS"]
    assert (added["kind"], added["direction"], added["dimension"]) == ("RATE", 1, "OTHER")
    assert editor(client, found, CLAIMS__on="on", CLAIMS__anchors_abs="0 / 1 / 2").status_code == 302
    found.refresh_from_db()
    assert found.body["order"] == ["EXP", "POP", "CLAIMS"]


def test_an_approved_rule_set_has_no_editor(client, hq, made):
    version = made.rule_set.version
    assert client.get(reverse("validation:edit", args=[version])).status_code == 302
    copied = client.post(reverse("validation:copy", args=[version]))
    assert copied.url == reverse("validation:edit", args=[f"{version}-2"])


def test_two_sets_side_by_side_show_only_what_differs(client, hq):
    left, right = draft("LEFT"), draft("RIGHT", T1="35.0", T2="70.0", momentum="0.50")
    rows = client.get(reverse("validation:compare"), {"a": left.version, "b": right.version}).context["rows"]
    assert [(word, a, b) for _, _, word, a, b in rows] == [("주의 문턱", "40", "35.0")]
    body = deepcopy(left.body)
    del body["indicators"]["POP"]
    other = draft("OTHER", indicators=body["indicators"], order=["EXP"])
    rows = client.get(reverse("validation:compare"), {"a": left.version, "b": other.version}).context["rows"]
    assert [(code, word, a, b) for code, _, word, a, b in rows] == [("POP", "지표 사용", "○", "–")]


def test_a_draft_is_approved_with_its_paper_in_the_browser_order(client, hq, made):
    found = draft(T1="30")
    assert client.post(reverse("validation:shadow", args=["DRAFT-1"])).status_code == 302
    running = client.get(reverse("validation:shadow", args=["DRAFT-1"]))
    assert running.context["running"] is True
    walk(running.context["run"])
    seen = client.get(reverse("validation:shadow", args=["DRAFT-1"]))
    assert [matrix.total for matrix in seen.context["matrices"]] == [1, 2, 4]
    url = reverse("validation:approve", args=["DRAFT-1"])
    paper = {"number": "지역-1", "title": "승인", "file": SimpleUploadedFile("승인.pdf", b"%PDF")}
    refused = client.post(url, paper | {"start": "2025-05-01"})
    assert (refused.status_code, "start" in refused.context["form"].errors) == (422, True)
    paper["file"].seek(0)
    assert client.post(url, paper | {"start": "2026-01-01"}).status_code == 302
    found.refresh_from_db()
    assert found.state == RuleSetState.APPROVED
    answer = client.get(reverse("validation:document", args=["DRAFT-1"]))
    assert b"".join(answer.streaming_content) == b"%PDF"
    client.force_login(person(role=Role.COUNCIL_MEMBER, region=made.land.sido[0].region))
    assert client.get(reverse("validation:document", args=["DRAFT-1"])).status_code == 403


def test_anchors_are_calibrated_and_taken_by_a_click(client, hq, made):
    found = draft()
    url = reverse("validation:calibrations", args=["DRAFT-1"])
    data = {"source": "STORED", "level": "SIGUNGU", "first_round": "2024H2", "last_round": "2025H1", "step": "0.5"}
    assert client.post(url, data).status_code == 302
    calibration = Calibration.objects.get()
    tasks.calibrate.run(job_id=calibration.job_id)
    page = reverse("validation:calibration", args=["DRAFT-1", calibration.pk])
    assert client.get(page).context["may_take"] is True
    assert client.post(page, {"take": ["EXP.anchors_abs"]}).url == reverse("validation:edit", args=["DRAFT-1"])
    found.refresh_from_db()
    assert found.body["indicators"]["EXP"]["anchors_abs"] != ["0", "5", "10"]


def test_a_panel_and_a_back_test_are_asked_for_in_the_browser_order(client, hq, made):
    files = {
        name: SimpleUploadedFile(f"{name}.csv", f"{name}\n".encode())
        for name in ("areas", "observations", "rounds", "labels")
    }
    data = {"title": "시험 자료", "source": "시험", "level": "SIGUNGU"}
    assert client.post(reverse("validation:panel_new"), data).status_code == 422
    assert client.post(reverse("validation:panel_new"), data | files).status_code == 302
    url = reverse("validation:back_test_new", args=[made.rule_set.version])
    answer = client.post(url, {"panel": Panel.objects.get().pk, "level": "SIGUNGU", "horizon": "12"})
    found = BackTest.objects.get()
    assert answer.url == reverse("job", args=[found.job_id])
    tasks.run_back_test.run(job_id=found.job_id)
    page = client.get(reverse("validation:back_test", args=[found.pk])).content.decode()
    assert "areas.csv 1행" in page


def test_small_counts_are_told_honestly(client, hq, made):
    DesignationFactory(area=made.land.sigungu[2], start=date(2025, 10, 1))
    page = client.get(reverse("validation:back_test", args=[measured(made.rule_set).pk])).content.decode()
    assert "사례로만" in page


# --- alarms and events ------------------------------------------------------------------------------------------------
def test_an_officer_rates_an_alarm_of_the_own_region_and_nobody_elses(client, made):
    office = OrganizationFactory(of_region=made.land.sido[1].region)
    client.force_login(person(organization=office))
    url = reverse("validation:alarm", args=["2025H1", "G2"])
    assert client.post(url, {"useful": "yes", "reason": "TOO_LATE"}).status_code == 422
    assert client.post(url, {"useful": "yes", "reason": "EARLY"}).status_code == 302
    assert AlarmRating.objects.get().organization == office
    assert client.post(reverse("validation:alarm", args=["2025H1", "G1"]), {"useful": "yes"}).status_code == 404
    client.force_login(person(role=Role.HQ))
    assert client.post(url, {"useful": "yes", "reason": "EARLY"}).status_code == 403
    rows = client.get(reverse("validation:alarms"), {"round": "2025H1"}).context["page"]
    assert {row.area.code: row.rated_useful for row in rows} == {"G1": None, "G2": True}


def test_what_is_not_rated_yet_is_found(client, made):
    office = OrganizationFactory(of_region=made.land.sido[1].region)
    client.force_login(person(organization=office))
    url = reverse("validation:alarms")
    assert len(client.get(url, {"rated": "no"}).context["page"]) == 2
    rate(made.result("G2"), body=office)
    assert len(client.get(url, {"rated": "no"}).context["page"]) == 1
    assert len(client.get(url, {"rated": "yes"}).context["page"]) == 1


def test_an_event_is_documented_for_the_own_region_and_taken_back(client, made):
    client.force_login(person(region=made.land.sido[1].region))
    url = reverse("validation:incident_new")
    data = {"kind": "CLOSURE", "occurred_on": "2025-09-01", "title": "공장 폐쇄", "source": "현장 확인"}
    assert "area" in client.post(url, data | {"area": "G1"}).context["form"].errors
    assert client.post(url, data | {"area": "G2"}).status_code == 302
    event = Incident.objects.get()
    page = reverse("validation:incident", args=[event.pk])
    assert client.post(page, {"reason": ""}).status_code == 422
    client.force_login(person(region=made.land.sido[0].region))
    assert client.post(page, {"reason": "남의 일"}).status_code == 404
    client.force_login(person(region=made.land.sido[1].region))
    assert client.post(page, {"reason": "착오"}).status_code == 302
    event.refresh_from_db()
    assert event.withdrawn_reason == "착오"


def test_a_table_of_local_levels_is_entered_by_the_office_of_the_place(client, made):
    home = made.land.sido[1].region
    client.force_login(person(region=home))
    url = reverse("validation:scheme_new")
    data = {"region": home.code, "title": "다섯 단계", "document": "지침", "start": "2025-01-01"}
    for number, (name, stage, lowest) in enumerate(
        [("양호", "GOOD", ""), ("주의", "CAUTION", ""), ("경고", "CAUTION", "55"), ("심각", "SEVERE", "")], start=1
    ):
        data |= {f"name_{number}": name, f"stage_{number}": stage, f"lowest_{number}": lowest}
    assert client.post(url, data | {"lowest_2": "41"}).status_code == 422
    other = made.land.sido[0].region
    assert "region" in client.post(url, data | {"region": other.code}).context["form"].errors
    assert client.post(url, data).status_code == 302
    found = LocalScheme.objects.get()
    page = client.get(reverse("validation:scheme", args=[found.pk]))
    assert [(row.area.code, level.name) for row, level in page.context["areas"]] == [("G2", "심각"), ("G3", "양호")]
    client.force_login(person(region=other))
    assert client.post(reverse("validation:scheme", args=[found.pk]), {"end": "2026-01-01"}).status_code == 403
