"""Industries by file: out and back without a change, stated anew, undone, and not undone by the shipped files."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from companies.models import Industry
from companies.surveys import loaders
from companies.surveys.importers import INDUSTRIES
from companies.surveys.models import RegionalIndustry
from companies.surveys.selectors import regional_industries_of
from portal.directory.models import Region
from portal.directory.scope import scope_of
from portal.intake import services as intake
from portal.intake import tasks, workbooks
from portal.intake.models import Upload
from portal.intake.registry import importer_for
from portal.kernel.errors import Refusal
from tests.factories.directory import ALWAYS, RegionFactory, person

pytestmark = pytest.mark.django_db
SIDOS = {"26": "부산", "27": "대구", "29": "광주", "30": "대전", "31": "울산", "36": "세종", "51": "강원", "43": "충북",
         "44": "충남", "52": "전북", "46": "전남", "47": "경북", "48": "경남", "50": "제주"}  # fmt: skip


@pytest.fixture
def ministry(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    for code, short in SIDOS.items():
        RegionFactory(scheme="MOIS", code=code, name_ko=f"{short}도", short_name_ko=short, effective=ALWAYS)
    for code in ("C29", "C30"):
        Industry.objects.create(revision=11, code=code, depth=2, name_ko=code)
    loaders.load_surveys()
    return person(role="HQ")


def template(user, *changes):
    """The filled template; each change is (code, header, value), or (None, {header: value}) for a new row."""
    target = io.BytesIO()
    workbooks.write_template(target, INDUSTRIES, scope_of(user).within(INDUSTRIES.capability), filled=True)
    book = openpyxl.load_workbook(target)
    sheet = book["자료"]
    places = {cell.value: cell.column for cell in sheet[1]}
    rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=2) if row[0].value}
    for code, *change in changes:
        if code is None:
            at = max(rows.values()) + 1
            for header, value in change[0].items():
                sheet.cell(at, places[header]).value = value
        else:
            sheet.cell(rows[code], places[change[0]]).value = change[1]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(user, data):
    upload = intake.receive_upload(
        kind="regional-industries", content=ContentFile(data), filename="산업.xlsx", actor=user
    )
    tasks.read_upload(job_id=upload.job_id)
    return Upload.objects.get(pk=upload.pk)


def commit(user, upload):
    upload = intake.ask_commit(upload=upload, actor=user)
    tasks.commit_upload(job_id=upload.job_id)
    upload = Upload.objects.select_related("job").get(pk=upload.pk)
    assert upload.state == "COMMITTED", upload.job.error
    return upload


CONFIRMED = (
    ("M-GN-1", "이름", "우주항공"), ("M-GN-1", "잠정", None), ("M-GN-1", "시작하는 날", "2023-02-27"),
    ("M-GN-1", "표준산업분류(11차)", "C30, C29"), ("M-GN-1", "출처", "부처 고시"), ("M-GN-4", "끝나는 날", "2023-02-26"),
)  # fmt: skip


def test_unedited_round_trip_changes_nothing(ministry):
    assert importer_for("regional-industries") is INDUSTRIES
    upload = read(ministry, template(ministry))
    assert (upload.state, upload.counts["rows"], upload.counts["SAME"]) == ("READY", 64, 64), upload.problems


def test_ministry_confirms_an_industry_with_its_codes_and_ends_another(client, ministry):
    upload = read(ministry, template(ministry, *CONFIRMED))
    assert (upload.state, upload.counts["CHANGED"]) == ("READY", 2)
    row = upload.rows.get(values__code="M-GN-1")
    assert row.before == {
        "name": "첨단항공", "provisional": True, "valid_from": None, "ksic": [], "source": "2022년 주력산업 48개 목록(SMTECH)",
    }  # fmt: skip
    client.force_login(ministry)
    page = client.get(reverse("intake:upload", args=[upload.public_id])).content.decode()
    assert "2023. 2. 27." in page
    assert "C29, C30" in page
    commit(ministry, upload)
    gyeongnam = Region.objects.get(code="48")
    names = {one.name_ko: one for one in regional_industries_of(gyeongnam, date(2022, 6, 1))}
    assert "항노화메디컬" in names  # it ended in 2023, not before
    now = {one.name_ko: one for one in regional_industries_of(gyeongnam, timezone.localdate())}
    assert "항노화메디컬" not in now
    assert not now["우주항공"].provisional
    assert sorted(code.ksic.code for code in now["우주항공"].codes.all()) == ["C29", "C30"]


def test_loading_the_shipped_files_again_leaves_what_was_stated(ministry):
    commit(ministry, read(ministry, template(ministry, *CONFIRMED)))
    assert all((one.created, one.changed) == (0, 0) for one in loaders.load_surveys())
    assert RegionalIndustry.objects.get(code="M-GN-1").name_ko == "우주항공"


def test_undo_restores_what_stood_unless_a_later_file_stated_it(ministry):
    new = {"산업 코드": "M-GN-5", "구분": "주축산업", "이름": "수소", "시·도": "경남, 부산", "출처": "고시"}
    first = commit(ministry, read(ministry, template(ministry, *CONFIRMED, (None, new))))
    assert RegionalIndustry.objects.get(code="M-GN-5").places.count() == 2
    second = commit(ministry, read(ministry, template(ministry, ("M-GN-4", "비고", "끝남"))))
    done = intake.undo_upload(upload=first, actor=ministry, reason="시험")
    assert done == {"restored": 1, "withdrawn": 1, "kept": 1}
    one = RegionalIndustry.objects.get(code="M-GN-1")
    assert (one.name_ko, one.provisional, one.upload, one.codes.count()) == ("첨단항공", True, None, 0)
    assert not RegionalIndustry.objects.filter(code="M-GN-5").exists()
    intake.undo_upload(upload=second, actor=ministry, reason="시험")
    assert RegionalIndustry.objects.get(code="M-GN-4").upload == first


def test_every_fault_is_told_at_its_cell(ministry):
    upload = read(
        ministry,
        template(
            ministry, ("M-GN-1", "시·도", "경남, 평양"), ("M-GN-2", "표준산업분류(11차)", "C99"), ("M-GN-3", "출처", None),
            ("M-BS-1", "끝나는 날", "2020-01-01"), ("M-BS-2", "산업 코드", "M-BS-3"), ("M-DG-1", "구분", "주력"),
        ),
    )  # fmt: skip
    assert upload.state == "REJECTED"
    told = {problem["rule"] for row in upload.rows.all() for problem in row.problems}
    assert told == {"region_unknown", "ksic_unknown", "required", "dates", "doubled", "cell"}
    assert RegionalIndustry.objects.filter(upload=None).count() == 64


def test_what_moved_since_the_preview_is_not_overwritten(ministry):
    waiting = read(ministry, template(ministry, ("M-GN-1", "이름", "가")))
    commit(ministry, read(ministry, template(ministry, ("M-GN-1", "이름", "나"))))
    waiting = intake.ask_commit(upload=waiting, actor=ministry)
    tasks.commit_upload(job_id=waiting.job_id)
    waiting.refresh_from_db()
    assert waiting.state == "READY"
    assert RegionalIndustry.objects.get(code="M-GN-1").name_ko == "나"


@pytest.mark.parametrize("role", ["TECHNOPARK", "OFFICE_STAFF", "COUNCIL_MEMBER"])
def test_only_the_ministry_states_industries(ministry, role):
    somebody = person(role=role, region=Region.objects.get(code="48"))
    with pytest.raises(Refusal):
        read(somebody, template(ministry))
