"""Every address of the portal."""

from django.urls import include, path
from django.views.i18n import set_language

from portal.dashboards import views as shell

urlpatterns = [
    path("alive/", shell.alive, name="alive"),
    path("", shell.home, name="home"),
    path("search/", shell.search, name="search"),
    path("accessibility/", shell.accessibility, name="accessibility"),
    path("language/", set_language, name="set_language"),
    path("board/", include("portal.dashboards.urls")),
    path("crisis/", include("crisis.urls")),
    path("api/v1/", include(("portal.api.urls", "v1"), namespace="v1")),
]
handler400 = "portal.dashboards.views.bad_request"
handler403 = "portal.dashboards.views.permission_denied"
handler404 = "portal.dashboards.views.not_found"
handler500 = "portal.dashboards.views.server_error"
