"""Url names the frame links to, for rendering it without the rest of the portal."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", nothing, name="home"),
    path("search/", nothing, name="search"),
    path("language/", nothing, name="set_language"),
    path("account/", nothing, name="account"),
    path("logout/", nothing, name="logout"),
    path("help/", nothing, name="help"),
]
