from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

LOADERS = (
    "portal.directory.loaders.load_directory",
    "companies.loaders.load_companies",
    "companies.surveys.loaders.load_surveys",
    "companies.tiers.loaders.load_tiers",
    "network.difficulties.loaders.load_difficulty_kinds",
    "crisis.loaders.load_crisis",
    "crisis.sources.loaders.load_sources",
    "crisis.plans.loaders.load_plan_terms",
    "crisis.measures.loaders.load_measures",
    "crisis.support_areas.loaders.load_support_areas",
    "crisis.fieldwork.loaders.load_fieldwork",
    "crisis.conversion.loaders.load_conversion",
    "crisis.declining.loaders.load_declining",
)
"""In this order: each needs what those before it loaded."""


class Command(BaseCommand):
    help = "Load regions, bodies, clusters, criteria, indicators and rules from the reviewed files. Twice is harmless."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in LOADERS:
            for loaded in import_string(path)():
                if options["verbosity"] > 1 or loaded.created or loaded.changed:
                    self.stdout.write(str(loaded))
