from django.apps import AppConfig


class CrisisConfig(AppConfig):
    name = "crisis"
    verbose_name = "위기대응"

    def ready(self) -> None:
        from crisis import company_page, importers, kicox, selectors, waiting
        from portal.intake import registry
        from portal.kernel import todo

        todo.register(selectors.todo)
        waiting.register("floors", selectors.floors_waiting)
        waiting.register("reviews", selectors.reviews_waiting)
        company_page.register()
        registry.register(importers.OBSERVATIONS)
        registry.register(kicox.KICOX)
