from typing import Any

from django.core.management.base import BaseCommand

from companies.loaders import load_companies
from companies.surveys.loaders import load_surveys
from companies.tiers.loaders import load_tiers
from crisis.loaders import load_crisis
from portal.directory.loaders import load_directory


class Command(BaseCommand):
    help = "Load regions, bodies, clusters, surveys, tier criteria, areas and indicators from the reviewed files. Twice is harmless."

    def handle(self, *args: Any, **options: Any) -> None:
        for load in (load_directory, load_companies, load_surveys, load_tiers, load_crisis):
            for loaded in load():
                if options["verbosity"] > 1 or loaded.created or loaded.changed:
                    self.stdout.write(str(loaded))
