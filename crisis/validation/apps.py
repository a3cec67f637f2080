from django.apps import AppConfig


class ValidationConfig(AppConfig):
    name = "crisis.validation"
    label = "validation"
    verbose_name = "판정 기준 검증"

    def ready(self) -> None:
        from crisis.validation.selectors import feedback
        from portal.kernel import todo

        todo.register(feedback.todo)
