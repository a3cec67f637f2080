"""Addresses of the prevention plans."""

from django.urls import path

from crisis.plans.views import comments, deeds, evidence, lists, measures, plans, reports, status

PLAN = "of/<slug:code>"
REPORT = f"{PLAN}/measures/<int:number>/<str:quarter>"

app_name = "plans"
urlpatterns = [
    path("", lists.plans, name="plans"),
    path("status/", status.status, name="status"),
    path("status/<slug:format>/", status.status_file, name="status_file"),
    path("obligations/", lists.obligations, name="obligations"),
    path("obligations/<int:pk>/release/", deeds.release, name="release"),
    path("reports/", lists.reports, name="reports"),
    path("new/", plans.plan_new, name="plan_new"),
    path(f"{PLAN}/", plans.plan, name="plan"),
    path(f"{PLAN}/edit/", plans.plan_edit, name="plan_edit"),
    path(f"{PLAN}/areas/", plans.plan_areas, name="plan_areas"),
    path(f"{PLAN}/file/", plans.plan_file, name="plan_file"),
    path(f"{PLAN}/comments/", comments.comment_new, name="comment_new"),
    path(f"{PLAN}/comments/<int:pk>/remove/", comments.comment_remove, name="comment_remove"),
    path(f"{PLAN}/measures/new/", measures.measure_new, name="measure_new"),
    path(f"{PLAN}/measures/<int:number>/", measures.measure_edit, name="measure"),
    path(f"{PLAN}/measures/<int:number>/drop/", measures.measure_drop, name="measure_drop"),
    path(f"{PLAN}/do/<slug:key>/", deeds.plan_deed, name="plan_deed"),
    path(f"{REPORT}/", reports.report, name="report"),
    path(f"{REPORT}/do/<slug:key>/", reports.report_deed, name="report_deed"),
    path(f"{REPORT}/evidence/", evidence.evidence_new, name="evidence_new"),
    path("evidence/<uuid:public_id>/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<uuid:public_id>/remove/", evidence.evidence_remove, name="evidence_remove"),
]
