from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "portal.directory"
    label = "directory"
    verbose_name = "기준정보와 사용자"

    def ready(self) -> None:
        from portal.directory import selectors
        from portal.kernel import todo

        todo.register(selectors.unread_notices)
