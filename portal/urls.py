"""Every address of the portal."""

from django.urls import include, path
from django.views.i18n import set_language

from portal.api import views as api
from portal.dashboards import views as shell
from portal.directory.views import access, events, jobs, notices, reference, sign_in

urlpatterns = [
    path("alive/", shell.alive, name="alive"),
    path("", shell.home, name="home"),
    path("search/", shell.search, name="search"),
    path("accessibility/", shell.accessibility, name="accessibility"),
    path("language/", set_language, name="set_language"),
    path("login/", sign_in.login, name="login"),
    path("logout/", sign_in.logout, name="logout"),
    path("account/", sign_in.my_account, name="my_account"),
    path("account/", sign_in.my_account, name="account"),  # the name by which the frame links to it
    path("regions/", reference.regions, name="regions"),
    path("regions/<str:scheme>/<str:code>/", reference.region, name="region"),
    path("organizations/", reference.organizations, name="organizations"),
    path("organizations/<str:code>/", reference.organization, name="organization"),
    path("events/", events.events, name="events"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("access/", access.access, name="access"),
    path("access/new/", access.access_user_new, name="access_user_new"),
    path("access/users/<str:login_id>/", access.access_user, name="access_user"),
    path("access/users/<str:login_id>/memberships/new/", access.access_membership_new, name="access_membership_new"),
    path("access/users/<str:login_id>/password/", access.access_password, name="access_password"),
    path("access/users/<str:login_id>/state/", access.access_state, name="access_state"),
    path("access/users/<str:login_id>/tokens/new/", access.access_token_issue, name="access_token_issue"),
    path("access/memberships/<int:pk>/end/", access.access_membership_end, name="access_membership_end"),
    path("access/tokens/<int:pk>/revoke/", access.access_token_revoke, name="access_token_revoke"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/progress/", jobs.job_progress, name="job_progress"),
    path("jobs/<int:pk>/retry/", jobs.job_retry, name="job_retry"),
    path("jobs/<int:pk>/file/", jobs.job_file, name="job_file"),
    path("uploads/", include("portal.intake.urls")),
    path("board/", include("portal.dashboards.urls")),
    path("crisis/workbench/", include("crisis.workbench.urls")),
    path("plans/", include("crisis.plans.urls")),
    path("measures/", include("crisis.measures.urls")),
    path("crisis/validation/", include("crisis.validation.urls")),
    path("crisis/dossiers/", include("crisis.dossiers.urls")),
    path("crisis/", include("crisis.urls")),
    path("sources/", include("crisis.sources.urls")),
    path("fieldwork/", include("crisis.fieldwork.urls")),
    path("difficulties/", include("network.difficulties.urls")),
    path("conversion/", include("crisis.conversion.urls")),
    path("support-areas/", include("crisis.support_areas.urls")),
    path("declining/", include("crisis.declining.urls")),
    path("tiers/", include("companies.tiers.urls")),
    path("surveys/", include("companies.surveys.urls")),
    path("", include("companies.urls")),
    path("api/", api.docs, name="api-docs"),
    path("api/v1/", include(("portal.api.urls", "v1"), namespace="v1")),
]
handler400 = "portal.dashboards.views.bad_request"
handler403 = "portal.dashboards.views.permission_denied"
handler404 = "portal.dashboards.views.not_found"
handler500 = "portal.dashboards.views.server_error"
