from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "companies"
    verbose_name = "기업과 밀집지역"

    def ready(self) -> None:
        from companies import importers
        from portal.intake import registry

        registry.register(importers.COMPANIES)
        registry.register(importers.COMPANY_FIGURES)
        registry.register(importers.COMPANY_FIGURES_WIDE)
        registry.register(importers.COMPANY_STATES)
