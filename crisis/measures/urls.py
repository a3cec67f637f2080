"""Addresses of the preferential measures."""

from django.urls import path

from crisis.measures.views import asking, catalogue, lists

app_name = "measures"
urlpatterns = [
    path("", catalogue.measures, name="measures"),
    path("new/", catalogue.measure_new, name="measure_new"),
    path("areas/", lists.areas, name="areas"),
    path("check/", asking.check, name="check"),
    path("of/<slug:code>/", catalogue.measure, name="measure"),
    path("of/<slug:code>/change/", catalogue.measure_change, name="measure_change"),
    path("of/<slug:code>/end/", catalogue.measure_end, name="measure_end"),
]
