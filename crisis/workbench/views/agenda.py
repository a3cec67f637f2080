"""The agenda from the workbench: choose a meeting for the chosen areas; the agenda as a document."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crisis.models import Area, Determination
from crisis.workbench import services
from crisis.workbench.agenda import agenda_of
from crisis.workbench.cells import tableable
from crisis.workbench.forms import AgendaForm
from crisis.workbench.selectors.rows import pick
from crisis.workbench.views.desk import desk_or_404
from network.models import Meeting
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import Refusal
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.PREPARE_DECISIONS)
@methods(writes=("POST",))
def agenda_new(request: PortalRequest, code: str) -> HttpResponse:
    """The chosen areas (`?area=`, repeated) with their proposals; posting tables them at a meeting."""
    found = desk_or_404(request.scope, code)
    may = request.scope.within(Capability.PREPARE_DECISIONS)
    asked = (request.POST if request.method == "POST" else request.GET).getlist("area")
    rows = [row for level in found.levels for row in pick(found, level, asked)]
    chosen = [row for row in rows if tableable(row, may)] if found.official else []
    form = AgendaForm(request.POST or None, scope=may)
    if request.method == "POST" and form.is_valid():
        meeting = form.cleaned_data["meeting"]
        try:
            item = services.put_on_agenda(
                meeting=meeting,
                round=found.round,
                areas=list(Area.objects.filter(pk__in=[row.area_id for row in chosen])),
                actor=request.user,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            count = Determination.objects.filter(agenda_item=item).count()
            messages.success(
                request, ngettext("%(n)s개 지역을 안건으로 올렸습니다.", "%(n)s개 지역을 안건으로 올렸습니다.", count) % {"n": count}
            )  # fmt: skip
            return redirect("crisis:meeting", number=meeting.pk)
    left_out = [row for row in rows if row not in chosen]
    context = {"desk": found, "round": found.round, "rows": chosen, "left_out": left_out, "form": form}
    return render(request, "workbench/agenda_new.html", context)


@needs(Capability.VIEW)
@methods()
def agenda_document(request: PortalRequest, meeting: int) -> HttpResponse:
    """The agenda of a meeting to print: every item with the evidence of its areas."""
    found = get_object_or_404(
        Meeting.objects.visible_to(request.scope).select_related("council__organization"), pk=meeting
    )
    drafts = Determination.objects.visible_to(request.scope).filter(agenda_item__meeting=found)
    title = _("%(meeting)s 안건 자료") % {"meeting": found}
    context = {"meeting": found, "title": title, "items": agenda_of(found, drafts, request.scope)}
    return render(request, "workbench/agenda_document.html", context)
