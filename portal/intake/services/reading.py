"""A file is read: opened, its head matched, its cells understood, its rows judged, the preview kept.

All faults are found at once. A second run begins anew and replaces what the first left; once the upload has moved on it
does nothing.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from portal.directory.audit import new_request_id
from portal.directory.scope import Scope, scope_of
from portal.intake.enums import RowOutcome, UploadState
from portal.intake.headers import Layout, find_layout
from portal.intake.models import Upload
from portal.intake.packages import FileProblem, column_letters
from portal.intake.readers import Book
from portal.intake.registry import Importer, Problem, Row, importer_for, open_file
from portal.intake.services.remembering import remembered_columns
from portal.intake.services.rows import read_rows
from portal.intake.services.states import locked, step
from portal.kernel.bulk import copy_rows

logger = logging.getLogger(__name__)

Say = Callable[..., None]


def read_upload(*, upload_id: int, say: Say) -> Upload:
    """Read an upload into its preview: READY if every row may be committed, REJECTED with every fault otherwise."""
    with transaction.atomic():
        upload = locked(upload_id)
        if upload.state == UploadState.RECEIVED:
            step(upload, UploadState.READING)
            upload.save()
        elif upload.state != UploadState.READING:
            return upload
    importer = importer_for(upload.kind)
    say(message="파일을 여는 중")
    book, layout, rows, problems = Book("", []), None, [], []
    try:
        book = _open(upload, importer)
    except FileProblem as fault:
        problems.append(Problem(fault.rule, fault.message))
    else:
        scope = scope_of(upload.owner).within(importer.capability)
        layout, rows, problems = _understand(book, importer, scope, say, remembered_columns(upload))
    say(message="미리보기를 남기는 중")
    return _keep(upload_id, book, layout, rows, problems)


def _open(upload: Upload, importer: Importer) -> Book:
    try:
        with upload.file.open("rb") as source:
            return open_file(importer, source.read())
    except FileNotFoundError as error:
        raise FileProblem("file_lost", "올린 파일을 찾을 수 없습니다. 다시 올려 주세요.") from error
    except (ValueError, ArithmeticError, LookupError, OSError) as error:
        number = new_request_id()
        logger.exception("upload %s could not be opened, number %s", upload.pk, number)
        raise FileProblem(
            "file_unread",
            f"파일을 읽지 못했습니다. 엑셀에서 다시 저장해도 같으면 관리자에게 번호 {number}를 알려 주세요.",
        ) from error


def _understand(
    book: Book, importer: Importer, scope: Scope, say: Say, remembered: Mapping[str, str]
) -> tuple[Layout | None, list[Row], list[Problem]]:
    problems = [Problem("note", note, warning=True) for note in book.notes]
    problems += _stamp_problems(book.template, importer)
    layout = find_layout(book, importer.columns, remembered)
    if layout is None:
        names = ", ".join(column.header for column in importer.columns if column.required)
        problems.append(Problem("no_head", f"머리글 행을 찾지 못했습니다. 첫 행에 {names} 열이 있는지 확인해 주세요."))
        return None, [], problems
    problems += layout.problems
    if layout.lacks_required:
        return layout, [], problems
    rows = list(read_rows(layout, importer.columns, say))
    if not rows:
        problems.append(Problem("no_rows", "머리글 아래에 자료가 없습니다. 자료를 적은 다음 다시 올려 주세요."))
    say(message="자료를 확인하는 중", done=len(rows), total=len(rows))
    importer.check(rows, scope=scope, say=say)
    return layout, rows, problems


def _stamp_problems(template: str, importer: Importer) -> Iterator[Problem]:
    kind, _, version = template.partition("/")
    if template and kind != importer.kind:
        yield Problem("template_kind", f"다른 종류의 양식입니다. ‘{importer.title}’ 양식에 적어 올려 주세요.")
    elif template and version != importer.version:
        yield Problem("template_old", "예전 양식으로 적은 파일입니다. 다음에는 새 양식을 받아 써 주세요.", warning=True)


def outcome_of(row: Row) -> str:
    """What the preview calls a row."""
    if row.is_wrong:
        return RowOutcome.ERROR
    if row.same:
        return RowOutcome.SAME
    if row.problems:
        return RowOutcome.WARNING
    return RowOutcome.CHANGED if row.before else RowOutcome.NEW


@transaction.atomic
def _keep(upload_id: int, book: Book, layout: Layout | None, rows: list[Row], problems: list[Problem]) -> Upload:
    """Replace the preview and settle the state, in one transaction."""
    upload = locked(upload_id)
    if upload.state != UploadState.READING:
        return upload
    upload.rows.all().delete()
    counts: dict[str, int] = dict.fromkeys(RowOutcome.values, 0)

    def lines() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            outcome = outcome_of(row)
            counts[outcome] += 1
            found = [_placed(problem, layout, row.number).as_json() for problem in row.problems]
            yield upload.pk, row.sheet, row.number, str(outcome), row.cells, row.values, row.before, found

    copy_rows(
        "intake_uploadrow",
        ("upload_id", "sheet", "number", "outcome", "cells", "values", "before", "problems"),
        lines(),
    )
    wrong = counts[RowOutcome.ERROR] or any(not problem.warning for problem in problems)
    step(upload, UploadState.REJECTED if wrong else UploadState.READY)
    upload.format = book.format
    upload.problems = [problem.as_json() for problem in problems]
    upload.counts = {"rows": len(rows), **counts}
    upload.layout = (
        {
            "sheet": layout.sheet.name,
            "row": layout.row,
            "headers": layout.headers,
            "places": layout.places,
            "strange": layout.strange,
            "remembered": layout.remembered,
        }
        if layout
        else {}
    )
    upload.save()
    return upload


def _placed(problem: Problem, layout: Layout | None, number: int) -> Problem:
    """The problem with the address of its cell (`C17`), if its column stands in the file."""
    if layout is None or problem.column not in layout.places:
        return problem
    return replace(problem, cell=f"{column_letters(layout.places[problem.column])}{number}")
