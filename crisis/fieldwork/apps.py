from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "crisis.fieldwork"
    label = "fieldwork"
    verbose_name = "현장 실태조사"

    def ready(self) -> None:
        from companies.services import merge_rules
        from crisis import waiting as of_areas
        from crisis.fieldwork import importers, todo, waiting
        from portal.intake import registry
        from portal.kernel import todo as todos

        todos.register(todo.waiting)
        of_areas.register(of_areas.SURVEY, waiting.of_areas)
        registry.register_family(importers.FILES)
        merge_rules.register("fieldwork.Unit.workplace", merge_rules.WithTheWorkplace())
