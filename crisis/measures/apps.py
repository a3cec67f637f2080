from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "crisis.measures"
    label = "measures"
    verbose_name = "우대 제도"

    def ready(self) -> None:
        from crisis.measures import selectors
        from crisis.measures.services import register_source

        register_source(selectors.decided_stages)
