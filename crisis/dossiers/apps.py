from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "crisis.dossiers"
    label = "dossiers"
    verbose_name = "결정 보관본"

    def ready(self) -> None:
        from crisis import services as crisis
        from crisis.dossiers import services
        from network import services as network

        crisis.register_item_confirmed(services.freeze_item)  # type: ignore[arg-type]
        network.register_minutes_approved(services.freeze_minutes)  # type: ignore[arg-type]
