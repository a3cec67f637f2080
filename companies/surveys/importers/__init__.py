"""Files the surveys take: sheets of each shipped form, and the industries regions are built on."""

from companies.surveys.importers.industries import INDUSTRIES, IndustryImporter
from companies.surveys.importers.sheets import SheetImporter
from companies.surveys.shipped import shipped_forms
from portal.intake.registry import Importer

__all__ = ["INDUSTRIES", "IndustryImporter", "SheetImporter", "shipped"]


def shipped() -> list[Importer]:
    """An importer for each form that ships with the portal, and that of the industries."""
    return [*(SheetImporter(raw) for raw in shipped_forms()), INDUSTRIES]
