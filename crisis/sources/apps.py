from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "crisis.sources"
    label = "sources"
    verbose_name = "지표와 자료원"
