import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crisis.sources.importers import NPS
from portal.intake.packages import FileProblem


class Command(BaseCommand):
    help = "Add the national monthly file of insured workplaces up to a small CSV for uploading (the whole is above 100 MB)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="the published CSV")
        parser.add_argument("target", type=Path, help="the CSV to write, to be uploaded as ‘국민연금 가입 사업장’")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            book = NPS.open_book(options["source"].read_bytes())
        except (OSError, FileProblem) as fault:
            raise CommandError(getattr(fault, "message", str(fault))) from fault
        with options["target"].open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(book.sheets[0].rows)
        for note in book.notes:
            self.stdout.write(note)
        self.stdout.write(f"{len(book.sheets[0].rows) - 1:,}행을 적었습니다: {options['target']}")
