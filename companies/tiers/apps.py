from django.apps import AppConfig


class TiersConfig(AppConfig):
    name = "companies.tiers"
    label = "tiers"
    verbose_name = "기업 등급"
