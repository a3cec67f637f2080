from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "crisis.plans"
    label = "plans"
    verbose_name = "위기예방계획"

    def ready(self) -> None:
        from crisis import waiting as of_areas
        from crisis.plans import services, todo
        from crisis.services import hooks
        from portal.kernel import todo as waiting

        hooks.register_confirmed(services.on_confirmed)
        hooks.register_superseded(services.on_superseded)
        waiting.register(todo.waiting)
        of_areas.register("plans", todo.of_areas)
