"""The council's desk: call a meeting, table a round, depart with reason, vote, close."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crisis import services
from crisis.council_forms import (
    AttendanceForm,
    BallotForm,
    CloseForm,
    MeetingForm,
    RecusalForm,
    StageForm,
    TableRoundForm,
    VoteForm,
    WithdrawForm,
)
from crisis.models import Determination
from network import services as network
from network.enums import MeetingState, Outcome
from network.models import AgendaItem, Meeting
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import Refusal
from portal.kernel.forms import tell
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def own_meeting(request: PortalRequest, number: int, capability: str = Capability.PREPARE_DECISIONS) -> Meeting:
    """A meeting this reader may work on; any other is 404."""
    own = Meeting.objects.visible_to(request.scope.within(capability)).select_related("council__organization")
    return get_object_or_404(own, pk=number)


@needs(Capability.VIEW)
@methods()
def meetings(request: PortalRequest) -> HttpResponse:
    rows = (
        Meeting.objects.visible_to(request.scope)
        .select_related("council")
        .annotate(
            items_count=Count("items", filter=~Q(items__outcome=Outcome.WITHDRAWN)),
            passed=Count("items", filter=Q(items__outcome=Outcome.PASSED)),
        )
        .order_by("-held_on", "-pk")
    )
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    can_call = request.scope.can(Capability.PREPARE_DECISIONS)
    return render(request, "crisis/meeting_list.html", {"page": page, "can_call": can_call})


@needs(Capability.PREPARE_DECISIONS)
@methods(writes=("POST",))
def meeting_new(request: PortalRequest) -> HttpResponse:
    scope = request.scope.within(Capability.PREPARE_DECISIONS)
    form = MeetingForm(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = network.plan_meeting(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("회의를 잡았습니다. 출석을 확인하고 회차를 상정하세요."))
            return redirect("crisis:meeting", number=meeting.pk)
    return render(request, "crisis/meeting_form.html", {"form": form})


@needs(Capability.VIEW)
@methods()
def meeting_detail(request: PortalRequest, number: int) -> HttpResponse:
    """Everything of one meeting: attendance, items with their areas, what can be done next."""
    meeting = get_object_or_404(
        Meeting.objects.visible_to(request.scope).select_related("council__organization"), pk=number
    )
    return render(request, "crisis/meeting_detail.html", _desk(request, meeting))


def _desk(request: PortalRequest, meeting: Meeting, **bound: Form) -> dict[str, Any]:
    scope = request.scope
    mine = Meeting.objects.visible_to(scope.within(Capability.PREPARE_DECISIONS)).filter(pk=meeting.pk).exists()
    confirms = Meeting.objects.visible_to(scope.within(Capability.CONFIRM_DECISIONS)).filter(pk=meeting.pk).exists()
    areas: dict[int, list[Determination]] = {}
    rows = (
        Determination.objects.visible_to(scope)
        .filter(agenda_item__meeting=meeting)
        .select_related("area__region__parent", "result", "round", "supersedes")
        .order_by("area__code")
    )
    for row in rows:
        areas.setdefault(row.agenda_item_id, []).append(row)
    attendances = list(meeting.attendances.select_related("seat").order_by("seat__position", "seat_id"))
    items = list(meeting.items.exclude(outcome=Outcome.WITHDRAWN).prefetch_related("recusals__seat", "ballots__seat"))
    is_open = meeting.state == MeetingState.OPEN
    for item in items:
        item.areas = areas.get(item.pk, [])  # type: ignore[attr-defined]
        if item.outcome != Outcome.PENDING:
            continue
        if mine:
            item.recusal_form = bound.get(f"recusal{item.pk}") or RecusalForm(  # type: ignore[attr-defined]
                meeting=meeting, prefix=f"recusal{item.pk}"
            )
        if is_open and confirms:
            recused = {one.seat_id for one in item.recusals.all()}
            voters = [row.seat for row in attendances if row.present and row.seat_id not in recused]
            item.ballot_form = bound.get(f"ballot{item.pk}") or BallotForm(  # type: ignore[attr-defined]
                voters=voters, prefix=f"item{item.pk}"
            )
            item.vote_form = bound.get(f"vote{item.pk}") or VoteForm(  # type: ignore[attr-defined]
                prefix=f"item{item.pk}", initial={"votes_for": len(voters)}
            )
    return {
        "meeting": meeting,
        "items": items,
        "attendances": attendances,
        "mine": mine,
        "confirms": confirms,
        "is_open": is_open,
        "is_planned": meeting.state == MeetingState.PLANNED,
        "attendance_form": bound.get("attendance") or AttendanceForm(meeting=meeting),
        "table_form": bound.get("table") or TableRoundForm(),
        "close_form": bound.get("close") or CloseForm(initial={"minutes": meeting.minutes}),
    }


def answer(request: PortalRequest, meeting: Meeting, **bound: Form) -> HttpResponse:
    """The desk again with the forms that could not be taken."""
    return render(request, "crisis/meeting_detail.html", _desk(request, meeting, **bound), status=422)


@needs(Capability.PREPARE_DECISIONS)
@methods(reads=(), writes=("POST",))
def meeting_open(request: PortalRequest, number: int) -> HttpResponse:
    meeting = own_meeting(request, number)
    form = AttendanceForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return answer(request, meeting, attendance=form)
    try:
        network.open_meeting(meeting=meeting, present=form.cleaned_data["present"], actor=request.user)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return answer(request, meeting, attendance=form)
    messages.success(request, _("개의했습니다."))
    return redirect("crisis:meeting", number=meeting.pk)


@needs(Capability.PREPARE_DECISIONS)
@methods(reads=(), writes=("POST",))
def meeting_table(request: PortalRequest, number: int) -> HttpResponse:
    meeting = own_meeting(request, number)
    form = TableRoundForm(request.POST)
    if not form.is_valid():
        return answer(request, meeting, table=form)
    try:
        services.table_round(meeting=meeting, round=form.cleaned_data["round"], actor=request.user)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return answer(request, meeting, table=form)
    messages.success(request, _("회차의 제안을 안건으로 올렸습니다."))
    return redirect("crisis:meeting", number=meeting.pk)


@needs(Capability.PREPARE_DECISIONS)
@methods(writes=("POST",))
def stage_edit(request: PortalRequest, number: int, area: str) -> HttpResponse:
    """Depart from the proposal for one area, or return to it."""
    meeting = own_meeting(request, number)
    determination = get_object_or_404(
        Determination.objects.visible_to(request.scope)
        .awaiting_council()
        .select_related("area__region__parent", "round", "result"),
        agenda_item__meeting=meeting,
        area__code=area,
    )
    form = StageForm(
        request.POST or None,
        initial={
            "stage": determination.stage,
            "reason_code": determination.reason_code,
            "reason_text": determination.reason_text,
            "field_survey": determination.field_survey,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.set_stage(determination=determination, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("%(area)s의 결정안을 저장했습니다.") % {"area": determination.area})
            return redirect("crisis:meeting", number=meeting.pk)
    context = {"meeting": meeting, "determination": determination, "form": form}
    return render(request, "crisis/stage_form.html", context)


@needs(Capability.CONFIRM_DECISIONS)
@methods(reads=(), writes=("POST",))
def item_decide(request: PortalRequest, number: int, item: int) -> HttpResponse:
    """Record the vote; what passed is in force from the day of the meeting."""
    meeting = own_meeting(request, number, Capability.CONFIRM_DECISIONS)
    found = get_object_or_404(AgendaItem, pk=item, meeting=meeting)
    by_name = f"item{found.pk}-by_name" in request.POST
    form: BallotForm | VoteForm
    if by_name:
        form = BallotForm(request.POST, prefix=f"item{found.pk}", voters=network.voters_of(found))
    else:
        form = VoteForm(request.POST, prefix=f"item{found.pk}")
    key = f"ballot{found.pk}" if by_name else f"vote{found.pk}"
    if not form.is_valid():
        return answer(request, meeting, **{key: form})
    vote: dict[str, Any] = (
        {"votes": form.votes, "minutes": form.cleaned_data["minutes"]}
        if isinstance(form, BallotForm)
        else {"tally": form.tally, "dissent": form.cleaned_data["dissent"]}
    )
    try:
        decided = services.confirm_item(item=found, actor=request.user, **vote)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return answer(request, meeting, **{key: form})
    messages.success(
        request, _("‘%(item)s’: %(outcome)s") % {"item": decided, "outcome": decided.get_outcome_display()}
    )
    return redirect("crisis:meeting", number=meeting.pk)


@needs(Capability.PREPARE_DECISIONS)
@methods(writes=("POST",))
def item_withdraw(request: PortalRequest, number: int, item: int) -> HttpResponse:
    meeting = own_meeting(request, number)
    found = get_object_or_404(AgendaItem, pk=item, meeting=meeting, outcome=Outcome.PENDING)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_item(item=found, actor=request.user, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("안건을 거두었습니다."))
            return redirect("crisis:meeting", number=meeting.pk)
    return render(request, "crisis/item_withdraw.html", {"meeting": meeting, "item": found, "form": form})


@needs(Capability.PREPARE_DECISIONS)
@methods(reads=(), writes=("POST",))
def meeting_close(request: PortalRequest, number: int) -> HttpResponse:
    meeting = own_meeting(request, number)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return answer(request, meeting, close=form)
    try:
        network.close_meeting(meeting=meeting, minutes=form.cleaned_data["minutes"], actor=request.user)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return answer(request, meeting, close=form)
    messages.success(request, _("폐회했습니다."))
    return redirect("crisis:meeting", number=meeting.pk)
