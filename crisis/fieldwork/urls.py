from django.urls import path

from crisis.fieldwork.views import campaigns, deeds, forms, lists, results, sheets

app_name = "fieldwork"
urlpatterns = [
    path("", lists.campaigns, name="campaigns"),
    path("new/", campaigns.campaign_new, name="campaign_new"),
    path("units/", lists.units, name="units"),
    path("results/", lists.results, name="result_list"),
    path("forms/", forms.forms, name="forms"),
    path("forms/new/", forms.form_new, name="form_new"),
    path("forms/<slug:code>/<int:version>/", forms.form, name="form"),
    path("forms/<slug:code>/<int:version>/edit/", forms.form_edit, name="form_edit"),
    path("<slug:code>/", campaigns.campaign, name="campaign"),
    path("<slug:code>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("<slug:code>/clusters/", campaigns.campaign_clusters, name="campaign_clusters"),
    path("<slug:code>/sample/", campaigns.campaign_sample, name="campaign_sample"),
    path("<slug:code>/choose/", campaigns.campaign_choose, name="campaign_choose"),
    path("<slug:code>/assign/", campaigns.campaign_assign, name="campaign_assign"),
    path("<slug:code>/results/", results.results, name="results"),
    path("<slug:code>/do/<slug:key>/", deeds.campaign_deed, name="campaign_deed"),
    path("<slug:code>/units/<slug:number>/", sheets.sheet, name="sheet"),
    path("<slug:code>/units/<slug:number>/outcome/", sheets.outcome, name="outcome"),
    path("<slug:code>/units/<slug:number>/replace/", sheets.replace, name="replace"),
    path("<slug:code>/units/<slug:number>/remove/", sheets.remove, name="remove"),
]
