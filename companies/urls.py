"""Addresses of the pages about companies and clusters."""

from django.urls import path

from companies import views

app_name = "companies"
urlpatterns = [
    path("clusters/", views.clusters, name="clusters"),
    path("clusters/<str:code>/", views.cluster, name="cluster"),
]
