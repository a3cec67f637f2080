from django.urls import path

from crisis.support_areas.views import cases, deeds, lists, reports

app_name = "support_areas"
urlpatterns = [
    path("", lists.cases, name="cases"),
    path("reports/", lists.reports, name="reports"),
    path("programmes/", lists.programmes, name="programmes"),
    path("new/", cases.case_new, name="case_new"),
    path("<slug:code>/", cases.case, name="case"),
    path("<slug:code>/edit/", cases.case_edit, name="case_edit"),
    path("<slug:code>/places/", cases.case_places, name="case_places"),
    path("<slug:code>/files/new/", cases.file_new, name="file_new"),
    path("<slug:code>/files/<int:pk>/", cases.file, name="file"),
    path("<slug:code>/opinions/new/", deeds.opinion_new, name="opinion_new"),
    path("<slug:code>/opinions/<int:pk>/", deeds.opinion_answer, name="opinion_answer"),
    path("<slug:code>/inquiries/new/", deeds.inquiry_new, name="inquiry_new"),
    path("<slug:code>/inquiries/<int:pk>/", deeds.inquiry_findings, name="inquiry_findings"),
    path("<slug:code>/terms/<int:pk>/notice/", deeds.term_notice, name="term_notice"),
    path("<slug:code>/reports/<int:year>/", reports.report, name="report"),
    path("<slug:code>/reports/<int:year>/return/", reports.report_return, name="report_return"),
    path("<slug:code>/reports/<int:year>/accept/", reports.report_accept, name="report_accept"),
    path("<slug:code>/do/<slug:key>/", deeds.case_deed, name="case_deed"),
]
