"""The addresses of the REST API, version 1. Included under the namespace `v1`; nothing but wiring happens here."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from crisis import api as crisis
from portal.api import views
from portal.directory import api as directory

router = SimpleRouter()
router.register("areas", crisis.AreaViewSet, basename="area")
router.register("indicators", crisis.IndicatorViewSet, basename="indicator")
router.register("observations", crisis.ObservationViewSet, basename="observation")
router.register("designations", crisis.DesignationViewSet, basename="designation")

urlpatterns = [
    path("regions/", directory.RegionViewSet.as_view({"get": "list"}), name="region-list"),
    path(
        "regions/<str:scheme>/<str:code>/", directory.RegionViewSet.as_view({"get": "retrieve"}), name="region-detail"
    ),
    *router.urls,
    path("schema/", views.schema, name="schema"),
    re_path(r"^.*$", views.unknown, name="unknown"),
]
