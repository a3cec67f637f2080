from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "companies.workspace"
    label = "workspace"
    verbose_name = "기업 작업 공간"
