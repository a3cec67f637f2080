"""The addresses of the REST API, version 1. Included under the namespace `v1`; nothing but wiring happens here."""

from typing import Any

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from companies import api as companies
from companies.surveys import api as surveys
from companies.tiers import api as tiers
from crisis import api as crisis
from crisis.conversion import api as conversion
from crisis.declining import api as declining
from crisis.dossiers import api as dossiers
from crisis.fieldwork import api as fieldwork
from crisis.measures import api as measures
from crisis.plans import api as plans
from crisis.sources import api as sources
from crisis.support_areas import api as support_areas
from crisis.validation import api as validation
from crisis.workbench import api as workbench
from network.difficulties import api as difficulties
from portal.api import views
from portal.directory import api as directory

LIST: dict[str, Any] = {"get": "list"}
DETAIL: dict[str, Any] = {"get": "retrieve"}

router = SimpleRouter()
router.register("clusters", companies.ClusterViewSet, basename="cluster")
router.register("cluster-tenants", surveys.ClusterTenantViewSet, basename="cluster-tenants")
router.register("regional-industries", surveys.RegionalIndustryViewSet, basename="regional-industry")
router.register("tiers", tiers.TierViewSet, basename="tier")
router.register("tier-history", tiers.TierHistoryViewSet, basename="tier-history")
router.register("leading-firms", tiers.LeadingViewSet, basename="leading-firm")
router.register("companies", companies.CompanyViewSet, basename="company")
router.register("workplaces", companies.WorkplaceViewSet, basename="workplace")
router.register("company-figures", companies.CompanyFiguresViewSet, basename="company-figures")
router.register("difficulty-cases", difficulties.DifficultyCaseViewSet, basename="difficulty-case")
router.register("difficulty-actions", difficulties.DifficultyActionViewSet, basename="difficulty-action")
router.register("difficulty-notes", difficulties.DifficultyNoteViewSet, basename="difficulty-note")
router.register("support-areas", support_areas.SupportCaseViewSet, basename="support-area")
router.register("field-campaigns", fieldwork.FieldCampaignViewSet, basename="field-campaign")
router.register("field-results", fieldwork.FieldResultViewSet, basename="field-result")
router.register("field-answers", fieldwork.FieldAnswerViewSet, basename="field-answer")
router.register("decline-statuses", declining.DeclineStatusViewSet, basename="decline-status")
router.register("special-zones", declining.SpecialZoneViewSet, basename="special-zone")
router.register("fund-projects", declining.FundProjectViewSet, basename="fund-project")
router.register("fund-reports", declining.FundReportViewSet, basename="fund-report")
router.register("areas", crisis.AreaViewSet, basename="area")
router.register("indicators", crisis.IndicatorViewSet, basename="indicator")
router.register("observations", crisis.ObservationViewSet, basename="observation")
router.register("rounds", crisis.RoundViewSet, basename="round")
router.register("stage-on", crisis.StageOnViewSet, basename="stage-on")
router.register("rule-sets", crisis.RuleSetViewSet, basename="rule-set")
router.register("back-tests", validation.BackTestViewSet, basename="back-test")
router.register("alarms", validation.AlarmViewSet, basename="alarm")
router.register("local-levels", validation.LocalLevelViewSet, basename="local-level")
router.register("feeds", sources.FeedViewSet, basename="feed")
router.register("suspects", sources.SuspectViewSet, basename="suspect")
router.register("floors", crisis.FloorViewSet, basename="floor")
router.register("reviews", crisis.ReviewViewSet, basename="review")
router.register("dossiers", dossiers.DossierViewSet, basename="dossier")
router.register("designations", crisis.DesignationViewSet, basename="designation")
router.register("measures", measures.MeasureViewSet, basename="measure")
router.register("restructuring-centres", conversion.CentreViewSet, basename="restructuring-centre")
router.register("diagnoses", conversion.DiagnosisViewSet, basename="diagnosis")
router.register("conversion-plans", conversion.ConversionPlanViewSet, basename="conversion-plan")
router.register("conversion-milestones", conversion.MilestoneViewSet, basename="conversion-milestone")
router.register("conversion-contacts", conversion.ContactViewSet, basename="conversion-contact")
router.register("prevention-plans", plans.PlanViewSet, basename="prevention-plan")
router.register("plan-obligations", plans.ObligationViewSet, basename="plan-obligation")
router.register("plan-reports", plans.PlanReportViewSet, basename="plan-report")

# What is known by two codes rather than one.
_region, _result, _decision = directory.RegionViewSet, crisis.ResultViewSet, crisis.DeterminationViewSet
pairs = [
    path("regions/", _region.as_view(LIST), name="region-list"),
    path("regions/<str:scheme>/<str:code>/", _region.as_view(DETAIL), name="region-detail"),
    path("rounds/<str:round>/results/", _result.as_view(LIST), name="result-list"),
    path("rounds/<str:round>/results/<str:area>/", _result.as_view(DETAIL), name="result-detail"),
    path("rounds/<str:round>/comments/", workbench.CommentViewSet.as_view(LIST), name="comment-list"),
    path("rounds/<str:round>/agenda/", workbench.AgendaView.as_view(), name="round-agenda"),
    path("rounds/<str:round>/evidence/<str:area>/", workbench.EvidenceViewSet.as_view(DETAIL), name="evidence-detail"),
    path(
        "rule-sets/<str:left>/compare/<str:right>/",
        validation.ComparisonViewSet.as_view(DETAIL),
        name="rule-set-compare",
    ),
    path(
        "suspects/<uuid:public_id>/decide/", sources.SuspectViewSet.as_view({"post": "decide"}), name="suspect-decide"
    ),
    path(
        "difficulty-actions/<uuid:public_id>/step/",
        difficulties.DifficultyActionViewSet.as_view({"post": "step"}),
        name="difficulty-action-step",
    ),
    path("determinations/", _decision.as_view(LIST), name="determination-list"),
    path("determinations/<str:round>/<str:area>/", _decision.as_view(DETAIL), name="determination-detail"),
]

urlpatterns = [
    *pairs,
    path("entitlements/", measures.EntitlementsView.as_view(), name="entitlements"),
    *router.urls,
    path("schema/", views.schema, name="schema"),
    re_path(r"^.*$", views.unknown, name="unknown"),
]
