from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from companies.loaders_demo import load_company_demo
from crisis.loaders.demo import load_demo

LOADERS = (
    "companies.surveys.demo.load_survey_demo",
    "companies.tiers.demo.load_tier_demo",
    "network.difficulties.demo.load_difficulties_demo",
    "crisis.measures.demo.load_measures_demo",
    "crisis.support_areas.demo.load_support_area_demo",
    "crisis.conversion.demo.load_conversion_demo",
    "crisis.fieldwork.demo.load_fieldwork_demo",
    "crisis.declining.demo.load_declining_demo",
)
"""Loaded after the accounts and the companies, in this order. What rests on decided rounds follows the demo's meetings (`crisis.services.demo`)."""


class Command(BaseCommand):
    help = "Load the demo (real series; firms, people and meetings marked 예시). Running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        done = load_demo()
        firms = load_company_demo()
        for path in LOADERS:
            import_string(path)()
        self.stdout.write(
            f"예시 자료: 계정 {done['people']}개, 관측값 {done['observations']:,}건, 회차 {done['rounds']}개, "
            f"기업 {firms['new']}곳을 더했습니다."
        )
