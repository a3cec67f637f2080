"""Addresses under `board/`."""

from django.urls import path

from portal.dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("", views.board, name="board"),
    path("progress/", views.board_progress, name="progress"),
    path("areas/<str:code>/", views.area, name="area"),
]
