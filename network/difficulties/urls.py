from django.urls import path

from network.difficulties.views import cases, deeds, lists, numbers

app_name = "difficulties"
urlpatterns = [
    path("", lists.cases, name="cases"),
    path("actions/", lists.actions, name="actions"),
    path("notes/", lists.notes, name="notes"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("new/<uuid:public_id>/", cases.case_new, name="case_new"),
    path("<slug:code>/", cases.case, name="case"),
    path("<slug:code>/papers/<int:pk>/", cases.paper, name="paper"),
    path("<slug:code>/<slug:key>/", deeds.deed, name="deed"),
    path("<slug:code>/<slug:key>/<int:pk>/", deeds.deed, name="deed_of"),
]
