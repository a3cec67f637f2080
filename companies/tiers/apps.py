from django.apps import AppConfig


class TiersConfig(AppConfig):
    name = "companies.tiers"
    label = "tiers"
    verbose_name = "기업 등급"

    def ready(self) -> None:
        from companies.tiers import merging, panel
        from companies.tiers.todo import waiting
        from portal.kernel import todo

        merging.register()
        panel.register()
        todo.register(waiting)
