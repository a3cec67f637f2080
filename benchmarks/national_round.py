"""A national round on the real road: Postgres, a Celery worker with two processes, results stored.

    python -m benchmarks.national_round --database postgresql://user@/postgres?host=/dir --redis unix:///path
        [--areas 2185] [--workers 2] [--json FILE]

Makes a database of its own on that server, fills it with the seeded panel of `benchmarks.engine` (2,185 areas, seven
indicators, 60 months), owes one official round, and measures from starting the run to its seal. Then computes it again
in one process and compares every digest. The database is dropped at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import redis

NAME = "portal_bench_round"


def own_database(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, f"/{NAME}", parts.query, ""))


def administer(url: str, *statements: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


def fill(areas: int) -> Any:
    """The panel in the portal's own tables; returns the round that is owed."""
    from datetime import UTC, date, datetime

    from django.utils import timezone

    from benchmarks import engine
    from crisis import rules
    from crisis.models import Area, AreaMembership, Indicator, ObservationBatch, Round, RuleSet
    from portal.directory.models import Region, User
    from portal.kernel.bulk import copy_rows
    from portal.kernel.dates import month_of, period

    tree = engine.tree(areas)
    readings = engine.readings(tree, 60)
    always = period(None)
    nation = Region.objects.create(
        scheme="B", code="KR", level="NATION", name_ko="전국", short_name_ko="전국", effective=always
    )
    Region.objects.bulk_create(
        Region(
            scheme="B", code=n.code, level="SIDO", name_ko=n.code, short_name_ko=n.code, effective=always, parent=nation
        )
        for n in tree.nodes
        if n.parent is not None
    )
    regions = dict(Region.objects.values_list("code", "pk"))
    # Clusters are laid as 시·군·구 rows here: the engine reads the level from the tree, and no cluster book is needed.
    Area.objects.bulk_create(
        Area(
            code=n.code,
            level="SIGUNGU" if n.level == "CLUSTER" else n.level,
            name_ko=n.code,
            region_id=regions[n.code if n.parent is not None else "KR"],
            effective=always,
        )
        for n in tree.nodes
    )
    ids = dict(Area.objects.values_list("code", "pk"))
    AreaMembership.objects.bulk_create(
        AreaMembership(area_id=ids[n.code], parent_id=ids[n.parent], effective=always)
        for n in tree.nodes
        if n.parent is not None
    )
    body = engine.ruleset()
    Indicator.objects.bulk_create(
        Indicator(code=code, name_ko=code, unit="1", frequency="M", kind=row["kind"], direction=row["direction"])
        for code, row in body["indicators"].items()
    )
    series = dict(Indicator.objects.values_list("code", "pk"))
    batch = ObservationBatch.objects.create(kind="REFERENCE", title="benchmark")
    known = datetime(2026, 6, 30, tzinfo=UTC)
    copy_rows(
        "crisis_observation",
        ["area_id", "indicator_id", "period", "value", "unit", "status", "known_at", "verified", "note", "batch_id"],
        (
            (ids[r.area], series[r.indicator], month_of(r.period), r.value, "1", r.status, known, False, "", batch.pk)
            for r in readings
        ),
    )
    user = User.objects.create(login_id="bench", name="bench")
    rule_set = RuleSet.objects.create(
        version=body["version"],
        title="benchmark",
        body=body,
        sha256=rules.ruleset_sha256(body),
        levels=["NATION", "SIDO", "SIGUNGU"],
        state="APPROVED",
        effective=period(date(2020, 1, 1)),
        approved_at=timezone.now(),
        approved_by=user,
        document="benchmark",
    )
    administer(os.environ["DATABASE_URL"], "VACUUM ANALYZE crisis_observation")
    return Round.objects.create(
        code="2026H1",
        reference_month=date(2026, 5, 1),
        cutoff=datetime(2026, 7, 10, tzinfo=UTC),
        rule_set=rule_set,
    ), len(readings)


def resident_mb(pid: int) -> float:
    """Proportional memory of a process and its children, in MB."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(folder.name) == pid or f"PPid:\t{pid}\n" in (folder / "status").read_text():
                lines = (folder / "smaps_rollup").read_text().splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue
    return total / 1024


def measure(areas: int, workers: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from crisis.models import Run
    from crisis.services import recompute_run, start_run
    from deploy.quick_states import quick_states

    with quick_states():
        call_command("migrate", verbosity=0, skip_checks=True)
    began = time.perf_counter()
    found, rows = fill(areas)
    filled = time.perf_counter() - began
    command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-c", str(workers), "-l", "WARNING"]
    worker = subprocess.Popen([*command, "--without-gossip", "--without-mingle"], start_new_session=True)
    peak, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            peak[0] = max(peak[0], resident_mb(worker.pid))

    try:
        time.sleep(6)  # the worker imports the portal once; a running office has it running
        threading.Thread(target=watch, daemon=True).start()
        began = time.perf_counter()
        run = start_run(round=found, kind="OFFICIAL")
        while Run.objects.only("state").get(pk=run.pk).state not in {"DONE", "FAILED"}:
            time.sleep(0.05)
        wall = time.perf_counter() - began
    finally:
        over.set()
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(20)
    run.refresh_from_db()
    if run.state != "DONE":
        raise SystemExit(f"the run failed: {run.error}")
    began = time.perf_counter()
    different = recompute_run(run=run)
    return {
        "areas": run.results.count(),
        "observations": rows,
        "workers": workers,
        "wall_seconds": round(wall, 2),
        "worker_peak_mb": round(peak[0]),
        "recompute_seconds": round(time.perf_counter() - began, 2),
        "different_results": len(different),
        "first_different": ", ".join(list(different)[:3]),
        "fill_seconds": round(filled, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL", ""), required=False)
    parser.add_argument("--redis", default=os.environ.get("REDIS_URL", ""), required=False)
    parser.add_argument("--areas", type=int, default=2185)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not options.database or not options.redis:
        parser.error("name a Postgres server and a Redis server (--database, --redis)")
    administer(options.database, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)", f"CREATE DATABASE {NAME}")
    os.environ |= {
        "DATABASE_URL": own_database(options.database),
        "REDIS_URL": options.redis,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "portal.settings.dev"),
    }
    redis.from_url(options.redis).flushdb()  # what an earlier run left behind would start by itself
    try:
        figures = measure(options.areas, options.workers)
    finally:
        administer(options.database, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    for name, value in figures.items():
        print(f"{name:>20} {value}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
