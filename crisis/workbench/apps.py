from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "crisis.workbench"
    label = "workbench"
    verbose_name = "회차 검토"

    def ready(self) -> None:
        from crisis import waiting
        from crisis.workbench.selectors.waiting import of_areas

        waiting.register("workbench", of_areas)
