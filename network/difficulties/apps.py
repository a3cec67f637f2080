from django.apps import AppConfig


class DifficultiesConfig(AppConfig):
    name = "network.difficulties"
    label = "difficulties"
    verbose_name = "위기·애로기업 사례"

    def ready(self) -> None:
        from network.difficulties import company_page, merging
        from network.difficulties.todo import waiting
        from portal.kernel import todo

        merging.register()
        company_page.register()
        todo.register(waiting)
