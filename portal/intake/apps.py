from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "portal.intake"
    label = "intake"
    verbose_name = "파일 올리기"

    def ready(self) -> None:
        from portal.intake import services
        from portal.kernel import lists

        lists.on_long_export(services.start_list_export)
