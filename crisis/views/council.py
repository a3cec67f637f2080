"""Around the vote: members who take no part, areas without data, the minutes and their approval."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crisis import services
from crisis.council_forms import FieldCaseForm, MinutesForm, RecusalForm, WithdrawForm
from crisis.models import Result
from crisis.selectors import field_cases
from crisis.views.meetings import answer, own_meeting
from network import services as network
from network.enums import Outcome
from network.models import AgendaItem, Meeting, Recusal
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import Refusal
from portal.kernel.forms import tell
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.PREPARE_DECISIONS)
@methods(reads=(), writes=("POST",))
def recusal_new(request: PortalRequest, number: int, item: int) -> HttpResponse:
    """A member takes no part in one item."""
    meeting = own_meeting(request, number)
    found = get_object_or_404(AgendaItem, pk=item, meeting=meeting)
    form = RecusalForm(request.POST, meeting=meeting, prefix=f"recusal{found.pk}")
    if form.is_valid():
        try:
            network.record_recusal(item=found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("제척·기피·회피를 기록했습니다. 이 안건의 재적과 출석에서 빠집니다."))
            return redirect("crisis:meeting", number=meeting.pk)
    return answer(request, meeting, **{f"recusal{found.pk}": form})


@needs(Capability.PREPARE_DECISIONS)
@methods(writes=("POST",))
def recusal_drop(request: PortalRequest, number: int, recusal: int) -> HttpResponse:
    """Take back a recusal entered by mistake."""
    meeting = own_meeting(request, number)
    rows = Recusal.objects.select_related("item", "seat")
    found = get_object_or_404(rows, pk=recusal, item__meeting=meeting, item__outcome=Outcome.PENDING)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            network.drop_recusal(recusal=found, actor=request.user, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("제척·기피·회피 기록을 취소했습니다."))
            return redirect("crisis:meeting", number=meeting.pk)
    return render(request, "crisis/recusal_drop.html", {"meeting": meeting, "recusal": found, "form": form})


@needs(Capability.PREPARE_DECISIONS)
@methods(writes=("POST",))
def field_case_new(request: PortalRequest, number: int) -> HttpResponse:
    """Put an area without a proposal before the council, on field evidence."""
    meeting = own_meeting(request, number)
    areas = field_cases(meeting)
    form = FieldCaseForm(request.POST or None, areas=areas)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        result: Result = facts.pop("area")
        try:
            services.table_area(meeting=meeting, result=result, actor=request.user, **facts)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("%(area)s을(를) 안건으로 올렸습니다.") % {"area": result.area})
            return redirect("crisis:meeting", number=meeting.pk)
    context = {"meeting": meeting, "form": form, "any": areas.exists()}
    return render(request, "crisis/field_case_form.html", context)


@needs(Capability.PREPARE_DECISIONS)
@methods(writes=("POST",))
def minutes_edit(request: PortalRequest, number: int) -> HttpResponse:
    """Write the minutes, with the signed paper, until they are approved."""
    meeting = own_meeting(request, number)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = MinutesForm(*given, initial={"minutes": meeting.minutes})
    if request.method == "POST" and form.is_valid():
        try:
            network.write_minutes(meeting=meeting, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("회의록을 저장했습니다. 지방청장이 승인하면 고칠 수 없습니다."))
            return redirect("crisis:meeting", number=meeting.pk)
    return render(request, "crisis/minutes_form.html", {"meeting": meeting, "form": form})


@needs(Capability.CONFIRM_DECISIONS)
@methods(reads=(), writes=("POST",))
def minutes_approve(request: PortalRequest, number: int) -> HttpResponse:
    """Approve the minutes; they are kept as a dossier and can no longer be changed."""
    meeting = own_meeting(request, number, Capability.CONFIRM_DECISIONS)
    try:
        network.approve_minutes(meeting=meeting, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("회의록을 승인했습니다. 결정 보관본에 이어 보관했습니다."))
    return redirect("crisis:meeting", number=meeting.pk)


@needs(Capability.VIEW)
@methods()
def minutes_file(request: PortalRequest, number: int) -> HttpResponseBase:
    """The signed paper of the minutes."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.scope), pk=number)
    if not meeting.minutes_file or not meeting.minutes_file.storage.exists(str(meeting.minutes_file.name)):
        raise Http404
    return FileResponse(meeting.minutes_file.open("rb"), as_attachment=True, filename=meeting.minutes_filename)
