"""The pages of the uploads, as four people meet them, and what they cost."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crisis.models import Observation
from portal.directory.enums import Role
from portal.directory.models import Job
from portal.intake import tasks
from portal.intake.enums import UploadState
from portal.intake.models import Upload
from tests.factories.directory import MembershipFactory, UserFactory, person
from tests.intake.conftest import csv_bytes

pytestmark = pytest.mark.django_db


def people(office):
    return {
        "clerk": office.clerk,
        "colleague": person(organization=office.organization),
        "other": person(region=office.foreign.region.parent),
        "ministry": person(role=Role.HQ),
        "auditor": person(role=Role.AUDITOR),
        "stranger": UserFactory(),
    }


PAGES = ["upload", "upload_progress", "upload_errors", "upload_file"]
DEEDS = ["upload_commit", "upload_reread", "upload_undo", "upload_discard"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 200), ("colleague", 200), ("other", 404), ("ministry", 200), ("auditor", 200), ("stranger", 404)],
)
def test_an_upload_exists_for_its_people_alone(office, sign_in, page, who, status):
    upload = office.read(csv_bytes(office.row("약간")))
    url = reverse(f"intake:{page}", args=[upload.public_id])
    response = sign_in(people(office)[who]).get(url, headers={"HX-Request": "true"})
    assert response.status_code == status
    assert not response.streaming or response.getvalue()


@pytest.mark.parametrize("page", ["uploads", "upload_new"])
@pytest.mark.parametrize(
    ("who", "status"), [("clerk", 200), ("other", 200), ("ministry", 200), ("auditor", 403), ("stranger", 403)]
)
def test_the_list_and_the_form_are_for_those_who_enter_figures(office, sign_in, page, who, status):
    office.receive(csv_bytes(office.row()), filename="우리 자료.csv")
    response = sign_in(people(office)[who]).get(reverse(f"intake:{page}"))
    assert response.status_code == status
    if page == "uploads":
        assert ("우리 자료.csv" in response.content.decode()) == (who in {"clerk", "ministry"})


def test_the_form_opens_at_the_kind_asked_for_and_offers_the_files_it_takes(office, sign_in):
    client = sign_in(office.clerk)
    plain = client.get(reverse("intake:upload_new")).context["form"]
    assert ".json" in plain["file"].field.widget.attrs["accept"].split(",")
    kinds = [kind for kind, _title in plain.fields["kind"].choices]
    assert {"nps", "kosis"} < set(kinds)
    for kind in kinds:
        page = client.get(reverse("intake:upload_new"), {"kind": kind}).content.decode()
        assert re.findall(r'<option value="([^"]+)" selected', page) == [kind]
    astray = client.get(reverse("intake:upload_new"), {"kind": "nothing"}).content.decode()
    assert re.findall(r'<option value="([^"]+)" selected', astray) == []


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(("who", "status"), [("other", 404), ("auditor", 403), ("stranger", 403), (None, 302)])
def test_foreign_hands_change_nothing(office, client, sign_in, deed, who, status):
    upload = office.read(csv_bytes(office.row()))
    client = sign_in(people(office)[who]) if who else client
    response = client.post(reverse(f"intake:{deed}", args=[upload.public_id]), {"reason": "x"})
    assert response.status_code == status
    upload.refresh_from_db()
    assert upload.state == UploadState.READY


def test_a_file_goes_the_whole_way_by_pages(office, sign_in):
    client = sign_in(office.clerk)
    file = SimpleUploadedFile("5월.csv", csv_bytes(office.row("100")))
    response = client.post(reverse("intake:upload_new"), {"kind": "observations", "file": file})
    upload = Upload.objects.get()
    assert response.url == reverse("intake:upload", args=[upload.public_id])
    page = client.get(response.url).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "새로 고침" in page
    tasks.read_upload(job_id=upload.job_id)
    page = client.get(response.url).content.decode()
    assert "every 1s" not in page
    assert "1행을 반영합니다" in page
    client.post(reverse("intake:upload_commit", args=[upload.public_id]))
    upload.refresh_from_db()
    tasks.commit_upload(job_id=upload.job_id)
    assert "새 자료 1건" in client.get(response.url).content.decode()
    again = client.post(
        reverse("intake:upload_new"),
        {"kind": "observations", "file": SimpleUploadedFile("x", csv_bytes(office.row("100")))},
    )
    assert f'href="{response.url}"' in again.content.decode()
    refused = client.post(reverse("intake:upload_undo", args=[upload.public_id]), {"reason": ""}, follow=True)
    assert "사유를 적어 주세요" in refused.content.decode()
    undone = client.post(reverse("intake:upload_undo", args=[upload.public_id]), {"reason": "시험"}, follow=True)
    assert "없던 값으로 1건" in undone.content.decode()
    assert not Observation.objects.current().exists()


def test_the_moving_part_answers_htmx_and_sends_others_to_the_page(office, sign_in):
    upload = office.receive(csv_bytes(office.row()))
    url = reverse("intake:upload_progress", args=[upload.public_id])
    client = sign_in(office.clerk)
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="upload-body"')
    assert 'hx-swap-oob="innerHTML:#upload-said"' in part
    assert client.get(url).url == reverse("intake:upload", args=[upload.public_id])


def test_the_preview_is_narrowed_by_outcome_and_shows_before_and_after(office, sign_in):
    office.commit(office.read(csv_bytes(*office.rows(2))))
    upload = office.read(csv_bytes(office.row("70", "2019-01"), office.row("8", "2019-09")))
    client = sign_in(office.clerk)
    url = reverse("intake:upload", args=[upload.public_id])
    page = client.get(f"{url}?outcome=CHANGED").content.decode()
    assert "<del>100</del>" in page
    assert "<ins>70</ins>" in page
    assert "2019년 9월" not in page
    assert "2019년 9월" in client.get(url).content.decode()
    assert client.get(f"{url}?colour=red").status_code == 400


def test_faults_are_told_with_their_cells_on_the_page(office, sign_in):
    upload = office.read(csv_bytes(office.row("약간")))
    page = sign_in(office.clerk).get(reverse("intake:upload", args=[upload.public_id])).content.decode()
    assert "<td>약간</td>" in page
    assert "<code>D2</code> ‘약간’은(는) 숫자가 아닙니다" in page
    assert "고칠 곳을 표시한 파일 내려받기" in page
    assert "반영하기" not in page


def test_the_original_comes_back_byte_for_byte_as_a_download(office, sign_in):
    data = csv_bytes(office.row())
    upload = office.receive(data, filename="<b>5월</b>.html")
    response = sign_in(office.clerk).get(reverse("intake:upload_file", args=[upload.public_id]))
    assert response.getvalue() == data
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"


def test_the_template_is_given_out_and_a_filled_one_owed(
    office, sign_in, sent_tasks, django_capture_on_commit_callbacks
):
    client = sign_in(office.clerk)
    url = reverse("intake:template", args=["observations"])
    book = openpyxl.load_workbook(io.BytesIO(client.get(url).getvalue()))
    assert book.sheetnames == ["자료", "작성요령", "목록"]
    assert client.get(reverse("intake:template", args=["nothing"])).status_code == 404
    office.commit(office.read(csv_bytes(*office.rows(2))))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url)
    job = Job.objects.get(kind="filled_template")
    assert sent_tasks.named("portal.intake.tasks.fill_template") == [{"job_id": job.pk}]
    assert response.url == reverse("job", args=[job.pk])
    tasks.fill_template(job_id=job.pk)
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("job_file", args=[job.pk])).getvalue()))
    assert book["자료"].max_row == 3


def test_somebody_of_two_offices_sees_the_uploads_of_both(office, sign_in):
    both = person(region=office.foreign.region.parent)
    MembershipFactory(user=both, organization=office.organization)
    office.receive(csv_bytes(office.row()), filename="우리 자료.csv")
    assert "우리 자료.csv" in sign_in(both).get(reverse("intake:uploads")).content.decode()


@pytest.mark.parametrize("rows", [1, 45])
def test_an_upload_costs_the_same_for_any_number_of_rows(office, sign_in, rows, django_assert_max_num_queries):
    upload = office.read(csv_bytes(*office.rows(rows)))
    client = sign_in(office.clerk)
    client.get(reverse("intake:uploads"))  # what waits for the reader is counted by other apps, then kept for a while
    with django_assert_max_num_queries(8):  # session, user, scope, upload, doubtful rows, count, rows
        client.get(reverse("intake:upload", args=[upload.public_id]))


@pytest.mark.parametrize("files", [1, 20])
def test_the_list_costs_the_same_for_any_number_of_files(office, sign_in, files, django_assert_max_num_queries):
    for number in range(files):
        office.receive(csv_bytes(office.row(str(number))))
    client = sign_in(office.clerk)
    client.get(reverse("intake:upload_new"))
    with django_assert_max_num_queries(5):  # session, user, scope, count, rows
        client.get(reverse("intake:uploads"))


def test_a_failed_reading_can_be_retried_or_thrown_away(office, sign_in, monkeypatch):
    upload = office.receive(csv_bytes(office.row()))
    monkeypatch.setattr("portal.intake.services.reading.find_layout", lambda *facts: 1 / 0)
    tasks.read_upload(job_id=upload.job_id)
    client = sign_in(office.clerk)
    page = client.get(reverse("intake:upload", args=[upload.public_id])).content.decode()
    assert "관리자에게 번호" in page
    assert "작업 화면에서 다시 시도" in page
    assert "버리기" in page
    monkeypatch.undo()
    client.post(reverse("job_retry", args=[upload.job_id]))
    tasks.read_upload(job_id=upload.job_id)
    upload.refresh_from_db()
    assert upload.state == UploadState.READY


def test_only_a_finished_reading_is_thrown_away(office, sign_in):
    upload = office.receive(csv_bytes(office.row()))
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.READING)
    url = reverse("intake:upload_discard", args=[upload.public_id])
    page = sign_in(office.clerk).post(url, follow=True).content.decode()
    assert "아직 읽고 있는 파일입니다" in page
