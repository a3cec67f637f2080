from django.apps import AppConfig


class DecliningConfig(AppConfig):
    name = "crisis.declining"
    label = "declining"
    verbose_name = "소멸위기지역"

    def ready(self) -> None:
        from companies.services import merge_rules
        from crisis.declining import importers, todo
        from portal.intake import registry
        from portal.kernel import todo as waiting

        waiting.register(todo.waiting)
        registry.register(importers.STATUSES)
        registry.register(importers.ZONES)
        merge_rules.register("declining.ResourceFirm.company", merge_rules.Move(same=("resource",), period="effective"))
        merge_rules.register("declining.ProjectFirm.company", merge_rules.Move(same=("project", "kind")))
