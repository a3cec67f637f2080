"""Pages: four people, the price of a page, a case walked through by its forms, the company's page, what leaks nowhere."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from network.difficulties import services
from network.difficulties.models import Action, Case, Handover, Note, Paper
from network.difficulties.selectors.numbers import numbers_of
from network.difficulties.todo import waiting
from portal.directory.models import Event
from portal.directory.scope import scope_of
from portal.kernel.todo import told
from tests.factories.directory import UserFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 3)


def url(name, *args):
    return reverse(f"difficulties:{name}", args=args)


def got(client, user, address, status=200):
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == status, (user, address, answer.status_code)
    if not answer.streaming:
        return answer.content.decode()
    return b"".join(answer.streaming_content).decode()


def post(client, user, address, status=302, **data):
    client.force_login(user)
    answer = client.post(address, data)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer


def sheet(client, user, address):
    client.force_login(user)
    answer = client.get(address + ("&" if "?" in address else "?") + "export=xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


def test_a_case_is_seen_where_it_lies_and_by_the_ministry(client, land):
    case = land.opened()
    name = case.company.name_ko
    for user, status in ((land.clerk, 200), (land.official, 200), (land.ministry, 200), (land.stranger, 404)):
        got(client, user, url("case", case.code), status)
        assert (name in got(client, user, url("cases"))) == (status == 200)
        assert (name in sheet(client, user, url("cases"))) == (status == 200)
        got(client, user, reverse("companies:company", args=[case.company.public_id]), status)
    for page in ("cases", "actions", "notes"):
        got(client, land.council, url(page), 403)
    got(client, UserFactory(), url("numbers"), 403)


def test_a_confidential_case_is_nowhere_for_anybody_else(client, land):
    case = land.opened(confidential=True)
    services.add_action(case=case, kind="LOAN", title="비밀 융자", due_in=3, actor=land.clerk)
    for user, status in ((land.clerk, 200), (land.head, 200), (land.colleague, 404), (land.ministry, 404)):
        got(client, user, url("case", case.code), status)
        pages = [got(client, user, url(page)) for page in ("cases", "actions")]
        pages.append(got(client, user, reverse("companies:company", args=[case.company.public_id])))
        assert [case.code in pages[0], "비밀 융자" in pages[1], case.code in pages[2]] == [status == 200] * 3
        line = next(one for one in numbers_of(scope_of(user), year=2026, today=DAY).lines if one.region == land.sido)
        assert (line.counts["open"], line.jobs) == ((1, 40) if status == 200 else (0, 0))
    post(
        client, land.colleague, url("deed", case.code, "note"), 404, kind="MEMO", held_on=DAY, text="x", audience="OWN"
    )
    assert not Event.objects.filter(subject_id=str(case.pk), subject_type="difficulties.case").exclude(region=None)


def test_private_notes_and_files_leak_nowhere(client, land):
    case = land.shared()
    secret, shared = "신용등급이 곧 내려갈 듯", "대표와 통화함"
    services.write_note(case=case, kind="MEMO", held_on=DAY, text=secret, audience="OWN", actor=land.clerk)
    services.write_note(case=case, kind="CALL", held_on=DAY, text=shared, actor=land.clerk)
    for audience in ("OWN", "BODIES"):
        file = SimpleUploadedFile(f"{audience}.pdf", audience.encode())
        services.attach_paper(case=case, title=f"파일 {audience}", file=file, audience=audience, actor=land.clerk)
    own, both = Paper.objects.get(audience="OWN"), Paper.objects.get(audience="BODIES")
    # The same bytes from another body are not refused: that would tell that the first has them.
    again = SimpleUploadedFile("x.pdf", b"OWN")
    services.attach_paper(case=case, title="우리도", file=again, actor=land.parker)
    readers = {
        land.clerk: (True, True), land.colleague: (True, True), land.parker: (False, True), land.other_parker: (False, True),
        land.official: (False, False), land.ministry: (False, False),
    }  # fmt: skip
    for user, (reads_own, reads_shared) in readers.items():
        page = got(client, user, url("case", case.code))
        listed = got(client, user, url("notes")) + sheet(client, user, url("notes"))
        api = client.get(f"/api/v1/difficulty-notes/?case={case.code}").content.decode()
        for text in (page, listed, api):
            assert (secret in text, shared in text) == (reads_own, reads_shared)
        assert ("파일 OWN" in page, "파일 BODIES" in page) == (reads_own, reads_shared)
        got(client, user, url("paper", case.code, own.pk), 200 if reads_own else 404)
        got(client, user, url("paper", case.code, both.pk), 200 if reads_shared else 404)
    assert secret not in str(list(Event.objects.values_list("facts", "reason", "subject_label")))
    # A body that left keeps what it wrote itself and reads no more of the others'.
    services.write_note(case=case, kind="MEMO", held_on=DAY, text="진흥원 메모", audience="OWN", actor=land.parker)
    services.release_referent(referent=case.referents.get(organization=land.park), actor=land.clerk)
    assert [n.text for n in Note.objects.visible_to(scope_of(land.parker))] == ["진흥원 메모"]


@pytest.mark.parametrize("rows", [1, 6])
def test_pages_cost_the_same_for_any_number(client, land, rows, django_assert_max_num_queries):
    for _ in range(rows - 1):
        land.shared(kinds=[land.kind()])
    case = land.shared(kinds=[land.kind()])
    for at in range(rows):
        services.add_action(case=case, kind="RND", title=f"시제품 {at}", due_in=2, actor=land.clerk)
        services.write_note(case=case, kind="CALL", held_on=DAY, text="통화", actor=land.parker)
    client.force_login(land.clerk)
    # session, user, memberships, notices; then each page's own
    for address, budget in (
        (url("cases"), 9), (url("actions"), 9), (url("notes"), 8), (url("numbers"), 9), (url("case", case.code), 25),
    ):  # fmt: skip
        client.get(address)
        with django_assert_max_num_queries(budget):
            assert client.get(address).status_code == 200


def test_a_case_goes_its_way_by_the_forms(client, land):
    firm = land.firm()
    page = got(client, land.clerk, reverse("companies:company", args=[firm.public_id]))
    assert url("case_new", firm.public_id) in page
    facts = {
        "workplace": firm.workplaces.get().pk, "source": "SURVEY", "severity": "URGENT", "jobs_at_stake": 12,
        "summary": "원청이 떠남", "kinds": [land.kind("ORDER_GIVER").pk],
    }  # fmt: skip
    got(client, land.clerk, url("case_new", firm.public_id))
    assert (
        "개요"
        in post(client, land.clerk, url("case_new", firm.public_id), 422, **{**facts, "summary": ""}).content.decode()
    )
    post(client, land.clerk, url("case_new", firm.public_id), **facts)
    case = Case.objects.get()
    again = post(client, land.official, url("case_new", firm.public_id), **facts)
    assert again.url == url("case", case.code)

    def do(user, key, *pk, status=302, **data):
        got(client, user, url("deed_of" if pk else "deed", case.code, key, *pk))
        return post(client, user, url("deed_of" if pk else "deed", case.code, key, *pk), status, **data)

    do(land.parker, "referent", person=f"{land.park.pk}-{land.parker.pk}")
    do(land.parker, "difficulty", kind=land.kind("LABOUR").pk, severity="HIGH", opened_on=DAY, text="핵심 인력 퇴사")
    do(land.clerk, "resolve", case.difficulties.get(kind__code="LABOUR").pk, resolution="새로 뽑음")
    both = do(land.clerk, "action", status=422, kind="LOAN", title="융자", organization=land.office.pk)
    assert "기한을 날짜나 근무일 수" in both.content.decode()
    do(land.clerk, "action", kind="LOAN", title="융자", organization=land.park.pk, due_in=5, amount=50_000_000)
    action = Action.objects.get()
    assert "결과나 사유" in do(land.parker, "step", action.pk, status=422, state="DONE").content.decode()
    do(land.parker, "step", action.pk, state="DONE", result="실행", amount=45_000_000)
    do(land.parker, "note", kind="VISIT", held_on=DAY, text="공장을 봄", audience="BODIES")
    do(land.clerk, "paper", title="재무제표", audience="OWN", file=SimpleUploadedFile("재무.pdf", b"%PDF"))
    do(land.clerk, "edit", **{**facts, "jobs_at_stake": 15}, seen=case.version)
    stale = post(client, land.clerk, url("deed", case.code, "edit"), **facts, seen=1)
    assert "먼저 저장" in got(client, land.clerk, stale.url)
    do(land.clerk, "offer", person=f"{land.park.pk}-0", note="설비가 문제")
    do(land.other_parker, "decline", Handover.objects.get().pk, note="사람이 없음")
    do(land.clerk, "offer", person=f"{land.park.pk}-{land.parker.pk}", note="다시")
    waiting = Handover.objects.offered().get()
    assert "주담당을 맡아 달라는 제안" in got(client, land.parker, url("case", case.code))
    post(client, land.official, url("deed_of", case.code, "accept", waiting.pk), 403)
    do(land.parker, "accept", waiting.pk)
    case.refresh_from_db()
    post(client, land.clerk, url("deed", case.code, "close"), 403)
    end = {"outcome": "CONVERTED", "jobs_kept": 10, "jobs_lost": 2, "closing_note": "사업을 바꿈", "seen": case.version}
    do(land.parker, "close", **end)
    page = got(client, land.clerk, url("case", case.code))
    for words in ("사업을 바꿈", "공장을 봄", "재무제표", "45,000,000", "지킨 일자리 10명", "2026. 9. 3."):
        assert words in page
    do(land.parker, "look", case.follow_ups.first().pk, finding="잘 지냄", jobs_now=11)
    do(land.clerk, "reopen", reason="다시 어려움")
    assert Case.objects.open().get().predecessor == case
    page = got(client, land.clerk, reverse("companies:company", args=[firm.public_id]))
    assert "애로기업 사례 진행 중" not in page or Case.objects.open().get().code in page
    assert case.code in page


def test_each_waiting_work_leads_to_the_rows_it_counted(client, land, time_machine):
    case, other = land.shared(), land.opened()
    services.add_action(case=case, kind="RND", title="우리 것", due_in=1, actor=land.clerk)
    services.add_action(case=case, kind="RND", title="남의 것", organization=land.park, due_in=1, actor=land.clerk)
    services.offer_handover(case=other, to_organization=land.park, to_user=land.parker, note="넘김", actor=land.clerk)
    ended = land.closed(land.opened())
    time_machine.move_to("2026-09-04 10:00:00+09:00", tick=False)
    for user, title, shown, hidden in (
        (land.clerk, "기한이 지난 애로기업 조치", "우리 것", "남의 것"),
        (land.clerk, "종결한 사례의 사후 확인", ended.code, other.code),
        (land.parker, "답할 인계 제안", other.code, ended.code),
    ):
        item = next(one for one in told(waiting(scope_of(user))) if one.title == title)
        page = got(client, user, item.url)
        assert (item.count, shown in page, hidden in page) == (1, True, False)


def test_numbers_hide_what_would_point_at_a_firm_of_another_region(client, land):
    for outcome in ("RECOVERED", "RECOVERED", "MOVED"):
        land.closed(land.opened(), outcome=outcome)
    for _ in range(4):
        land.opened()
    land.opened(land.firm(land.elsewhere), actor=land.stranger)
    mine = numbers_of(scope_of(land.clerk), year=2026, today=DAY)
    ours = next(line for line in mine.lines if line.region == land.sido)
    theirs = next(line for line in mine.lines if line.region == land.elsewhere)
    assert (ours.secret, ours.counts["closed"], ours.counts["MOVED"], ours.jobs) == (set(), 3, 1, 160)
    assert {"open", "jobs", "overdue", "opened"} <= theirs.secret
    assert {"open", "jobs"} <= mine.total.secret  # or the one hidden row would be the difference
    seen = numbers_of(scope_of(land.ministry), year=2026, today=DAY)
    assert (seen.exact, seen.total.counts["open"], seen.total.secret) == (True, 5, set())
    outside = next(
        line for line in numbers_of(scope_of(land.stranger), year=2026, today=DAY).lines if line.region == land.sido
    )
    assert {"MOVED", "RECOVERED"} <= outside.secret
    assert not {"open", "closed"} & outside.secret
    assert "비공개" in got(client, land.council, url("numbers"))
    assert "160" in got(client, land.ministry, url("numbers") + "?year=2026")
    got(client, land.ministry, url("numbers") + "?year=nonsense")
