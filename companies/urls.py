"""Addresses of the pages about companies and clusters."""

from django.urls import path

from companies import views

ONE = "companies/<uuid:public_id>"

app_name = "companies"
urlpatterns = [
    path("clusters/", views.clusters, name="clusters"),
    path("clusters/<str:code>/", views.cluster, name="cluster"),
    path("companies/", views.companies, name="companies"),
    path("companies/new/", views.company_new, name="company_new"),
    path("companies/export/", views.company_export, name="company_export"),
    path("companies/mark/", views.company_mark, name="company_mark"),
    path("companies/filters/", views.filter_save, name="filter_save"),
    path("companies/filters/<uuid:public_id>/forget/", views.filter_forget, name="filter_forget"),
    path("companies/differences/", views.differences, name="differences"),
    path("companies/differences/<int:pk>/", views.difference, name="difference"),
    path(f"{ONE}/", views.company, name="company"),
    path(f"{ONE}/people/", views.company_people, name="company_people"),
    path(f"{ONE}/history/", views.company_history, name="company_history"),
    path(f"{ONE}/edit/", views.company_edit, name="company_edit"),
    path(f"{ONE}/state/", views.company_state, name="company_state"),
    path(f"{ONE}/figures/", views.company_figures, name="company_figures"),
    path(f"{ONE}/names/new/", views.name_new, name="name_new"),
    path(f"{ONE}/workplaces/new/", views.workplace_new, name="workplace_new"),
    path(f"{ONE}/workplaces/<int:pk>/", views.workplace, name="workplace"),
    path(f"{ONE}/certifications/new/", views.certification_new, name="certification_new"),
    path(f"{ONE}/certifications/<int:pk>/end/", views.certification_end, name="certification_end"),
    path(f"{ONE}/patents/new/", views.patent_new, name="patent_new"),
    path(f"{ONE}/patents/<int:pk>/remove/", views.patent_remove, name="patent_remove"),
    path(f"{ONE}/merge/", views.merge_choose, name="merge_choose"),
    path(f"{ONE}/merge/<uuid:other_id>/", views.merge_plan, name="merge_plan"),
    path(f"{ONE}/merges/<int:pk>/undo/", views.merge_undo, name="merge_undo"),
]
