from typing import Any

from django.core.management.base import BaseCommand

from crisis.dossiers import services


class Command(BaseCommand):
    help = "Make dossiers of decisions from before dossiers were kept. They say that they were made later."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"보관본 {services.freeze_missing()}개를 뒤늦게 만들었습니다.")
