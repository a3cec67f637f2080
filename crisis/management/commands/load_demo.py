from typing import Any

from django.core.management.base import BaseCommand

from crisis.loaders.demo import load_demo


class Command(BaseCommand):
    help = "Load the demo (real series; people and meetings marked 예시). Running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        done = load_demo()
        self.stdout.write(
            f"예시 자료: 계정 {done['people']}개, 관측값 {done['observations']:,}건, 회차 {done['rounds']}개를 더했습니다."
        )
