from django.urls import path

from portal.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.uploads, name="uploads"),
    path("new/", views.upload_new, name="upload_new"),
    path("template/<slug:kind>/", views.template, name="template"),
    path("<uuid:public_id>/", views.upload, name="upload"),
    path("<uuid:public_id>/progress/", views.upload_progress, name="upload_progress"),
    path("<uuid:public_id>/columns/", views.upload_columns, name="upload_columns"),
    path("<uuid:public_id>/commit/", views.upload_commit, name="upload_commit"),
    path("<uuid:public_id>/reread/", views.upload_reread, name="upload_reread"),
    path("<uuid:public_id>/undo/", views.upload_undo, name="upload_undo"),
    path("<uuid:public_id>/discard/", views.upload_discard, name="upload_discard"),
    path("<uuid:public_id>/errors/", views.upload_errors, name="upload_errors"),
    path("<uuid:public_id>/file/", views.upload_file, name="upload_file"),
]
