"""Addresses of the catalogue, the feeds, the suspect values and the clusters' addresses."""

from django.urls import path

from crisis.sources.views import catalogue, feeds, places, suspects

app_name = "sources"
urlpatterns = [
    path("indicators/", catalogue.indicators, name="indicators"),
    path("indicators/<str:code>/", catalogue.indicator, name="indicator"),
    path("indicators/<str:code>/edit/", catalogue.indicator_edit, name="indicator_edit"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/<slug:code>/", feeds.feed, name="feed"),
    path("feeds/<slug:code>/edit/", feeds.feed_edit, name="feed_edit"),
    path("suspects/", suspects.suspects, name="suspects"),
    path("suspects/<int:pk>/", suspects.suspect, name="suspect"),
    path("places/", places.places, name="places"),
    path("places/<int:pk>/end/", places.place_end, name="place_end"),
]
