from django.apps import AppConfig


class ConversionConfig(AppConfig):
    name = "crisis.conversion"
    label = "conversion"
    verbose_name = "사업전환"

    def ready(self) -> None:
        from crisis.conversion import company_page, merging, todo
        from portal.kernel import todo as waiting

        merging.register()
        company_page.register()
        waiting.register(todo.waiting)
