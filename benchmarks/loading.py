"""Time of each step of a file of figures, and of the recording alone, on seeded rows.

    DATABASE_URL=postgresql://…/an_empty_database python -m benchmarks.loading [--rows N] [--json FILE]

Migrates the database and makes 500 areas with 5 monthly indicators. First the recording by itself (`record_batch`: new
rows, the same again, every row changed, undone), then the whole road of an XLSX and of a CSV file: received, read
(opened, understood, checked, preview kept) and committed, each as the worker does it. Times are walls of one process
that shares its machine with the server, beside them the processor time of the process itself; `memory` is the most it
ever held, in MB. Drop the database afterwards.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import platform
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

SEED, AREAS, INDICATORS = 20261122, 500, 5
HEAD = ["지역코드", "지표코드", "기간", "값", "단위", "구분", "비고"]
FIRST_YEAR = 2010


def _month(number: int) -> date:
    return date(FIRST_YEAR + number // 12, number % 12 + 1, 1)


class Bench:
    """An office with its areas, and the watch."""

    def __init__(self, rows: int) -> None:
        from django.db.backends.postgresql.psycopg_any import DateRange

        from crisis.models import Area, Indicator
        from portal.directory.enums import OrganizationKind, RegionLevel, Role
        from portal.directory.models import Membership, Organization, Region, User

        always = DateRange(None, None, "[)")
        self.rows = rows
        self.times: dict[str, float] = {}
        self.busy: dict[str, float] = {}
        nation = Region.objects.create(
            scheme="BENCH",
            code="KR",
            level=RegionLevel.NATION,
            name_ko="대한민국",
            short_name_ko="전국",
            effective=always,
        )
        sido = Region.objects.create(
            scheme="BENCH",
            code="48",
            level=RegionLevel.SIDO,
            name_ko="시험도",
            short_name_ko="시험도",
            parent=nation,
            effective=always,
        )
        office = Organization.objects.create(
            code="BENCH", kind=OrganizationKind.MINISTRY, name_ko="시험 본부", effective=always
        )
        self.clerk = User.objects.create(login_id="bench", name="담당자")
        Membership.objects.create(user=self.clerk, organization=office, role=Role.HQ, effective=always)
        self.areas = Area.objects.bulk_create(
            Area(code=f"B{n:04d}", level="SIGUNGU", name_ko=f"시험도 {n}시", region=sido, effective=always)
            for n in range(AREAS)
        )
        self.indicators = [
            Indicator.objects.create(
                code=f"IND{n}", name_ko=f"지표 {n}", unit="명", frequency="M", kind="LEVEL", direction=-1
            )
            for n in range(INDICATORS)
        ]

    def cells(self, salt: int) -> Iterator[tuple[Any, Any, date, Decimal]]:
        """Area, indicator, month and a seeded value, `rows` of them, month by month."""
        chance = random.Random(SEED + salt)
        for number in range(self.rows):
            rest, area = divmod(number, AREAS)
            month, indicator = divmod(rest, INDICATORS)
            value = Decimal(chance.randrange(10_000, 11_000)) / 10
            yield self.areas[area], self.indicators[indicator], _month(month), value

    def timed(self, name: str, work: Callable[[], Any]) -> Any:
        start, began = time.perf_counter(), time.process_time()
        result = work()
        seconds, busy = time.perf_counter() - start, time.process_time() - began
        self.times[name], self.busy[name] = round(seconds, 3), round(busy, 3)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{name:<42}{seconds:>9.2f} s{busy:>9.2f} s of it this process"
            f"{self.rows / seconds:>12,.0f} rows/s{memory:>8} MB"
        )
        return result


def recording(bench: Bench) -> None:
    """`record_batch` by itself: new, the same, all changed, undone."""
    from crisis.enums import BatchKind
    from crisis.services import record_batch, undo_batch
    from crisis.services.observation_checks import NewReading

    def batch(salt: int) -> Any:
        rows = (NewReading(a.pk, i.pk, m, v + salt, "명", "FINAL") for a, i, m, v in bench.cells(0))
        return record_batch(kind=BatchKind.API, title=f"재는 중 {salt}", rows=rows, actor=bench.clerk)

    assert bench.timed("record: all new", lambda: batch(0)).new == bench.rows
    assert bench.timed("record: the same again", lambda: batch(0)).same == bench.rows
    changed = bench.timed("record: all changed", lambda: batch(1))
    assert changed.changed == bench.rows
    undone = bench.timed("undo", lambda: undo_batch(batch=changed.batch, actor=bench.clerk, reason="재는 중"))
    assert undone.changed == bench.rows


def as_csv(rows: Iterator[list[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEAD, *rows])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterator[list[Any]]) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([HEAD, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def whole_road(bench: Bench, name: str, make: Callable[[Iterator[list[Any]]], bytes], salt: int) -> None:
    """A file received, read and committed."""
    from django.core.files.base import ContentFile

    from portal.intake import services

    rows = (
        [area.code, indicator.code, f"{month:%Y-%m}", float(value), "명", "확정", ""]
        for area, indicator, month, value in bench.cells(salt)
    )
    data = make(rows)
    told: list[tuple[str, float]] = []

    def say(*, message: str = "", **more: Any) -> None:
        if message and (not told or told[-1][0] != message):
            told.append((message, time.perf_counter()))

    upload = bench.timed(
        f"{name}: receive ({len(data) / 1e6:.1f} MB)",
        lambda: services.receive_upload(
            kind="observations", content=ContentFile(data), filename=name, actor=bench.clerk
        ),
    )
    upload = bench.timed(f"{name}: read", lambda: services.read_upload(upload_id=upload.pk, say=say))
    ends = [at for _, at in told[1:]] + [time.perf_counter()]
    for (message, start), end in zip(told, ends, strict=True):
        bench.times[f"{name}: read, {message}"] = round(end - start, 3)
        print(f"    {message:<36}{end - start:>9.2f} s")
    assert upload.state == "READY", upload.problems
    services.ask_commit(upload=upload, actor=bench.clerk)
    upload = bench.timed(
        f"{name}: commit", lambda: services.commit_upload(upload_id=upload.pk, actor_id=bench.clerk.pk, say=say)
    )
    assert sum(upload.counts["written"].values()) == upload.count_of("NEW", "CHANGED", "WARNING")
    steps = ("receive", "read", "commit")
    total = sum(
        t for key, t in bench.times.items() if any(key.startswith(f"{name}: {s}") for s in steps) and "," not in key
    )
    bench.times[f"{name}: in all"] = round(total, 3)
    print(f"{name + ': in all':<42}{total:>9.2f} s{bench.rows / total:>12,.0f} rows/s\n")


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rows", type=int, default=50_000)
    arguments.add_argument("--json", type=Path)
    chosen = arguments.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    with tempfile.TemporaryDirectory() as media:
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        from deploy.quick_states import quick_states
        from portal.kernel import queue

        settings.MEDIA_ROOT = media
        queue.current_app = _Silent()  # nobody is to be called while the clock runs
        with quick_states():
            call_command("migrate", verbosity=0)
        bench = Bench(chosen.rows)
        print(f"{chosen.rows:,} rows, {platform.python_version()}, {os.cpu_count()} cores\n")
        recording(bench)
        print()
        whole_road(bench, "XLSX", as_xlsx, 1)
        whole_road(bench, "CSV", as_csv, 2)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    facts = {
        "rows": chosen.rows,
        "seconds": bench.times,
        "process_seconds": bench.busy,
        "memory_mb": memory,
        "load": [round(load, 1) for load in os.getloadavg()],
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    print(json.dumps(facts, ensure_ascii=False))
    if chosen.json:
        chosen.json.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n")


class _Silent:
    def send_task(self, *names: Any, **facts: Any) -> None:
        """Swallow the message."""


if __name__ == "__main__":
    main()
