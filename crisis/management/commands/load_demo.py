from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from companies.loaders_demo import load_company_demo
from crisis.loaders.demo import load_demo

LOADERS = ("companies.surveys.demo.load_survey_demo", "companies.tiers.demo.load_tier_demo")
"""Loaded after the accounts and the companies, in this order, as far as they are there."""


class Command(BaseCommand):
    help = "Load the demo (real series; firms, people and meetings marked 예시). Running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        done = load_demo()
        firms = load_company_demo()
        for path in LOADERS:
            if find_spec(path.rpartition(".")[0]):
                import_string(path)()
        self.stdout.write(
            f"예시 자료: 계정 {done['people']}개, 관측값 {done['observations']:,}건, 회차 {done['rounds']}개, "
            f"기업 {firms['new']}곳을 더했습니다."
        )
