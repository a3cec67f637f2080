"""Previewed rows are written all or none, once; what was written can be taken back."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisis.enums import ObservationStatus
from crisis.models import IndicatorUnit, Observation, ObservationBatch
from crisis.services import enter_observation, observation_sql
from portal.directory.enums import JobState, Role
from portal.directory.models import Event, Membership
from portal.directory.scope import scope_of
from portal.directory.services.jobs import retry_job
from portal.intake import services, tasks, workbooks
from portal.intake.enums import UPLOAD_NEXT_STATES, UploadState
from portal.intake.models import Upload
from portal.intake.registry import importer_for
from portal.intake.services import committing
from portal.intake.services.states import step
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.factories.crisis import ObservationFactory
from tests.factories.directory import MembershipFactory, OrganizationFactory, UserFactory, person
from tests.intake.conftest import HEAD, csv_bytes, messages_of, xlsx_bytes

pytestmark = pytest.mark.django_db


def current():
    return {row.period: row.value for row in Observation.objects.current()}


def test_a_committed_file_is_one_batch_with_its_deed(office):
    upload = office.commit(office.read(csv_bytes(*office.rows(3))))
    assert (upload.state, upload.counts["written"]) == (UploadState.COMMITTED, {"new": 3, "changed": 0, "same": 0})
    batch = ObservationBatch.objects.get()
    assert (batch.upload, batch.actor, batch.organization) == (upload, office.clerk, office.organization)
    assert Event.objects.filter(verb="commit_upload").get().facts["new"] == 3
    assert upload.job.state == JobState.DONE
    assert upload.job.result_url == f"/uploads/{upload.public_id}/"


def test_a_file_with_one_fault_writes_nothing_and_cannot_be_committed(office):
    upload = office.read(csv_bytes(*office.rows(3), office.row("약간")))
    with pytest.raises(Refusal, match="고칠 곳 있음"):
        services.ask_commit(upload=upload, actor=office.clerk)
    assert not Observation.objects.exists()


def test_only_what_differs_is_written(office):
    office.commit(office.read(csv_bytes(*office.rows(3))))
    rows = [*office.rows(2), office.row("5", "2019-03"), office.row("6", "2019-04")]
    upload = office.commit(office.read(csv_bytes(*rows)))
    assert upload.counts["written"] == {"new": 1, "changed": 1, "same": 0}
    assert Observation.objects.count() == 5


def test_the_same_content_again_is_refused_with_the_way_to_it(office):
    first = office.commit(office.read(csv_bytes(*office.rows(2))))
    with pytest.raises(Refusal, match="먼저 그 파일을 되돌려") as refused:
        office.receive(csv_bytes(*office.rows(2)))
    assert refused.value.fields == {"upload": str(first.public_id)}


def test_the_same_content_of_another_body_is_not_shown(office):
    office.commit(office.read(csv_bytes(*office.rows(2))))
    other = person(region=office.foreign.region.parent)
    with pytest.raises(Refusal, match="다른 기관에서") as refused:
        office.receive(csv_bytes(*office.rows(2)), actor=other)
    assert refused.value.fields == {}


def test_of_two_uploads_of_one_content_only_one_is_committed(office):
    one, two = (office.read(csv_bytes(*office.rows(2))) for _ in range(2))
    services.ask_commit(upload=two, actor=office.clerk)
    office.commit(one)
    two.refresh_from_db()
    tasks.commit_upload(job_id=two.job_id)
    two.refresh_from_db()
    assert two.job.state == JobState.FAILED
    assert two.job.error_code in {"already_committed", "changed_meanwhile"}
    assert two.state == UploadState.READY
    assert ObservationBatch.objects.count() == 1


def test_the_database_itself_keeps_one_content_from_being_committed_twice(office, monkeypatch):
    one, two = (office.read(csv_bytes(office.row())) for _ in range(2))
    office.commit(one)
    monkeypatch.setattr("portal.intake.services.committing.refuse_if_committed", lambda **facts: None)
    Upload.objects.filter(pk=two.pk).update(state=UploadState.READY)
    two.rows.update(values={**two.rows.get().values, "_seen": None})
    two = office.commit(two)
    assert (two.job.error_code, two.state) == ("already_committed", UploadState.READY)


def test_a_file_without_news_is_not_committed(office):
    ObservationFactory(area=office.area, indicator=office.indicator, period=date(2025, 5, 1), value=1)
    upload = office.read(csv_bytes(office.row("1")))
    with pytest.raises(Refusal, match="반영할 것이 없습니다"):
        services.ask_commit(upload=upload, actor=office.clerk)


@pytest.mark.parametrize(
    "breaks",
    [(observation_sql, "CLEAR", "SELECT 1/0"), (committing, "timezone", None)],
    ids=["while figures are recorded", "after they were"],
)
def test_nothing_is_half_written_when_the_commit_breaks_in_the_middle(office, monkeypatch, breaks):
    upload = office.read(csv_bytes(*office.rows(5)))
    monkeypatch.setattr(*breaks)
    upload = office.commit(upload)
    assert not Observation.objects.exists()
    assert not ObservationBatch.objects.exists()
    assert (upload.state, upload.committed_at, upload.job.state) == (UploadState.READY, None, JobState.FAILED)
    assert "관리자에게 번호" in upload.job.error
    monkeypatch.undo()
    assert office.commit(upload).state == UploadState.COMMITTED


def test_a_value_that_moved_after_the_preview_is_not_overwritten(office):
    upload = office.read(csv_bytes(office.row("5")))
    enter_observation(
        area=office.area, indicator=office.indicator, period=date(2025, 5, 1), value=Decimal(6),
        unit=office.indicator.unit, status=ObservationStatus.FINAL, actor=office.clerk,
    )  # fmt: skip
    upload = office.commit(upload)
    assert (upload.state, upload.job.error_code) == (UploadState.READY, "changed_meanwhile")
    assert list(current().values()) == [6]
    upload = services.reread_upload(upload=upload, actor=office.clerk)
    tasks.read_upload(job_id=upload.job_id)
    upload.refresh_from_db()
    assert upload.rows.get().before["value"] == "6"
    assert office.commit(upload).state == UploadState.COMMITTED
    assert list(current().values()) == [5]


def test_a_killed_workers_commit_is_taken_up_and_a_late_second_one_does_nothing(office):
    upload = services.ask_commit(upload=office.read(csv_bytes(office.row())), actor=office.clerk)
    upload.job.state = JobState.RUNNING  # claimed by a worker that died before its first word
    upload.job.save()
    for _ in range(2):
        tasks.commit_upload(job_id=upload.job_id)
    upload.refresh_from_db()
    assert upload.state == UploadState.COMMITTED
    services.commit_upload(upload_id=upload.pk, actor_id=office.clerk.pk, say=lambda **said: None)
    assert ObservationBatch.objects.count() == 1


def test_a_retry_of_a_failed_commit_points_to_the_page(office, monkeypatch):
    upload = office.read(csv_bytes(office.row()))
    monkeypatch.setattr(observation_sql, "CLEAR", "SELECT 1/0")
    upload = office.commit(upload)
    monkeypatch.undo()
    job = retry_job(job=upload.job)
    tasks.commit_upload(job_id=job.pk)
    job.refresh_from_db()
    assert "파일 화면에서 다시 반영" in job.error


@pytest.mark.parametrize(("works_elsewhere", "code"), [(True, "out_of_scope"), (False, "upload_kind")])
def test_who_lost_the_region_since_cannot_commit(office, works_elsewhere, code):
    upload = services.ask_commit(upload=office.read(csv_bytes(office.row())), actor=office.clerk)
    Membership.objects.filter(user=office.clerk).update(effective=period(date(2020, 1, 1), date(2021, 1, 1)))
    if works_elsewhere:
        elsewhere = OrganizationFactory(of_region=office.foreign.region.parent)
        MembershipFactory(user=office.clerk, organization=elsewhere)
    tasks.commit_upload(job_id=upload.job_id)
    upload.refresh_from_db()
    assert (upload.job.error_code, upload.state) == (code, UploadState.READY)


class TestUndo:
    def test_it_brings_back_what_was_and_the_file_may_come_again(self, office):
        ObservationFactory(area=office.area, indicator=office.indicator, period=date(2019, 1, 1), value=7)
        upload = office.commit(office.read(csv_bytes(*office.rows(2))))
        done = services.undo_upload(upload=upload, actor=office.clerk, reason="단위를 잘못 적음")
        assert done == {"restored": 1, "withdrawn": 1, "kept": 0}
        upload.refresh_from_db()
        assert (upload.state, upload.undone_by, upload.undo_reason) == (
            UploadState.UNDONE,
            office.clerk,
            "단위를 잘못 적음",
        )
        assert current() == {date(2019, 1, 1): 7}
        assert office.commit(office.read(csv_bytes(*office.rows(2)))).state == UploadState.COMMITTED
        assert len(current()) == 2

    def test_it_happens_once_and_with_a_reason(self, office):
        upload = office.commit(office.read(csv_bytes(office.row())))
        with pytest.raises(Refusal, match="사유"):
            services.undo_upload(upload=upload, actor=office.clerk, reason=" ")
        services.undo_upload(upload=upload, actor=office.clerk, reason="잘못 올림")
        with pytest.raises(Refusal, match="되돌림"):
            services.undo_upload(upload=upload, actor=office.clerk, reason="다시")

    def test_a_refused_undo_leaves_the_file_committed(self, office):
        upload = office.commit(office.read(csv_bytes(office.row())))
        enter_observation(
            area=office.area, indicator=office.indicator, period=date(2025, 5, 1), value=Decimal(6),
            unit=office.indicator.unit, status=ObservationStatus.FINAL, actor=office.clerk,
        )  # fmt: skip
        with pytest.raises(Refusal, match="되돌릴 값이 없습니다"):
            services.undo_upload(upload=upload, actor=office.clerk, reason="잘못 올림")
        upload.refresh_from_db()
        assert upload.state == UploadState.COMMITTED


def test_a_discarded_file_leaves_neither_rows_nor_content(office, django_capture_on_commit_callbacks):
    upload = office.read(csv_bytes(office.row()))
    name, storage = upload.file.name, upload.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        upload = services.discard_upload(upload=upload, actor=office.clerk)
    assert (upload.state, upload.rows.count(), storage.exists(name)) == (UploadState.DISCARDED, 0, False)


def test_a_file_above_the_limit_or_empty_is_refused_at_the_door(office, settings):
    settings.UPLOAD_MAX_BYTES = 10
    with pytest.raises(Refusal, match="까지 올릴 수 있습니다"):
        office.receive(csv_bytes(office.row()))
    with pytest.raises(Refusal, match="빈 파일"):
        office.receive(b"")


@pytest.mark.parametrize("actor", [lambda: person(role=Role.AUDITOR), UserFactory])
def test_who_may_not_enter_figures_may_not_bring_files(office, actor):
    with pytest.raises(Refusal, match="권한이 없습니다"):
        office.receive(csv_bytes(office.row()), actor=actor())


def test_the_name_of_a_file_is_never_a_path(office):
    upload = office.receive(csv_bytes(office.row()), filename="../../etc/비밀\n.csv")
    assert upload.filename == "비밀.csv"
    assert upload.file.name.startswith("uploads/")


@pytest.mark.parametrize("state", UploadState.values)
def test_the_workflow_is_kept(state):
    assert state in UPLOAD_NEXT_STATES
    for wanted in UploadState.values:
        upload = Upload(state=state)
        if wanted in UPLOAD_NEXT_STATES[state]:
            step(upload, wanted)
            assert upload.state == wanted
        else:
            with pytest.raises(Refusal):
                step(upload, wanted)


def test_every_state_but_the_first_is_reached():
    assert set().union(*UPLOAD_NEXT_STATES.values()) == set(UploadState.values) - {UploadState.RECEIVED}


def filled(office, actor=None):
    importer = importer_for("observations")
    target = io.BytesIO()
    workbooks.write_template(target, importer, scope_of(actor or office.clerk), filled=True)
    return target.getvalue()


figures = st.decimals(min_value=-(10**17), max_value=10**17, places=6).filter(
    lambda value: len(value.normalize().as_tuple().digits) <= 18
)


@given(
    st.lists(
        st.tuples(
            figures,
            st.sampled_from(ObservationStatus.values),
            st.sampled_from(["", "=1+1", "-메모", "가 나"]),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_unedited_export_changes_nothing(office, rows):
    unit = IndicatorUnit.objects.get_or_create(indicator=office.indicator, unit="억달러", defaults={"factor": 10**5})[0]
    for place, (value, status, note, other) in enumerate(rows):
        enter_observation(
            area=office.area, indicator=office.indicator, period=date(2020, place + 1, 1), value=value, status=status,
            unit=unit.unit if other else office.indicator.unit, note=note, verified=bool(note) and other,
            actor=office.clerk,
        )  # fmt: skip
    upload = office.read(filled(office), filename="자료.xlsx")
    assert upload.state == UploadState.READY, messages_of(upload)
    assert upload.counts["SAME"] == upload.counts["rows"] >= len(rows)
    notes = Observation.objects.current().order_by("period").values_list("note", flat=True)
    assert [row.values["note"] for row in upload.rows.order_by("number")] == list(notes)


def test_an_edited_export_changes_what_was_edited_alone(office):
    office.commit(office.read(csv_bytes(*office.rows(3))))
    book = openpyxl.load_workbook(io.BytesIO(filled(office)))
    book["자료"]["E3"] = 555
    target = io.BytesIO()
    book.save(target)
    upload = office.read(target.getvalue())
    assert {key: upload.counts[key] for key in ("NEW", "CHANGED", "SAME")} == {"NEW": 0, "CHANGED": 1, "SAME": 2}
    office.commit(upload)
    assert current()[date(2019, 2, 1)] == 555


def test_the_template_offers_only_what_its_reader_may_write(office):
    book = openpyxl.load_workbook(io.BytesIO(filled(office)))
    assert book["목록"].sheet_state == "hidden"
    offered = {cell.value for row in book["목록"].iter_rows() for cell in row if cell.value}
    assert f"{office.area.code} {office.area.name_ko}" in offered
    assert not any(office.foreign.code in str(value) for value in offered)
    rules = book["자료"].data_validations.dataValidation
    assert {str(rule.sqref).split(":")[0] for rule in rules} == {"A2", "C2", "G2", "I2"}
    assert [(p.name, p.value) for p in book.custom_doc_props.props] == [("template_version", "observations/1")]


def test_the_workbook_of_faults_keeps_the_rows_and_may_come_back_mended(office):
    data = xlsx_bytes(office.row("약간"), office.row(5, "2025-04"), before=[["제목"]])
    upload = office.read(data)
    target = io.BytesIO()
    assert workbooks.write_errors(target, upload) == 1
    book = openpyxl.load_workbook(target)
    sheet = book.active
    assert [cell.value for cell in sheet[2]] == [*HEAD, "고칠 점"]
    assert sheet["D3"].value == "약간"
    assert sheet["D3"].fill.fgColor.rgb == "FFFBDAD7"
    assert sheet["H3"].value.startswith("D3 ‘약간’은(는) 숫자가 아닙니다")
    assert sheet["D4"].value == 5
    sheet["D3"] = 7
    mended = io.BytesIO()
    book.save(mended)
    upload = office.read(mended.getvalue())
    assert (upload.state, upload.counts["NEW"]) == (UploadState.READY, 2), messages_of(upload)
