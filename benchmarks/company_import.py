"""Loading companies from a file: each step of the portal's road, raw COPY, and django-import-export, in one run.

    DATABASE_URL=postgresql://…/an_empty_database python -m benchmarks.company_import [--rows N] [--json FILE]

Migrates the database and loads the regions and industry codes. Then, on the same seeded rows of twelve columns:

- portal: a CSV of new companies received, read (opened, understood, checked, likely twins sought, preview stored) and
  committed (companies, headquarters, history, links to the file; the search index is owed), the owed index paid, then
  the same companies with every second one changed, that file undone, then an XLSX;
- raw COPY into the same tables, triggers and indexes in place: the limit;
- django-import-export, if it can be imported (it is no dependency of the portal: make a throw-away environment for
  it), into the company table alone: as it comes, with `use_bulk`, and tuned by hand. It writes no headquarters, keeps
  no preview and seeks no twins, so it does less.

Times are walls of one process that shares its machine with the server; `here` and `server` are the processor seconds
of this process and of its database connection, which tell what a busy machine hides. `memory` is the most the process
ever held up to then.
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
from pathlib import Path
from typing import Any

SEED = 20261122
HEAD = [
    "사업자등록번호", "기업명", "법인등록번호", "기업 유형", "기업 규모", "설립일", "대표자", "업종코드", "시·군·구", "주소",
    "누리집", "전화",
]  # fmt: skip
FIRST = "한대동신우성삼금은동서남북중앙미래누리가온다온하늘"
LAST = ["정밀", "테크", "산업", "공업", "전자", "기계", "소재", "바이오", "모빌리티", "엔지니어링", "시스템", "에너지"]
_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def number_of(serial: int) -> str:
    """A business number with a right check digit."""
    body = f"{100 + serial // 1_000_000:03d}{serial % 1_000_000:06d}"
    total = sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) + int(body[8]) * 5 // 10
    return body + str((10 - total % 10) % 10)


def corporate_number_of(serial: int) -> str:
    """A corporate number with a right check digit."""
    body = f"{serial:012d}"
    return body + str((10 - sum(int(d) * w for d, w in zip(body, (1, 2) * 6, strict=True)) % 10) % 10)


def server_seconds() -> float:
    """Processor seconds of the backend behind our connection, if it runs on this machine; else 0."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Bench:
    """Seeded rows and the watch."""

    def __init__(self, rows: int) -> None:
        from companies.importers.region_names import RegionNames
        from companies.models import Industry

        self.rows = rows
        self.results: list[dict[str, Any]] = []
        self.places = [label for label in RegionNames().labels(None) if " " in label]
        self.codes = sorted(Industry.objects.filter(revision=11, depth=5).values_list("code", flat=True))

    def lines(self, salt: int = 0, *, start: int = 0, every: int = 1) -> Iterator[list[Any]]:
        """Rows of a file: `salt` makes others, `every` changes the telephone of every n-th only."""
        chance = random.Random(SEED + start)
        for number in range(start, start + self.rows):
            name = "".join(chance.choice(FIRST) for _ in range(3)) + chance.choice(LAST)
            place = chance.choice(self.places)
            phone = f"055-{chance.randrange(1000):03d}-{chance.randrange(10000):04d}"
            yield [
                number_of(number), f"{name}{number}", corporate_number_of(chance.randrange(10**12)), "법인",
                chance.choice(["소기업", "중기업", "소상공인"]), f"{chance.randrange(1980, 2025)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}",
                f"예시{chance.randrange(50_000)}", chance.choice(self.codes), place,
                f"{place} 새길 {chance.randrange(1000)}", f"www.ex{number}.kr",
                f"{phone}-{salt}" if salt and number % every == 0 else phone,
            ]  # fmt: skip

    def timed(self, name: str, work: Callable[[], Any], rows: int | None = None) -> Any:
        start, began, served = time.perf_counter(), time.process_time(), server_seconds()
        result = work()
        seconds, busy = time.perf_counter() - start, time.process_time() - began
        served = server_seconds() - served
        rows = rows or self.rows
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self.results.append(
            {
                "name": name, "rows": rows, "seconds": round(seconds, 3), "process": round(busy, 3),
                "server": round(served, 3), "rows_per_second": round(rows / seconds), "memory_mb": memory,
            }
        )  # fmt: skip
        print(
            f"{name:<46}{seconds:>9.2f} s{busy:>8.2f} s here{served:>8.2f} s server{rows / seconds:>10,.0f} rows/s"
            f"{memory:>6} MB",
            flush=True,
        )
        return result


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


class PortalRoad:
    """The road of a file, as the worker takes it."""

    def __init__(self, bench: Bench) -> None:
        from django.db.backends.postgresql.psycopg_any import DateRange

        from portal.directory.models import Membership, Organization, User

        self.bench = bench
        always = DateRange(None, None, "[)")
        office = Organization.objects.create(code="BENCH", kind="MINISTRY", name_ko="시험 기관", effective=always)
        self.officer = User.objects.create(login_id="bench", name="담당자")
        Membership.objects.create(user=self.officer, organization=office, role="TECHNOPARK", effective=always)

    def take(self, name: str, data: bytes, filename: str, outcome: str) -> Any:
        from django.core.files.base import ContentFile

        from portal.intake import services

        def quiet(**said: Any) -> None:
            return None

        def read() -> Any:
            upload = services.receive_upload(
                kind="companies", content=ContentFile(data), filename=filename, actor=self.officer
            )
            return services.read_upload(upload_id=upload.pk, say=quiet)

        start = time.perf_counter()
        upload = self.bench.timed(f"{name}: received, read, checked, preview", read)
        assert upload.state == "READY", (upload.problems, upload.rows.with_outcome("ERROR").first())
        print(f"   {upload.counts}")

        def commit() -> Any:
            services.ask_commit(upload=upload, actor=self.officer, reason="재는 중")
            return services.commit_upload(upload_id=upload.pk, actor_id=self.officer.pk, say=quiet)

        done = self.bench.timed(f"{name}: committed", commit)
        assert done.counts["written"][outcome] > 0
        seconds = time.perf_counter() - start
        whole = {"name": f"{name}: whole", "rows": self.bench.rows, "seconds": round(seconds, 3)}
        self.bench.results.append({**whole, "rows_per_second": round(self.bench.rows / seconds)})
        print(f"{name + ': whole':<46}{seconds:>9.2f} s{self.bench.rows / seconds:>24,.0f} rows/s", flush=True)
        from companies import search_index

        self.bench.timed(f"{name}: search index paid", search_index.pay_debts)
        return done

    def undo(self, upload: Any) -> None:
        from portal.intake import services

        self.bench.timed("undone", lambda: services.undo_upload(upload=upload, actor=self.officer, reason="재는 중"))


def raw_copy(bench: Bench) -> None:
    """The same facts by COPY into the two tables, with their indexes, foreign keys and history triggers."""
    from django.db import connection, transaction
    from django.utils import timezone

    from companies import rules
    from companies.importers.region_names import RegionNames
    from companies.models import Company
    from portal.kernel.bulk import copy_rows

    places, now = RegionNames(), timezone.now()
    regions = {label: places.find(label).pk for label in bench.places}
    with connection.cursor() as cursor:
        cursor.execute("SELECT gen_random_uuid()::text FROM generate_series(1, %s)", [bench.rows])
        public = [value for (value,) in cursor.fetchall()]
    first = (Company.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    rows = list(bench.lines(start=5_000_000))
    keys = [rules.name_key(row[1]) for row in rows]

    def copy() -> None:
        with transaction.atomic():
            copy_rows(
                "companies_company",
                ("id", "public_id", "created_at", "updated_at", "name_ko", "name_en", "name_key", "initials",
                 "corporate_number", "kind", "size", "founded_on", "representative", "main_product", "homepage",
                 "phone", "email", "contact_name", "state", "version", "is_demo"),
                ((first + at, public[at], now, now, row[1], "", keys[at], rules.initials_of(keys[at]), row[2],
                  "CORPORATION", "SMALL", row[5], row[6], "", row[10], row[11], "", "", "OPERATING", 1, False)
                 for at, row in enumerate(rows)),
            )  # fmt: skip
            copy_rows(
                "companies_workplace",
                ("id", "created_at", "updated_at", "company_id", "business_number", "number_reason", "name", "address",
                 "region_id", "is_headquarters", "effective", "version"),
                ((first + at, now, now, first + at, row[0], "", "", row[9], regions[row[8]], True,
                  f"[{row[5]},)", 1) for at, row in enumerate(rows)),
            )  # fmt: skip

    bench.timed("raw COPY into both tables", copy)
    with connection.cursor() as cursor:
        for table in ("companies_company", "companies_workplace"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def import_export(bench: Bench, limit: int) -> None:
    """django-import-export into the company table, the business number kept as corporate number: its natural key."""
    try:
        from import_export import resources
        from import_export.instance_loaders import CachedInstanceLoader
    except ImportError:
        print("django-import-export is not installed here: left out")
        return
    import tablib

    from companies import rules
    from companies.models import Company

    def resource_with(**options: Any) -> Any:
        meta = type(
            "Meta",
            (),
            {
                "model": Company,
                "import_id_fields": ("corporate_number",),
                "fields": (
                    "corporate_number", "name_ko", "name_key", "initials", "kind", "size", "founded_on",
                    "representative", "homepage", "phone",
                ),
                **options,
            },
        )  # fmt: skip
        return type("CompanyResource", (resources.ModelResource,), {"Meta": meta})()

    def data(start: int, count: int) -> Any:
        rows = tablib.Dataset(
            headers=[
                "corporate_number", "name_ko", "name_key", "initials", "kind", "size", "founded_on", "representative",
                "homepage", "phone",
            ]
        )  # fmt: skip
        for at, row in zip(range(count), bench.lines(start=start), strict=False):
            key = rules.name_key(row[1])
            number = f"{start + at:013d}"
            rows.append(
                [number, row[1], key, rules.initials_of(key), "CORPORATION", "SMALL", row[5], row[6], row[10], row[11]]
            )
        return rows

    ways = [
        ("import-export as it comes", {}, min(limit, 2_000)),
        ("import-export, use_bulk", {"use_bulk": True, "batch_size": 1000}, min(limit, 4_000)),
        (
            "import-export, tuned by hand",
            {
                "use_bulk": True,
                "batch_size": 5_000,
                "skip_diff": True,
                "skip_html_diff": True,
                "report_skipped": False,
                "use_transactions": True,
                "force_init_instance": True,
                "instance_loader_class": CachedInstanceLoader,
                "clean_model_instances": False,
            },
            limit,
        ),
    ]
    for at, (name, options, count) in enumerate(ways, 1):
        rows, resource = data(at * 10_000_000, count), resource_with(**options)

        def work(resource: Any = resource, rows: Any = rows) -> Any:
            return resource.import_data(rows, dry_run=False, raise_errors=True)

        before = Company.objects.count()
        bench.timed(name, work, rows=count)
        assert Company.objects.count() == before + count


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from companies.loaders import load_companies
    from deploy.quick_states import quick_states
    from portal.directory.loaders import load_directory

    settings.CELERY_TASK_ALWAYS_EAGER = False
    with quick_states():
        call_command("migrate", verbosity=0)
    from companies.models import Company

    if Company.objects.exists():
        parser.error("the database is not empty: give an empty one")
    load_directory()
    load_companies()
    with tempfile.TemporaryDirectory() as media, connection.cursor() as cursor:
        settings.MEDIA_ROOT = media
        from portal.kernel import queue

        queue.current_app = type("Nobody", (), {"send_task": staticmethod(lambda *a, **k: None)})()
        cursor.execute("SHOW server_version")
        about = {"rows": asked.rows, "python": platform.python_version(), "postgres": cursor.fetchone()[0]}
        print(about)
        bench = Bench(asked.rows)
        road = PortalRoad(bench)
        first = road.take("portal, CSV, new", as_csv(bench.lines()), "a.csv", "new")
        changed = road.take("portal, CSV, half changed", as_csv(bench.lines(1, every=2)), "b.csv", "changed")
        road.undo(changed)
        raw_copy(bench)
        import_export(bench, max(asked.rows // 5, 1_000))
        road.take("portal, XLSX, new", as_xlsx(bench.lines(start=2_000_000)), "c.xlsx", "new")
        assert first.counts["written"]["new"] == asked.rows
    if asked.json:
        asked.json.write_text(json.dumps({"about": about, "results": bench.results}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
