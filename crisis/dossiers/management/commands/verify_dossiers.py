import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crisis.dossiers import services


class Command(BaseCommand):
    help = (
        "Check every dossier: text, chain, tables, and each round calculated again from its frozen inputs. "
        "Prints the first break and ends with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--chain-only", action="store_true", help="do not calculate the rounds again")
        parser.add_argument("--head", metavar="NUMBER:SHA256", help="a link noted earlier, as printed on a paper")

    def handle(self, *args: Any, **options: Any) -> None:
        head = self._head(options["head"])
        found = services.verify_chain(rounds=not options["chain_only"], head=head)
        services.keep_check(found, actor=None)
        for note in found.notes:
            self.stdout.write(f"참고: {note}")
        if found.broken is not None:
            where = f"제{found.broken.sequence}호" if found.broken.sequence else "보관본 없음"
            self.stderr.write(f"어긋남: {where} [{found.broken.code}] {found.broken.message}")
            sys.exit(1)
        self.stdout.write(
            f"이상 없음: 보관본 {found.dossiers:,}개, 다시 계산한 회차 {found.runs}개."
            + (f" 마지막 제{found.dossiers}호 SHA-256 {found.head}" if found.head else "")
        )

    @staticmethod
    def _head(text: str | None) -> tuple[int, str] | None:
        if not text:
            return None
        number, _, sha256 = text.partition(":")
        if not number.isdigit() or not sha256:
            raise CommandError("--head는 번호:SHA256 꼴로 적어 주세요. 예: 120:3f2a…")
        return int(number), sha256.rstrip(".…")
