"""Sheets by file: the template out, the file in, nothing changed by an unedited round trip, every fault at once."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from companies.surveys import services
from companies.surveys.importers import SheetImporter
from companies.surveys.models import Submission
from companies.surveys.shipped import shipped_forms
from portal.directory.scope import scope_of
from portal.intake import services as intake
from portal.intake import tasks, workbooks
from portal.intake.models import Upload
from portal.intake.registry import importer_for
from tests.surveys.conftest import ask, make_round

pytestmark = pytest.mark.django_db
KIND = "survey-sme-fact"
SHEET = {
    "factories": 1, "main_product": "=밸브", "relation": "NONE", "sales": 5_000_000_000, "operating_profit": -250_500_000,
    "employees": 12, "rnd": 0, "lab": "LAB", "difficulty": "FUND", "utilisation": "81.25",
}  # fmt: skip


@pytest.fixture
def office(shipped, places, people):
    """Two companies of the clerk's region asked in a round of the shipped form, one of another region."""
    survey = make_round(shipped, "fact-2025")
    near = [ask(survey, places.near, places.park) for _ in range(2)]
    return survey, near, ask(survey, places.far, places.other_park)


def template(user, *, filled=True):
    """The template as somebody gets it, as a workbook."""
    importer = importer_for(KIND)
    target = io.BytesIO()
    workbooks.write_template(target, importer, scope_of(user).within(importer.capability), filled=filled)
    return target.getvalue()


def edited(data, change):
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["자료"]
    places = {cell.value: cell.column for cell in sheet[1]}

    def put(row, header, value):
        sheet.cell(row, places[header], value)

    change(sheet, put)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(user, data, name="조사표.xlsx"):
    upload = intake.receive_upload(kind=KIND, content=ContentFile(data), filename=name, actor=user)
    tasks.read_upload(job_id=upload.job_id)
    return Upload.objects.get(pk=upload.pk)


def commit(user, upload):
    upload = intake.ask_commit(upload=upload, actor=user)
    tasks.commit_upload(job_id=upload.job_id)
    upload = Upload.objects.select_related("job").get(pk=upload.pk)
    assert upload.state == "COMMITTED", upload.job.error
    return upload


def rows_of(upload):
    return list(upload.rows.order_by("number"))


def fill(sheet, put, row):
    """A whole sheet as people write it."""
    for header, value in {
        "공장·사업장 수(개)": "1", "주생산품": "밸브", "수·위탁 관계": "없음", "매출액(백만원)": "5,000", "영업이익(백만원)": "△250.5",
        "상시근로자(명)": "１２", "연구개발비(백만원)": 0, "기업부설연구소": "연구소 있음", "가장 큰 어려움": "자금", "제출": "○",
    }.items():  # fmt: skip
        put(row, header, value)


def test_each_shipped_form_has_an_importer():
    for raw in shipped_forms():
        assert isinstance(importer_for(f"survey-{raw['code']}"), SheetImporter)


def test_template_carries_the_companies_of_the_region_drop_downs_and_a_stamp(office, people):
    _survey, near, far = office
    book = openpyxl.load_workbook(io.BytesIO(template(people.clerk)))
    numbers = {row[1].value for row in book["자료"].iter_rows(min_row=2)}
    assert numbers == {target.business_number for target in near}
    assert far.business_number not in numbers
    assert len(book["자료"].data_validations.dataValidation) >= 5
    assert book.custom_doc_props["template_version"].value == f"{KIND}/1"
    assert any("제출할 때 필수" in str(cell.value) for row in book["작성요령"].iter_rows() for cell in row)


def test_unedited_round_trip_changes_nothing(office, people):
    _survey, near, _far = office
    services.save_answers(target=near[0], answers=SHEET, seen=0, actor=people.clerk)
    services.submit(target=near[0], seen=1, actor=people.clerk)
    services.save_answers(target=near[1], answers={"sales": 1_500_000, "request": "'가"}, seen=0, actor=people.clerk)
    upload = read(people.clerk, template(people.clerk))
    assert (upload.state, upload.counts["SAME"], upload.counts["rows"]) == ("READY", 2, 2), [
        r.before for r in rows_of(upload)
    ]


def test_file_writes_and_hands_in_and_can_be_taken_back(office, people):
    _survey, near, _far = office
    data = edited(template(people.clerk), lambda sheet, put: (fill(sheet, put, 2), put(3, "매출액(백만원)", 7)))
    upload = read(people.clerk, data)
    assert upload.state == "READY", [row.problems for row in rows_of(upload)]
    assert upload.counts["NEW"] == 2
    upload = commit(people.clerk, upload)
    assert upload.counts["written"] == {"saved": 2, "handed_in": 1}
    sent = Submission.objects.get(state="SUBMITTED")
    assert sent.answers["operating_profit"] == -250_500_000
    assert {revision.upload_id for revision in sent.revisions.all()} == {upload.pk}
    other = Submission.objects.exclude(pk=sent.pk).get()
    services.save_answers(target=other.target, answers={"sales": 9}, seen=1, actor=people.colleague)
    done = intake.undo_upload(upload=upload, actor=people.clerk, reason="잘못 올림")
    assert done == {"restored": 0, "withdrawn": 1, "kept": 1}
    sent.refresh_from_db()
    assert (sent.state, sent.answers, sent.submitted_at) == ("DRAFT", {}, None)
    other.refresh_from_db()
    assert other.answers == {"sales": 9}
    del near


def test_every_fault_of_a_file_is_told_at_once(office, people):
    _survey, near, far = office

    def spoil(sheet, put):
        put(2, "매출액(백만원)", "많음")
        put(2, "수·위탁 관계", "모름")
        put(2, "평균 가동률(%)", 151)
        fill(sheet, put, 3)
        put(3, "직접수출액(백만원)", 6000)
        put(3, "연구 인력(명)", 13)
        put(4, "회차", "fact-2025")
        put(4, "사업자등록번호", far.business_number)
        put(5, "회차", "없는회차")
        put(5, "사업자등록번호", "123")
        put(6, "회차", "fact-2025")
        put(6, "사업자등록번호", near[0].business_number)

    upload = read(people.clerk, edited(template(people.clerk), spoil))
    told = [(p["cell"], p["rule"]) for row in rows_of(upload) for p in row.problems if not p["warning"]]
    cells = {cell for cell, _ in told}
    assert upload.state == "REJECTED"
    assert {"A5", "B4", "B5", "B6"} <= cells
    rules = [rule for _, rule in told]
    assert rules.count("cell") == 4
    assert rules.count("form_rule") == 3  # two sums that cannot be, and the market that exports ask for
    assert {"target_unknown", "round_unknown", "doubled"} <= set(rules)
    assert Submission.objects.count() == 0


def test_draft_with_a_contradiction_is_a_warning_and_handing_it_in_an_error(office, people):
    def change(sheet, put):
        put(2, "매출액(백만원)", 5)
        put(2, "직접수출액(백만원)", 6)

    upload = read(people.clerk, edited(template(people.clerk), change))
    assert (upload.state, upload.counts["WARNING"]) == ("READY", 1)
    hand_in = edited(template(people.clerk), lambda sheet, put: (change(sheet, put), put(2, "제출", "○")))
    assert read(people.clerk, hand_in).state == "REJECTED"


def test_locked_round_and_handed_in_sheet_are_refused_by_file_too(office, people):
    survey, near, _far = office
    services.save_answers(target=near[0], answers=SHEET, seen=0, actor=people.clerk)
    services.submit(target=near[0], seen=1, actor=people.clerk)
    data = template(people.clerk)
    change = edited(data, lambda sheet, put: (put(2, "매출액(백만원)", 1), put(3, "매출액(백만원)", 1)))
    upload = read(people.clerk, change)
    assert [p["rule"] for row in rows_of(upload) for p in row.problems] == ["handed_in"]
    survey.closes_on = survey.due_on = timezone.localdate() - timedelta(days=9)
    survey.save()
    upload = read(people.clerk, edited(data, lambda sheet, put: put(3, "매출액(백만원)", 1)), "나중.xlsx")
    assert [p["rule"] for row in rows_of(upload) for p in row.problems] == ["closed"]


def test_sheet_changed_after_the_preview_stops_the_whole_file(office, people):
    _survey, near, _far = office
    change = edited(
        template(people.clerk), lambda sheet, put: (put(2, "매출액(백만원)", 1), put(3, "매출액(백만원)", 1))
    )
    upload = read(people.clerk, change)
    services.save_answers(target=near[1], answers={"sales": 9}, seen=0, actor=people.colleague)
    upload = intake.ask_commit(upload=upload, actor=people.clerk)
    tasks.commit_upload(job_id=upload.job_id)
    upload = Upload.objects.select_related("job").get(pk=upload.pk)
    assert (upload.state, upload.job.error_code) == ("READY", "changed_meanwhile")
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("count", [1, 6])
def test_preview_costs_the_same_for_any_number_of_rows(office, places, people, count, django_assert_max_num_queries):
    survey, _near, _far = office
    for _ in range(count):
        ask(survey, places.near, places.park)
    data = template(people.clerk)
    upload = intake.receive_upload(kind=KIND, content=ContentFile(data), filename="가.xlsx", actor=people.clerk)
    with django_assert_max_num_queries(33):
        tasks.read_upload(job_id=upload.job_id)
