"""Papers come from the record alone: the tables may say whatever they like by then."""

import io
import zipfile
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisis.dossiers import services
from crisis.dossiers.documents import hwpx_of, paper_of, pdf_of
from crisis.dossiers.models import Dossier
from crisis.dossiers.tasks import write_paper
from network import services as network
from portal.directory.enums import JobState
from tests.dossiers.test_verifying import severe_to_good, superuser


def hwpx_text(content):
    """Everything between the tags of the sections."""
    import re

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sections = [name for name in package.namelist() if name.startswith("Contents/section")]
        return "\n".join(re.sub(r"<[^>]+>", "\n", package.read(name).decode()) for name in sections)


@pytest.fixture
def paper(decided):
    dossier = Dossier.objects.get(area__code="G2")
    return paper_of(dossier.record, dossier.sha256)


def words_of(paper):
    cells = (cell for block in paper.blocks for cell in [block.text, *block.head, *chain.from_iterable(block.rows)])
    return "\n".join([paper.title, paper.subtitle, *cells])


def test_a_paper_says_the_decision_the_reasons_the_votes_and_the_hashes(paper):
    said = words_of(paper)
    for expected in [
        "◆ 심각", "2025. 7. 20.부터", "2025년 상반기", "찬성 7, 반대 1, 기권 1", "위원3의 소수 의견",
        "원안대로 의결하되 점검을 늘림.", "지표 EXP", "재적 9명, 출석 9명", paper.sha256,
    ]:  # fmt: skip
        assert expected in said, expected


def test_papers_ask_no_table(decided, django_assert_num_queries):
    dossier = Dossier.objects.get(area__code="G2")
    with django_assert_num_queries(0):
        paper = paper_of(dossier.record, dossier.sha256)
        assert pdf_of(paper)
        assert hwpx_of(paper)


def test_the_pdf_is_tagged_and_carries_its_typeface(paper):
    content = pdf_of(paper)
    assert content.startswith(b"%PDF-")
    assert b"pdfuaid" in content or b"StructTreeRoot" in content
    assert b"PretendardGOV" in content
    assert content == pdf_of(paper) or abs(len(content) - len(pdf_of(paper))) < 200


def test_the_hwpx_can_be_read_back(paper):
    from hwpx import HwpxDocument

    content = hwpx_of(paper)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        assert package.read("mimetype") == b"application/hwp+zip"
    said = hwpx_text(content)
    for expected in ["지역중소기업 위기징후 단계 결정서", "◆ 심각", "위원3의 소수 의견", paper.sha256]:
        assert expected in said, expected
    assert HwpxDocument.open(io.BytesIO(content)).paragraphs


@pytest.mark.parametrize("text", ['#read("/etc/passwd")', "<b>굵게</b> & *별* $x$ = 표", "]|#panic()"])
def test_no_text_of_a_record_is_taken_for_markup(decided, text):
    dossier = Dossier.objects.get(area__code="G2")
    record = dossier.record
    record["minutes"]["item"] = text
    paper = paper_of(record, dossier.sha256)
    assert pdf_of(paper).startswith(b"%PDF-")
    assert text in hwpx_text(hwpx_of(paper)).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_minutes_have_a_paper_too(decided):
    network.close_meeting(meeting=decided.meeting, minutes="회의록 전문", actor=decided.actor)
    network.approve_minutes(meeting=decided.meeting, actor=decided.actor)
    link = Dossier.objects.get(kind="MINUTES")
    paper = paper_of(link.record, link.sha256)
    assert "회의록 전문" in words_of(paper)
    assert Dossier.objects.get(area__code="G2").sha256 in words_of(paper)
    assert pdf_of(paper).startswith(b"%PDF-")
    assert "회의록 전문" in hwpx_text(hwpx_of(paper))


@pytest.mark.parametrize("format", ["pdf", "hwpx"])
def test_a_worker_writes_the_file_and_a_second_delivery_changes_nothing(
    decided, format, sent_tasks, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path
    dossier = Dossier.objects.get(area__code="G2")
    job = services.start_paper(dossier=dossier, format=format, actor=decided.actor)
    write_paper(job_id=job.pk)
    write_paper(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert job.result["filename"].endswith(f"제1호.{format}")
    assert (tmp_path / "exports" / str(job.pk)).read_bytes()[:2] in {b"%P", b"PK"}


def test_a_broken_dossier_is_not_printed(decided, sent_tasks):
    from tests.dossiers.test_verifying import rewrite

    rewrite(1, severe_to_good, rehash=False)
    job = services.start_paper(dossier=Dossier.objects.get(sequence=1), format="pdf", actor=decided.actor)
    write_paper(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "dossier_broken")


def test_the_tables_have_no_say_in_a_paper(decided):
    """The live rows are changed under the paper's feet: it stays as the record has it."""
    with superuser() as cursor:
        cursor.execute("UPDATE crisis_area SET name_ko = '딴 이름'")
        cursor.execute("UPDATE network_seat SET name = '딴 사람'")
    dossier = Dossier.objects.get(area__code="G2")
    said = words_of(paper_of(dossier.record, dossier.sha256))
    assert "딴 이름" not in said
    assert "딴 사람" not in said
    with CaptureQueriesContext(connection) as asked:
        paper_of(dossier.record, dossier.sha256)
    assert not asked.captured_queries


def test_the_faces_of_the_documents_are_in_the_tree():
    folder = Path(settings.BASE_DIR) / "portal/kernel/fonts/pretendard-gov"
    assert {file.name for file in folder.iterdir()} == {
        "LICENSE.txt", "PretendardGOV-Bold.otf", "PretendardGOV-Regular.otf",
    }  # fmt: skip
