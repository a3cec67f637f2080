"""`./test --checks`: all of them, even after one has failed, and a table at the end."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from portal.runtime.messages import say
from portal.runtime.paths import ROOT

PACKAGES = ["portal", "companies", "network", "projects", "crisis"]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.prod",
    "PORTAL_SECRET_KEY": "checks-only-" + "k7Q" * 20,  # long and varied enough for Django's own check
}
# The linter is a Django app for its command alone; called like this it need not be one of the portal's. Initial
# migrations meet empty tables only: there is nobody they could lock out.
LINT_MIGRATIONS = """
import django
django.setup()
from django.core.management import call_command
from django_migration_linter.management.commands.lintmigrations import Command
# Made before the first release, when no database existed that they could lock or break.
before_release = ["0004_versions", "0002_must_change_password", "0002_committed_once", "0003_remembered_columns",
                  "0002_appealed_once", "0006_decisions_corrected_and_reviewed", "0003_votes_by_name",
                  "0003_industry_partners_due_days", "0002_industry_stated_by_file"]
call_command(Command(), quiet=["ignore", "ok"], ignore_name_contains="_initial", ignore_name=before_release)
"""


@dataclass(frozen=True)
class Check:
    """One command; `environment` is laid over ours."""

    title: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def all_checks() -> list[Check]:
    """In order of price: the quick ones speak first."""
    bin_ = Path(sys.executable).parent
    manage = [sys.executable, "manage.py"]
    return [
        Check("ruff check", [f"{bin_}/ruff", "check", "."]),
        Check("ruff format", [f"{bin_}/ruff", "format", "--check", "."]),
        Check("djlint lint", [f"{bin_}/djlint", "templates", "--lint", "--quiet"]),
        Check("import contracts", [f"{bin_}/lint-imports"]),
        Check("system check (deploy)", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        Check("migrations complete", [*manage, "makemigrations", "--check", "--dry-run"]),
        Check("migrations safe", [sys.executable, "-c", LINT_MIGRATIONS]),
        Check("mypy", [f"{bin_}/mypy", *PACKAGES, "deploy", "manage.py"]),
    ]


def main() -> int:
    """Run every check; 0 when all are well."""
    results: list[tuple[Check, int, float]] = []
    for check in all_checks():
        say(f"\n── {check.title}")
        began = time.monotonic()
        done = subprocess.run(check.command, cwd=ROOT, env={**os.environ, **check.environment}, check=False)
        results.append((check, done.returncode, time.monotonic() - began))
    say("\n검사 결과")
    for check, code, seconds in results:
        say(f"  {'통과' if code == 0 else '실패'}  {check.title:<24} {seconds:6.1f}초")
    failed = [check.title for check, code, _ in results if code]
    say(f"\n{len(results) - len(failed)}개 통과, {len(failed)}개 실패" + (f": {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0
