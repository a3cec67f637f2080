"""Everything between a database and the first page, in one process: tables, reference data, the demo.

Run by `./start` and by the `prepare` service of docker-compose.yml; safe to run again at any time. Lines that start
with "· " are for the operator's screen. PORTAL_DEMO=1 (the settings' PORTAL_DEMO) asks for the demo.
"""

import argparse
import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from deploy.quick_states import quick_states

# One number for everyone who prepares this database: of two at once the second waits and then finds all done.
LOCK = 7_202_304_06


@contextmanager
def step(done: str) -> Iterator[None]:
    """Say what was done and how long it took."""
    began = time.monotonic()
    yield
    sys.stdout.write(f"· {done} ({time.monotonic() - began:.1f}초)\n")
    sys.stdout.flush()


def unknown_migrations() -> list[str]:
    """Migrations of our own apps that the database has and this source tree has not: the data are a newer portal's."""
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    unknown = (key for key in loader.applied_migrations if key[0] in loader.migrated_apps and key not in known)
    return sorted(f"{app}.{name}" for app, name in unknown)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=Path, help="write the demo accounts' text to this file")
    chosen = parser.parse_args()
    django.setup()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    if unknown := unknown_migrations():
        names = f"{', '.join(unknown[:3])} 등 {len(unknown)}건"
        sys.stdout.write(
            f"이 자료는 더 새로운 판의 포털이 쓰던 것입니다(모르는 변경: {names}).\n"
            "  고치려면: 포털을 그 판 이상으로 올려 켜시거나, PORTAL_VAR=<다른 폴더>로 따로 켜 주십시오.\n"
        )
        return 3
    with step("데이터베이스 표를 맞췄습니다."), quick_states():
        call_command("migrate", interactive=False, verbosity=0)
    with step("기준 자료를 확인했습니다."):
        call_command("load_reference", verbosity=0)
    if settings.PORTAL_DEMO:
        with step("시범 자료를 확인했습니다. 무거운 계산은 뒤에서 이어집니다."):
            call_command("load_demo", verbosity=0)
        if chosen.accounts:
            text = io.StringIO()
            call_command("demo_accounts", stdout=text)
            chosen.accounts.write_text(text.getvalue(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
