"""A technopark's desk: files as people make them, and the road they take into the registry."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import openpyxl
from django.core.files.base import ContentFile

from portal.directory.scope import scope_of
from portal.intake import services, tasks, workbooks
from portal.intake.models import Upload
from portal.intake.registry import importer_for

HEAD = ["사업자등록번호", "기업명", "시·군·구"]


def csv_bytes(head: list[str], *rows: list[Any], encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode(encoding)


def xlsx_bytes(head: list[str], *rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in [head, *rows]:
        book.active.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@dataclass
class Desk:
    """Somebody with files of one kind."""

    officer: Any
    kind: str = "companies"

    def read(self, data: bytes, filename: str = "기업.csv") -> Upload:
        upload = services.receive_upload(
            kind=self.kind, content=ContentFile(data), filename=filename, actor=self.officer
        )
        tasks.read_upload(job_id=upload.job_id)
        return Upload.objects.get(pk=upload.pk)

    def commit(self, upload: Upload, **more: Any) -> Upload:
        upload = services.ask_commit(upload=upload, actor=self.officer, **more)
        tasks.commit_upload(job_id=upload.job_id)
        return Upload.objects.get(pk=upload.pk)

    def take_in(self, head: list[str], *rows: list[Any]) -> Upload:
        return self.commit(self.read(csv_bytes(head, *rows)))

    def undo(self, upload: Upload, reason: str = "잘못 올림") -> dict[str, Any]:
        return services.undo_upload(upload=upload, actor=self.officer, reason=reason)

    def exported(self) -> bytes:
        """The filled template of this desk."""
        target = io.BytesIO()
        importer = importer_for(self.kind)
        scope = scope_of(self.officer).within(importer.capability)
        workbooks.write_template(target, importer, scope, filled=True)
        return target.getvalue()


def rules_of(upload: Upload) -> list[str]:
    """Every rule the rows broke, in order of the rows."""
    return [p["rule"] for row in upload.rows.order_by("number") for p in row.problems]


def messages_of(upload: Upload) -> str:
    found = [p["message"] for p in upload.problems]
    return " ".join(found + [p["message"] for row in upload.rows.order_by("number") for p in row.problems])
