"""The pages and their four people; what each shows and costs."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.surveys import services
from companies.surveys.models import FieldMark, RegionWindow, Submission, SurveyRound, Target
from companies.surveys.selectors import todo
from portal.directory.scope import scope_of
from tests.surveys.conftest import FULL, ask, make_round

pytestmark = pytest.mark.django_db


def sheet_url(target):
    return reverse("surveys:target", args=[target.pk])


@pytest.mark.parametrize("page", ["rounds", "targets", "clusters", "industries"])
def test_lists_are_for_whoever_works_somewhere(text, people, page, target):
    url = reverse(f"surveys:{page}")
    for somebody in (people.clerk, people.other, people.reviewer, people.ministry):
        text(somebody, url)
    text(people.nobody, url, status=403)
    assert text(None, url, status=302)["Location"].startswith("/login")


def test_sheet_of_another_region_does_not_exist(text, people, target):
    name = target.company.name_ko
    assert name in text(people.clerk, sheet_url(target))
    assert name in text(people.ministry, sheet_url(target))
    text(people.other, sheet_url(target), status=404)
    text(people.nobody, sheet_url(target), status=403)
    assert name not in text(people.other, reverse("surveys:targets"))
    assert name in text(people.clerk, reverse("surveys:targets"))


def test_officer_saves_and_hands_in_by_page(client, people, target):
    client.force_login(people.clerk)
    data = {"seen": 0, "f_sales": "5,000", "f_employees": "12", "f_outlook": "UP"}
    assert client.post(sheet_url(target), data).status_code == 302
    assert Submission.objects.get().state == "DRAFT"
    answer = client.post(sheet_url(target), data | {"seen": 1, "submit": "1"})
    assert answer.status_code == 302
    assert Submission.objects.get().state == "SUBMITTED"


def test_faults_stand_at_their_fields_and_what_was_written_stays(client, people, target):
    client.force_login(people.clerk)
    answer = client.post(sheet_url(target), {"seen": 0, "f_sales": "많음", "f_employees": "12"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_f_sales"' in page
    assert "숫자가 아닙니다" in page
    assert 'value="많음"' in page
    assert Submission.objects.count() == 0
    answer = client.post(sheet_url(target), {"seen": 0, "f_sales": "5", "f_exports": "6", "submit": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "수출액이 매출액보다 큽니다." in page
    assert "‘상시근로자’을(를) 적어 주세요." in page
    assert Submission.objects.get().answers == {"sales": 5_000_000, "exports": 6_000_000}


def test_later_officer_sees_both_values_and_may_settle_it(client, people, target):
    services.save_answers(target=target, answers={"sales": 1_000_000, "employees": 3}, seen=0, actor=people.clerk)
    services.save_answers(
        target=target, answers={"sales": 2_000_000, "employees": 3, "request": "자금"}, seen=1, actor=people.clerk
    )
    client.force_login(people.colleague)
    answer = client.post(sheet_url(target), {"seen": 1, "f_sales": "7", "f_employees": "4"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert people.clerk.name in page
    assert "<td>2</td><td>7</td>" in page  # both changed the sales
    assert 'name="f_employees" value="4"' in page  # mine alone
    assert "자금</textarea>" in page  # theirs alone
    assert 'name="seen" value="2"' in page
    assert Submission.objects.get().version == 2
    again = {"seen": 2, "f_sales": "7", "f_employees": "4", "f_request": "자금"}
    assert client.post(sheet_url(target), again).status_code == 302
    assert Submission.objects.get().answers == {"sales": 7_000_000, "employees": 4, "request": "자금"}


def test_office_marks_fields_sends_back_and_approves(client, people, handed_in):
    target, url = handed_in.target, reverse("surveys:review", args=[handed_in.target.pk])
    client.force_login(people.reviewer)
    assert 'name="m_sales"' in client.get(sheet_url(target)).content.decode()
    answer = client.post(url, {"seen": 2, "m_sales": "FIX", "return": "1"})
    assert answer.status_code == 422
    assert "의견의 내용을 적어 주세요." in answer.content.decode()
    assert client.post(url, {"seen": 2, "m_sales": "FIX", "c_sales": "단위 확인", "return": "1"}).status_code == 302
    client.force_login(people.clerk)
    page = client.get(sheet_url(target)).content.decode()
    assert 'href="#id_f_sales"' in page
    assert re.search(r'id="id_f_sales_helptext"[^>]*><strong>고칠 것: 단위 확인', page)  # read out with the very field
    client.post(sheet_url(target), {"seen": 3, "f_sales": "6000", "f_employees": "12", "submit": "1"})
    client.force_login(people.reviewer)
    page = client.get(sheet_url(target)).content.decode()
    assert "지난 제출 5,000" in page
    assert "지난 검토 고칠 것: 단위 확인" in page
    assert '<option value="FIX" selected>' not in page  # what was said of the version before is not said again
    assert client.post(url, {"seen": 5, "approve": "1"}).status_code == 302
    assert FieldMark.objects.get().comment == "단위 확인"
    assert Submission.objects.get().state == "APPROVED"


def test_review_is_for_the_office_of_the_region(client, people, handed_in):
    url = reverse("surveys:review", args=[handed_in.target.pk])
    for somebody, status in ((people.clerk, 403), (people.ministry, 403), (people.nobody, 403)):
        client.force_login(somebody)
        assert client.post(url, {"seen": 2, "approve": "1"}).status_code == status
    from tests.factories.directory import person

    client.force_login(person(organization=people.other.memberships.get().organization, role="OFFICE_HEAD"))
    assert client.post(url, {"seen": 2, "approve": "1"}).status_code == 404
    assert Submission.objects.get().state == "SUBMITTED"


def test_locked_sheet_says_so_and_offers_no_form(text, form, places, people):
    target = ask(make_round(form, days=(-30, -20, -10)), places.near)
    page = text(people.clerk, sheet_url(target))
    assert "마감되어 적을 수 없습니다" in page
    assert 'name="f_sales"' not in page


def test_round_shows_who_is_missing_and_late_by_technopark_and_region(text, form, places, people):
    survey = make_round(form, days=(-30, -9, 9))
    rows = [ask(survey, places.near, places.park) for _ in range(3)] + [ask(survey, places.far, places.other_park)]
    saved = services.save_answers(target=rows[0], answers=FULL, seen=0, actor=people.clerk)
    services.submit(target=rows[0], seen=saved.version, actor=people.clerk)
    services.save_answers(target=rows[1], answers={"sales": 1}, seen=0, actor=people.clerk)
    url = reverse("surveys:round", args=[survey.code])
    page = text(people.ministry, url)
    assert "가남테크노파크" in page
    assert "나북테크노파크" in page
    assert "33% (1/3)" in page
    assert "25% (1/4)" in page
    mine = text(people.clerk, url)
    assert "나북테크노파크" not in mine
    assert "33% (1/3)" in mine
    url = reverse("surveys:targets")
    assert rows[0].company.name_ko in text(people.clerk, url, state="LATE")
    overdue = text(people.clerk, url, state="OVERDUE", round=survey.code)
    assert rows[0].company.name_ko not in overdue
    assert rows[1].company.name_ko in overdue
    assert rows[2].company.name_ko in text(people.clerk, url, state="NONE")


def test_list_tells_late_from_overdue_by_the_dates_of_the_region(text, form, places, people):
    survey = make_round(form, days=(-30, -9, 9))
    late, missing, moved = ask(survey, places.near), ask(survey, places.near), ask(survey, places.far)
    today = timezone.localdate()
    services.set_window(
        survey=survey, region=places.there, opens_on=survey.opens_on, due_on=today, closes_on=today, reason="태풍",
        actor=people.ministry,
    )  # fmt: skip
    services.save_answers(target=late, answers=FULL, seen=0, actor=people.clerk)
    services.submit(target=late, seen=1, actor=people.clerk)
    page = text(people.ministry, reverse("surveys:targets"))
    rows = {one: page.split(one.company.name_ko, 1)[1].split("</tr>", 1)[0] for one in (late, missing, moved)}
    assert ["늦게 제출" in rows[one] for one in rows] == [True, False, False]
    assert ["기한 지남" in rows[one] for one in rows] == [False, True, False]


def test_ministry_takes_a_company_out_with_a_reason_while_nothing_is_written(client, text, people, target, survey):
    url = reverse("surveys:target_remove", args=[target.pk])
    for somebody in (people.clerk, people.reviewer, people.nobody):
        text(somebody, url, status=403)
    assert url in text(people.ministry, sheet_url(target))
    client.force_login(people.ministry)
    assert client.post(url, {"reason": " "}).status_code == 422
    services.save_answers(target=target, answers=FULL, seen=0, actor=people.clerk)
    assert "뺄 수 없습니다" in client.post(url, {"reason": "폐업"}).content.decode()
    assert url not in text(people.ministry, sheet_url(target))
    fresh = ask(survey, target.region)
    client.force_login(people.ministry)
    assert client.post(reverse("surveys:target_remove", args=[fresh.pk]), {"reason": "폐업"}).status_code == 302
    assert list(Target.objects.all()) == [target]


def test_completion_goes_out_as_a_file_for_those_who_may_export(client, text, people, target, survey):
    url = reverse("surveys:completion_file", args=[survey.code, "csv"])
    client.force_login(people.reviewer)
    lines = b"".join(client.get(url).streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("구분,이름,기한,대상")
    assert lines[-1].split(",")[3] == "1"
    text(people.council, url, status=403)
    text(people.reviewer, reverse("surveys:completion_file", args=[survey.code, "pdf"]), status=404)


def test_ministry_plans_a_round_sets_dates_and_opens_the_lock(client, people, places, form, target):
    client.force_login(people.ministry)
    day = timezone.localdate()
    dates = {"opens_on": day, "due_on": day, "closes_on": day}
    data = {"code": "new-2026", "title": "새 조사", "form": form.pk, "year": 2026, **dates}
    assert client.post(reverse("surveys:round_new"), data | {"due_on": day - timedelta(days=1)}).status_code == 422
    assert client.post(reverse("surveys:round_new"), data).status_code == 302
    survey = SurveyRound.objects.get(code="new-2026")
    numbers = {
        "numbers": f"{target.business_number[:3]}-{target.business_number[3:5]}-{target.business_number[5:]}",
        "kind": "CENSUS",
    }
    url = reverse("surveys:targets_new", args=[survey.code])
    assert "등록되지 않은" in client.post(url, {"numbers": "1234567890", "kind": "SAMPLE"}).content.decode()
    assert client.post(url, numbers).status_code == 302
    assert Target.objects.get(round=survey).kind == "CENSUS"
    url = reverse("surveys:round_dates", args=[survey.code])
    window = {f"w-{name}": value for name, value in dates.items()} | {"deed": "window", "w-region": places.here.pk}
    assert client.post(url, window).status_code == 422
    assert client.post(url, window | {"w-reason": "태풍"}).status_code == 302
    assert RegionWindow.objects.get().reason == "태풍"
    grant = {"deed": "exception", "e-region": places.here.pk, "e-until": day, "e-reason": "수해"}
    assert client.post(url, grant | {"e-business_number": target.business_number}).status_code == 422
    assert client.post(url, grant).status_code == 302
    page = client.get(url).content.decode()
    assert "태풍" in page
    assert "수해" in page


@pytest.mark.parametrize("who", ["clerk", "reviewer", "council"])
def test_only_the_ministry_reaches_the_running_of_rounds(client, people, survey, who):
    client.force_login(getattr(people, who))
    assert client.get(reverse("surveys:round_new")).status_code == 403
    assert client.get(reverse("surveys:targets_new", args=[survey.code])).status_code == 403
    url = reverse("surveys:round_dates", args=[survey.code])
    assert client.get(url).status_code == 200
    assert client.post(url, {"deed": "window"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 8])
def test_lists_and_pages_cost_the_same_for_any_number_of_rows(
    client, people, places, form, rows, django_assert_max_num_queries
):
    survey = make_round(form)
    for _ in range(rows):
        target = ask(survey, places.near, places.park)
        services.save_answers(target=target, answers=FULL, seen=0, actor=people.clerk)
    client.force_login(people.clerk)
    for url, budget in (
        (reverse("surveys:targets"), 12),
        (reverse("surveys:round", args=[survey.code]), 10),
        (reverse("surveys:rounds"), 8),
        (sheet_url(target), 11),
    ):
        client.get(url)
        with django_assert_max_num_queries(budget):  # session, user, scope, count of the frame, and the page's own
            assert client.get(url).status_code == 200, url


def titles(user):
    return {item.title: item.count for item in todo(scope_of(user))}


def test_officers_and_offices_are_told_what_waits(form, places, people, target, handed_in):
    assert titles(people.clerk) == {}
    assert titles(people.reviewer) == {"승인을 기다리는 조사표": 1}
    assert titles(people.ministry) == {}
    services.return_for_correction(target=target, comment="고침", seen=2, actor=people.reviewer)
    ask(make_round(form, "soon", (-9, 3, 9)), places.near)
    ask(make_round(form, "late", (-30, -9, 9)), places.near)
    ask(make_round(form, "gone", (-60, -50, -40)), places.near)
    assert titles(people.clerk) == {
        "시험 조사 soon: 기한이 다가온 조사표": 1,
        "시험 조사 late: 기한이 지난 조사표": 1,
        "고쳐서 다시 낼 조사표": 1,
    }
    assert titles(people.reviewer) == {}
    assert titles(people.other) == {}
