from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "companies.surveys"
    label = "surveys"
    verbose_name = "실태조사와 지역산업"

    def ready(self) -> None:
        from companies import panels
        from companies.services import merge_rules
        from companies.surveys import importers, selectors
        from portal.intake import registry
        from portal.kernel import todo

        todo.register(selectors.todo)
        for importer in importers.shipped():
            registry.register(importer)
        merge_rules.register("surveys.Target.company", merge_rules.Move(same=("round",)))
        panels.panel(selectors.company_panel, order=60)
        panels.timeline(selectors.company_timeline)
