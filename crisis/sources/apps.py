from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "crisis.sources"
    label = "sources"
    verbose_name = "지표와 자료원"

    def ready(self) -> None:
        from crisis import waiting
        from crisis.sources import importers, selectors
        from portal.intake import registry
        from portal.kernel import todo

        todo.register(selectors.todo)
        waiting.register("sources", selectors.waiting_of_areas)
        registry.register(importers.NPS)
        registry.register(importers.KOSIS)
