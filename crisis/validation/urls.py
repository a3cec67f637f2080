"""Addresses of the pages about rule sets and how well they do."""

from django.urls import path

from crisis.validation.views import alarms, back_tests, drafts, levels, trials

app_name = "validation"
urlpatterns = [
    path("compare/", drafts.compare, name="compare"),
    path("import/", drafts.bring_in, name="import"),
    path("rule-sets/<str:version>/copy/", drafts.copy, name="copy"),
    path("rule-sets/<str:version>/edit/", drafts.edit, name="edit"),
    path("rule-sets/<str:version>/delete/", drafts.delete, name="delete"),
    path("rule-sets/<str:version>/approve/", drafts.approve, name="approve"),
    path("rule-sets/<str:version>/document/", drafts.document, name="document"),
    path("rule-sets/<str:version>/shadow/", trials.shadow, name="shadow"),
    path("rule-sets/<str:version>/calibrations/", trials.calibrations, name="calibrations"),
    path("rule-sets/<str:version>/calibrations/<int:pk>/", trials.calibration, name="calibration"),
    path("rule-sets/<str:version>/measures/", back_tests.measures, name="measures"),
    path("rule-sets/<str:version>/back-tests/new/", back_tests.back_test_new, name="back_test_new"),
    path("back-tests/<int:pk>/", back_tests.back_test, name="back_test"),
    path("panels/", back_tests.panels, name="panels"),
    path("panels/new/", back_tests.panel_new, name="panel_new"),
    path("alarms/", alarms.alarms, name="alarms"),
    path("alarms/<slug:code>/<slug:area>/", alarms.alarm, name="alarm"),
    path("incidents/", alarms.incidents, name="incidents"),
    path("incidents/new/", alarms.incident_new, name="incident_new"),
    path("incidents/<int:pk>/", alarms.incident, name="incident"),
    path("local-levels/", levels.schemes, name="schemes"),
    path("local-levels/new/", levels.scheme_new, name="scheme_new"),
    path("local-levels/<int:pk>/", levels.scheme, name="scheme"),
]
