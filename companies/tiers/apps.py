from django.apps import AppConfig


class TiersConfig(AppConfig):
    name = "companies.tiers"
    label = "tiers"
    verbose_name = "기업 등급"

    def ready(self) -> None:
        from companies.tiers import merging

        merging.register()
