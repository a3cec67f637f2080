"""Addresses of the surveys, of clusters' tenants and of regional industries."""

from django.urls import path

from companies.surveys import views

app_name = "surveys"
urlpatterns = [
    path("rounds/", views.rounds, name="rounds"),
    path("rounds/new/", views.round_new, name="round_new"),
    path("rounds/<slug:code>/", views.round_detail, name="round"),
    path("rounds/<slug:code>/completion/<slug:format>/", views.completion_file, name="completion_file"),
    path("rounds/<slug:code>/dates/", views.round_dates, name="round_dates"),
    path("rounds/<slug:code>/targets/new/", views.targets_new, name="targets_new"),
    path("targets/", views.targets, name="targets"),
    path("targets/<int:pk>/", views.target, name="target"),
    path("targets/<int:pk>/remove/", views.target_remove, name="target_remove"),
    path("targets/<int:pk>/review/", views.review, name="review"),
    path("clusters/", views.clusters, name="clusters"),
    path("clusters/<str:code>/", views.cluster, name="cluster"),
    path("industries/", views.industries, name="industries"),
]
