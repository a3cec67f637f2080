"""The pages of an upload that ask something back: what headers mean, why doubtful rows are right, what a file is for."""

import io

import openpyxl
import pytest
from django.urls import reverse

from companies.models import Company, Workplace
from portal.directory.enums import Role
from portal.directory.models import Event, Job, Region
from portal.intake import tasks
from portal.intake.enums import UploadState
from portal.intake.models import RememberedColumn, Upload
from tests.companies.registry.desk import HEAD, csv_bytes
from tests.factories.companies import CompanyFactory, business_number
from tests.factories.directory import person

OWN_HEAD = ["사업자등록번호", "기업명", "관할 시군", "비고란"]


@pytest.fixture
def strange(desk):
    """A file with two headers of the body's own."""
    upload = desk.read(csv_bytes(OWN_HEAD, [business_number(1), "한빛정밀", "거제시", "적어 둔 말"]))
    assert upload.layout["strange"] == ["관할 시군", "비고란"]
    return upload


def test_the_page_asks_what_unknown_headers_mean_and_remembers_the_answer(desk, sign_in, strange):
    client = sign_in(desk.officer)
    page = client.get(reverse("intake:upload", args=[strange.public_id])).content.decode()
    assert "관할 시군" in page
    assert "비고란" in page
    url = reverse("intake:upload_columns", args=[strange.public_id])
    client.post(url, {"header_0": "region", "header_1": "-"})
    tasks.read_upload(job_id=Upload.objects.get(pk=strange.pk).job_id)
    again = Upload.objects.get(pk=strange.pk)
    assert (again.state, again.counts["NEW"]) == (UploadState.READY, 1)
    assert RememberedColumn.objects.count() == 2
    later = desk.read(csv_bytes(OWN_HEAD, [business_number(2), "다른빛", "거제시", ""]))
    assert later.state == UploadState.READY


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({}, "하나는 골라"),
        ({"header_0": "no_such_column"}, "하나는 골라"),
        ({"header_0": "region", "header_1": "region"}, "둘입니다"),
    ],
)
def test_an_answer_that_makes_no_sense_changes_nothing_and_says_why(desk, sign_in, strange, answer, said):
    url = reverse("intake:upload_columns", args=[strange.public_id])
    page = sign_in(desk.officer).post(url, answer, follow=True).content.decode()
    assert said in page
    assert not RememberedColumn.objects.exists()
    assert Upload.objects.get(pk=strange.pk).state == UploadState.REJECTED


def test_doubtful_rows_are_committed_with_a_reason_given_on_the_page_only(desk, sign_in):
    upload = desk.read(csv_bytes(HEAD, ["1018168693", "한빛정밀", "거제시"]))
    client, url = sign_in(desk.officer), reverse("intake:upload_commit", args=[upload.public_id])
    assert 'name="reason"' in client.get(reverse("intake:upload", args=[upload.public_id])).content.decode()
    for blank in ({}, {"reason": "   "}):
        assert "사유를 적어" in client.post(url, blank, follow=True).content.decode()
        assert Upload.objects.get(pk=upload.pk).state == UploadState.READY
    client.post(url, {"reason": "등록증과 견줌"})
    tasks.commit_upload(job_id=Upload.objects.get(pk=upload.pk).job_id)
    assert Workplace.objects.get().number_reason == "등록증과 견줌"


class TestFilledTemplate:
    @pytest.fixture
    def firm(self, some_country):
        return CompanyFactory(
            name_ko="한빛정밀", representative="예시인", in_region=Region.objects.get(code="48310", scheme="MOIS")
        )

    def asked(self, client, **answer):
        return client.post(reverse("intake:template", args=["companies"]), answer, follow=True)

    def test_people_are_taken_away_with_a_reason_only_and_it_is_written_down(self, desk, firm, sign_in):
        client = sign_in(desk.officer)
        assert "companies-reason" in client.get(reverse("intake:upload_new")).content.decode()
        assert "어디에 쓰는지" in self.asked(client).content.decode()
        assert "어디에 쓰는지" in self.asked(client, **{"companies-reason": " "}).content.decode()
        assert not Job.objects.exists()
        self.asked(client, **{"companies-reason": "현장 확인"})
        job = Job.objects.get(kind="filled_template")
        event = Event.objects.filter(verb="export_template").get()
        assert (event.reason, event.facts["personal"]) == ("현장 확인", True)
        tasks.fill_template(job_id=job.pk)
        book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("job_file", args=[job.pk])).getvalue()))
        assert "예시인" in {cell.value for row in book["자료"].iter_rows() for cell in row}

    def test_a_kind_without_people_asks_nothing(self, desk, firm, sign_in):
        sign_in(desk.officer).post(reverse("intake:template", args=["company_figures"]))
        assert Job.objects.filter(kind="filled_template").exists()

    def test_who_may_not_take_people_away_gets_the_file_without_them(self, desk, firm, monkeypatch):
        from portal.directory import enums, scope

        less = enums.ROLE_CAPABILITIES[Role.TECHNOPARK] - {enums.Capability.EXPORT_PERSONAL}
        monkeypatch.setitem(scope.ROLE_CAPABILITIES, Role.TECHNOPARK, frozenset(less))
        book = openpyxl.load_workbook(io.BytesIO(desk.exported()))
        values = {cell.value for row in book["자료"].iter_rows() for cell in row}
        assert firm.name_ko in values
        assert "예시인" not in values

    def test_a_stranger_gets_neither_page_nor_file(self, some_country, firm, sign_in):
        auditor = person(role=Role.AUDITOR)
        assert self.asked(sign_in(auditor), **{"companies-reason": "궁금함"}).status_code == 403
        assert not Job.objects.exists()


def test_parts_of_a_file_are_judged_like_the_whole(desk, monkeypatch):
    """Rows are laid beside the registry some at a time; twins far apart in the file still find each other."""
    monkeypatch.setattr("companies.importers.companies._PART", 2)
    CompanyFactory(name_ko="새롬정밀", in_region=Region.objects.get(code="48310", scheme="MOIS"), corporate_number="")
    head = [*HEAD, "법인등록번호"]
    twin = "1301110006246"
    rows = [[business_number(100 + n), f"기업{n}", "거제시", twin if n in {0, 6} else ""] for n in range(7)]
    rows[3][1] = "(주)새롬정밀"
    upload = desk.read(csv_bytes(head, *rows))
    told = {row.number - 2: [p["rule"] for p in row.problems] for row in upload.rows.all() if row.problems}
    assert told == {0: ["twin_in_file"], 3: ["twin_name_in_region"], 6: ["twin_in_file"]}
    assert desk.commit(upload, reason="확인").state == UploadState.COMMITTED
    assert Company.objects.count() == 8
