from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "crisis.fieldwork"
    label = "fieldwork"
    verbose_name = "현장 실태조사"
