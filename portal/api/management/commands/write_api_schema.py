"""Write the OpenAPI document to a file: the copy the suite compares with, or one to hand to a partner."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.api import document


class Command(BaseCommand):
    help = "Write the OpenAPI document of the REST API (default: the reviewed copy in tests/api/schema.json)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=settings.BASE_DIR / "tests" / "api" / "schema.json")

    def handle(self, *args: Any, **options: Any) -> None:
        text = json.dumps(document.make(), ensure_ascii=False, indent=1) + "\n"
        options["file"].write_text(text, encoding="utf-8")
        self.stdout.write(f"{options['file']}: {len(text):,} characters")
