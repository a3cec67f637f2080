from django.urls import path

from crisis.workbench.views import agenda, comments, desk, what_if

app_name = "workbench"
urlpatterns = [
    path("", desk.home, name="home"),
    path("agenda/<int:meeting>/", agenda.agenda_document, name="agenda_document"),
    path("comments/<int:pk>/withdraw/", comments.comment_withdraw, name="comment_withdraw"),
    path("comments/<int:pk>/file/", comments.comment_file, name="comment_file"),
    path("what-ifs/", what_if.what_ifs, name="what_ifs"),
    path("what-ifs/<int:pk>/", what_if.what_if, name="what_if"),
    path("what-ifs/<int:pk>/progress/", what_if.what_if_progress, name="what_if_progress"),
    path("what-ifs/<int:pk>/delete/", what_if.what_if_delete, name="what_if_delete"),
    path("rounds/<slug:code>/", desk.desk, name="desk"),
    path("rounds/<slug:code>/agenda/", agenda.agenda_new, name="agenda_new"),
    path("rounds/<slug:code>/what-ifs/new/", what_if.what_if_new, name="what_if_new"),
    path("rounds/<slug:code>/areas/<slug:area>/", desk.sheet, name="sheet"),
    path("rounds/<slug:code>/areas/<slug:area>/comments/", comments.comment_add, name="comment_add"),
]
