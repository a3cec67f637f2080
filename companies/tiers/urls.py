"""Addresses of the pages about tiers."""

from django.urls import path, re_path

from companies.tiers.views import (
    cases,
    cohort,
    conditions,
    criteria,
    designations,
    firm,
    screenings,
    strategies,
    targets,
)

FIRM = "firms/<uuid:public_id>"

app_name = "tiers"
urlpatterns = [
    path("", firm.firms, name="firms"),
    path(f"{FIRM}/", firm.firm, name="firm"),
    path(f"{FIRM}/facts/", firm.fact_new, name="fact_new"),
    path(f"{FIRM}/partners/", firm.partner_new, name="partner_new"),
    path(f"{FIRM}/partners/<int:pk>/end/", firm.partner_end, name="partner_end"),
    path(f"{FIRM}/cases/new/", cases.case_new, name="case_new"),
    path(f"{FIRM}/designations/new/", designations.designation_new, name="designation_new"),
    path(f"{FIRM}/strategies/new/", strategies.strategy_new, name="strategy_new"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<uuid:public_id>/", cases.case, name="case"),
    path("cases/<uuid:public_id>/<slug:key>/", cases.case_deed, name="case_deed"),
    path("criteria/", criteria.criteria_list, name="criteria_list"),
    path("criteria/new/", criteria.criteria_new, name="criteria_new"),
    path("criteria/compare/", criteria.criteria_compare, name="criteria_compare"),
    path("criteria/of/<str:code>/", criteria.criteria_detail, name="criteria"),
    path("criteria/of/<str:code>/edit/", criteria.criteria_edit, name="criteria_edit"),
    path("criteria/of/<str:code>/conditions/", conditions.criteria_conditions, name="criteria_conditions"),
    path("criteria/of/<str:code>/try/", conditions.criteria_try, name="criteria_try"),
    path("criteria/of/<str:code>/adopt/", criteria.criteria_adopt, name="criteria_adopt"),
    path("criteria/of/<str:code>/retire/", criteria.criteria_retire, name="criteria_retire"),
    path("screenings/", screenings.screenings, name="screenings"),
    re_path(r"^screenings/(?P<kind>find|try)/$", screenings.screening_new, name="screening_new"),
    path("screenings/<int:pk>/", screenings.screening, name="screening"),
    path("cohort/", cohort.cohort, name="cohort"),
    path("cohort/targets/", targets.targets, name="targets"),
    path("cohort/targets/<int:pk>/drop/", targets.target_drop, name="target_drop"),
    path("cohort/firms/", cohort.cohort_firms, name="cohort_firms"),
    path("strategies/", strategies.strategies, name="strategies"),
    path("strategies/<int:pk>/", strategies.strategy, name="strategy"),
    path("strategies/<int:pk>/steps/new/", strategies.step_new, name="step_new"),
    path("strategies/<int:pk>/steps/<int:number>/", strategies.step_close, name="step_close"),
    path("strategies/<int:pk>/officer/", strategies.strategy_officer, name="strategy_officer"),
    path("strategies/<int:pk>/<slug:key>/", strategies.strategy_move, name="strategy_move"),
    path("designations/", designations.designations, name="designations"),
    path("designations/<str:number>/", designations.designation, name="designation"),
    path("designations/<str:number>/reports/<str:half>/", designations.report, name="report"),
    path("designations/<str:number>/<slug:key>/", designations.designation_deed, name="designation_deed"),
    path("reports/", designations.reports, name="reports"),
]
