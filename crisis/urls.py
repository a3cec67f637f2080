from django.urls import path

from crisis.views import council, determinations, floors, meetings, observations, reviews, rounds

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
    path("meetings/<int:number>/items/<int:item>/recusals/", council.recusal_new, name="recusal_new"),
    path("meetings/<int:number>/recusals/<int:recusal>/drop/", council.recusal_drop, name="recusal_drop"),
    path("meetings/<int:number>/field-cases/new/", council.field_case_new, name="field_case_new"),
    path("meetings/<int:number>/minutes/", council.minutes_edit, name="minutes_edit"),
    path("meetings/<int:number>/minutes/approve/", council.minutes_approve, name="minutes_approve"),
    path("meetings/<int:number>/minutes/file/", council.minutes_file, name="minutes_file"),
    path("determinations/<int:pk>/", determinations.determination, name="determination"),
    path("determinations/<int:pk>/correct/", determinations.correction_new, name="correction_new"),
    path("floors/", floors.floors, name="floors"),
    path("floors/new/", floors.floor_new, name="floor_new"),
    path("floors/<uuid:public_id>/", floors.floor, name="floor"),
    path("floors/<uuid:public_id>/end/", floors.floor_end, name="floor_end"),
    path("floors/<uuid:public_id>/file/", floors.floor_file, name="floor_file"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("observations/", observations.observations, name="observations"),
    path("observations/new/", observations.observation_new, name="observation_new"),
]
