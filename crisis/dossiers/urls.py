from django.urls import path

from crisis.dossiers import views

app_name = "dossiers"
urlpatterns = [
    path("", views.dossiers, name="dossiers"),
    path("check/", views.check_all, name="check_all"),
    path("determinations/<int:pk>/", views.of_determination, name="of_determination"),
    path("<int:sequence>/", views.dossier, name="dossier"),
    path("<int:sequence>/json/", views.dossier_json, name="dossier_json"),
    path("<int:sequence>/papers/", views.paper_new, name="paper_new"),
]
