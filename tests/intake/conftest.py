"""Files as people make them, and the road they take."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile

from portal.intake import services, tasks
from portal.intake.models import Upload
from tests.factories.crisis import AreaFactory, IndicatorFactory
from tests.factories.directory import OrganizationFactory, RegionFactory, person

HEAD = ["지역코드", "지표코드", "기간", "값", "단위", "구분", "비고"]


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def csv_bytes(*rows, head=HEAD, encoding="utf-8-sig") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode(encoding)


def xlsx_bytes(*rows, head=HEAD, before=(), change=None) -> bytes:
    book = openpyxl.Workbook()
    for row in [*before, head, *rows]:
        book.active.append(list(row))
    if change:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@dataclass
class Office:
    """A clerk, the office, an area of its own and one of another office, an indicator."""

    clerk: Any
    organization: Any
    area: Any
    foreign: Any
    indicator: Any

    def row(self, value: Any = "100", period: str = "2025-05", **more: Any) -> list[Any]:
        area = more.get("area", self.area)
        return [
            getattr(area, "code", area), self.indicator.code, period, value,
            more.get("unit", self.indicator.unit), more.get("status", "확정"), more.get("note", ""),
        ]  # fmt: skip

    def rows(self, count: int, value: str = "100") -> list[list[Any]]:
        months = [date(2019 + n // 12, n % 12 + 1, 1) for n in range(count)]
        return [self.row(value, f"{month:%Y-%m}") for month in months]

    def receive(self, data: bytes, filename: str = "자료.csv", actor: Any = None) -> Upload:
        return services.receive_upload(
            kind="observations", content=ContentFile(data), filename=filename, actor=actor or self.clerk
        )

    def read(self, data: bytes, **more: Any) -> Upload:
        """Received and read, as the worker does it."""
        upload = self.receive(data, **more)
        tasks.read_upload(job_id=upload.job_id)
        return Upload.objects.get(pk=upload.pk)

    def commit(self, upload: Upload, actor: Any = None) -> Upload:
        upload = services.ask_commit(upload=upload, actor=actor or self.clerk)
        tasks.commit_upload(job_id=upload.job_id)
        return Upload.objects.get(pk=upload.pk)


@pytest.fixture
def office(db) -> Office:
    sido = RegionFactory()
    organization = OrganizationFactory(of_region=sido)
    area = AreaFactory(region=RegionFactory(sigungu=True, parent=sido))
    return Office(person(organization=organization), organization, area, AreaFactory(), IndicatorFactory())


def messages_of(upload: Upload) -> list[str]:
    """Every fault of the file and of its rows."""
    found = [problem["message"] for problem in upload.problems]
    for row in upload.rows.order_by("number"):
        found += [f"{problem['cell']} {problem['message']}".strip() for problem in row.problems]
    return found
