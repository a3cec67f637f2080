from django.urls import path

from crisis.views import meetings, observations, rounds

app_name = "crisis"
urlpatterns = [
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.round_new, name="round_new"),
    path("rounds/<slug:code>/", rounds.round_detail, name="round"),
    path("rounds/<slug:code>/runs/<int:run_id>/verify/", rounds.run_verify, name="run_verify"),
    path("rule-sets/", rounds.rule_sets, name="rule_sets"),
    path("rule-sets/<str:version>/", rounds.rule_set_detail, name="rule_set"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meetings.meeting_new, name="meeting_new"),
    path("meetings/<int:number>/", meetings.meeting_detail, name="meeting"),
    path("meetings/<int:number>/open/", meetings.meeting_open, name="meeting_open"),
    path("meetings/<int:number>/table/", meetings.meeting_table, name="meeting_table"),
    path("meetings/<int:number>/close/", meetings.meeting_close, name="meeting_close"),
    path("meetings/<int:number>/areas/<slug:area>/", meetings.stage_edit, name="stage_edit"),
    path("meetings/<int:number>/items/<int:item>/decide/", meetings.item_decide, name="item_decide"),
    path("meetings/<int:number>/items/<int:item>/withdraw/", meetings.item_withdraw, name="item_withdraw"),
    path("observations/", observations.observations, name="observations"),
    path("observations/new/", observations.observation_new, name="observation_new"),
]
