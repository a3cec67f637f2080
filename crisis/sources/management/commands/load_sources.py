from typing import Any

from django.core.management.base import BaseCommand

from crisis.sources.loaders import load_sources
from crisis.sources.services import collect


class Command(BaseCommand):
    help = "Load feeds, sources and table mappings, and receive the figures already here. Twice is harmless."

    def handle(self, *args: Any, **options: Any) -> None:
        for loaded in load_sources():
            if options["verbosity"] > 1 or loaded.created:
                self.stdout.write(str(loaded))
        count = collect(most=10_000)
        if count:
            self.stdout.write(f"입력 묶음 {count}개의 수신 기록을 남겼습니다.")
