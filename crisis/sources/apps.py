from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "crisis.sources"
    label = "sources"
    verbose_name = "지표와 자료원"

    def ready(self) -> None:
        from crisis.sources import importers, selectors
        from portal.intake import registry
        from portal.kernel import todo

        todo.register(selectors.todo)
        registry.register(importers.NPS)
        registry.register(importers.KOSIS)
