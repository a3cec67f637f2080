from django.apps import AppConfig


class SupportAreasConfig(AppConfig):
    name = "crisis.support_areas"
    label = "support_areas"
    verbose_name = "특별지원지역"

    def ready(self) -> None:
        from crisis.measures.services import register_source
        from crisis.support_areas import selectors
        from portal.kernel import todo

        todo.register(selectors.waiting)
        register_source(selectors.statuses)
