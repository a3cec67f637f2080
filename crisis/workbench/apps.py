from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "crisis.workbench"
    label = "workbench"
    verbose_name = "회차 검토"
