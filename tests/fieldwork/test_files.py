"""Sheets by file through the real pipeline: the sample out, the answers in, all faults at once, taken back."""

import io

import openpyxl
import pytest
from django.core.files.base import ContentFile

from crisis.fieldwork import services
from crisis.fieldwork.models import Unit
from portal.directory.scope import scope_of
from portal.intake import services as intake
from portal.intake import tasks, workbooks
from portal.intake.models import Upload
from portal.intake.registry import importer_for, importers_for, is_known, title_of
from portal.kernel.errors import Refusal
from tests.fieldwork.conftest import GOOD, opened

pytestmark = pytest.mark.django_db
WRITTEN = {
    "경기 실적": "비슷함", "경기 전망": "좋아짐", "매출 실적": "비슷함", "매출 전망": "비슷함", "영업이익 실적": "줄어듦", "영업이익 전망": "비슷함",
    "자금 사정 실적": "비슷함", "자금 사정 전망": "비슷함", "고용 실적": "비슷함", "고용 전망": "비슷함", "위기 원인 1": "원자재 가격 상승",
    "위기 원인 2": "내수 부진", "지원 요청 사항 1": "정책자금 융자", "제출": "○",
}  # fmt: skip


def workbook(user, kind):
    importer = importer_for(kind)
    target = io.BytesIO()
    workbooks.write_template(target, importer, scope_of(user).within(importer.capability), filled=True)
    return target.getvalue()


def edited(data, rows):
    """The workbook with cells written by sample number and header."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["자료"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    lines = {sheet.cell(row, columns["조사 번호"]).value: row for row in range(2, sheet.max_row + 1)}
    for number, values in rows.items():
        for header, value in values.items():
            sheet.cell(lines[number], columns[header], value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(user, kind, data):
    upload = intake.receive_upload(kind=kind, content=ContentFile(data), filename="조사표.xlsx", actor=user)
    tasks.read_upload(job_id=upload.job_id)
    return Upload.objects.get(pk=upload.pk)


def commit(user, upload):
    upload = intake.ask_commit(upload=upload, actor=user)
    tasks.commit_upload(job_id=upload.job_id)
    upload = Upload.objects.select_related("job").get(pk=upload.pk)
    assert upload.state == "COMMITTED", upload.job.error
    return upload


def test_a_kind_of_file_for_each_open_campaign_of_the_reader(land):
    campaign = opened(land)
    kind = f"fieldwork-{campaign.code}"
    assert is_known(kind)
    assert not is_known("fieldwork-nothing")
    assert title_of(kind) == f"현장 조사표 {campaign.code}"
    assert title_of("nothing") == "nothing"
    offered = {user: kind in {one.kind for one in importers_for(scope_of(user))}
               for user in (land.centre, land.stranger, land.official)}  # fmt: skip
    assert offered == {land.centre: True, land.stranger: False, land.official: False}


def test_the_sample_comes_out_with_its_lists_and_an_unedited_file_changes_nothing(land):
    campaign = opened(land)
    unit = campaign.units.first()
    services.save_sheet(unit=unit, answers=GOOD | {"opinion": "=의견"}, seen=0, actor=land.centre, submit=True)
    second = campaign.units.order_by("number")[1]
    services.record_outcome(unit=second, outcome="NO_CONTACT", note="이전", seen=0, actor=land.centre)
    data = workbook(land.centre, f"fieldwork-{campaign.code}")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book["자료"].max_row == 18
    # Twelve items, three causes, three wishes, the outcome, handing in.
    assert len(book["자료"].data_validations.dataValidation) == 20
    upload = read(land.centre, f"fieldwork-{campaign.code}", data)
    assert (upload.state, upload.counts["SAME"]) == ("READY", 17), [row.before for row in upload.rows.all()]


def test_answers_come_in_by_file_and_are_taken_back(land):
    campaign = opened(land)
    kind = f"fieldwork-{campaign.code}"
    data = edited(workbook(land.centre, kind), {
        "0001": WRITTEN, "0002": {"경기 실적": "나빠짐"}, "0003": {"응답 없음": "응답 거절", "응답 없음의 사정": "바쁨"},
    })  # fmt: skip
    upload = commit(land.centre, read(land.centre, kind, data))
    one, two, three = Unit.objects.order_by("number")[:3]
    assert (one.state, one.answers) == ("SUBMITTED", GOOD)
    assert (two.state, two.answers) == ("DRAFT", {"economy_now": "WORSE"})
    assert (three.state, three.outcome_note) == ("REFUSED", "바쁨")
    services.save_sheet(unit=two, answers={"economy_now": "SAME"}, seen=two.version, actor=land.colleague)
    intake.undo_upload(upload=upload, actor=land.centre, reason="다른 파일")
    assert list(Unit.objects.order_by("number").values_list("state", "version")[:3]) == [
        ("PENDING", 2), ("DRAFT", 2), ("PENDING", 2),
    ]  # fmt: skip


def test_every_fault_of_a_file_is_told_at_once(land):
    campaign = opened(land)
    kind = f"fieldwork-{campaign.code}"
    services.save_sheet(unit=campaign.units.get(number="0004"), answers=GOOD, seen=0, actor=land.centre, submit=True)
    data = edited(workbook(land.centre, kind), {
        "0001": WRITTEN | {"경기 전망": "대박"}, "0002": {"제출": "○"}, "0003": WRITTEN | {"응답 없음": "응답 거절"},
        "0004": {"경기 실적": "나빠짐"}, "0005": {"조사 번호": "9999"},
    })  # fmt: skip
    upload = read(land.centre, kind, data)
    told = {
        row.values.get("number"): {problem["rule"] for problem in row.problems}
        for row in upload.rows.all()
        if row.problems
    }
    assert {"form_rule"} == told["0002"]
    assert told["0003"] == {"answer_and_outcome"}
    assert told["0004"] == {"reason_missing"}
    assert told["9999"] == {"unit_unknown"}
    assert told["0001"]
    with pytest.raises(Refusal):
        intake.ask_commit(upload=upload, actor=land.centre)


def test_a_file_of_another_centre_and_one_after_the_end_are_refused(land):
    campaign = opened(land)
    kind = f"fieldwork-{campaign.code}"
    data = edited(workbook(land.centre, kind), {"0001": WRITTEN})
    foreign = read(land.stranger, kind, data)
    assert foreign.counts["ERROR"] == 17
    upload = read(land.centre, kind, data)
    services.close_campaign(campaign=campaign, actor=land.centre, reason="끝")
    upload = intake.ask_commit(upload=upload, actor=land.centre)
    tasks.commit_upload(job_id=upload.job_id)
    assert Upload.objects.get(pk=upload.pk).state != "COMMITTED"
    assert not Unit.objects.exclude(state="PENDING").exists()
