"""One decision: what was proposed, what was decided and why, how it became what it is, and how it is corrected."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from crisis import services
from crisis.council_forms import CorrectionForm
from crisis.enums import DeterminationState, ReviewState
from crisis.models import Determination
from crisis.selectors import decision_history, known_on
from network.enums import MeetingState
from network.models import Meeting
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.dates import end_of_day
from portal.kernel.errors import Refusal
from portal.kernel.forms import tell
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

_WITH = (
    "area__region__parent", "round", "result", "agenda_item__meeting__council", "confirmed_by", "supersedes__round",
)  # fmt: skip


@needs(Capability.VIEW)
@methods()
def determination(request: PortalRequest, pk: int) -> HttpResponse:
    """A decision with the history of its area, as corrected and as it was known on a day (`?known=2025-07-31`)."""
    found = get_object_or_404(Determination.objects.visible_to(request.scope).select_related(*_WITH), pk=pk)
    item = found.agenda_item
    asked = request.GET.get("known", "")
    known = parse_date(asked) if asked else None
    prepares = Meeting.objects.visible_to(request.scope.within(Capability.PREPARE_DECISIONS))
    correctable = (
        found.state == DeterminationState.CONFIRMED
        and not found.corrections.exclude(state=DeterminationState.WITHDRAWN).exists()
        and prepares.filter(council=item.meeting.council_id).exists()
    )
    context = {
        "determination": found,
        "item": item,
        "meeting": item.meeting,
        "floors": found.floors.all(),
        "ballots": item.ballots.select_related("seat"),
        "recusals": item.recusals.select_related("seat"),
        "corrections": found.corrections.select_related("round", "agenda_item__meeting").order_by("pk"),
        "reviews": found.reviews.order_by("-raised_at"),
        "history": decision_history(found.area),
        "known": known,
        "known_text": asked,
        "as_known": known_on(found.area, moment=end_of_day(known)) if known else [],
        "today": timezone.localdate(),
        "correctable": correctable,
        "open_review": ReviewState.OPEN,
    }
    return render(request, "crisis/determination_detail.html", context)


@needs(Capability.PREPARE_DECISIONS)
@methods(writes=("POST",))
def correction_new(request: PortalRequest, pk: int) -> HttpResponse:
    """Put a correction of a confirmed decision before the council that made it."""
    scope = request.scope.within(Capability.PREPARE_DECISIONS)
    found = get_object_or_404(Determination.objects.visible_to(scope).confirmed().select_related(*_WITH), pk=pk)
    meetings = (
        Meeting.objects.visible_to(scope)
        .filter(council=found.agenda_item.meeting.council_id, state__in=[MeetingState.PLANNED, MeetingState.OPEN])
        .select_related("council")
    )
    first = found.effective.lower if found.effective else None
    form = CorrectionForm(
        request.POST or None,
        meetings=meetings,
        initial={"start": first, "reason_code": found.reason_code, "reason_text": found.reason_text},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.table_correction(determination=found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("정정을 안건으로 올렸습니다. 의결되기 전까지 지금 결정이 그대로 적용됩니다."))
            return redirect("crisis:meeting", number=form.cleaned_data["meeting"].pk)
    context = {"determination": found, "form": form, "any_meeting": meetings.exists()}
    return render(request, "crisis/correction_form.html", context)
