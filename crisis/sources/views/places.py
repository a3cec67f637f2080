"""Which addresses lie in which cluster: how published files without house numbers are placed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.sources import services
from crisis.sources.forms import PlaceForm
from crisis.sources.models import ClusterPlace
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import Refusal
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

_ROWS_A_PAGE = 50


@needs(Capability.VIEW, for_writing=Capability.ENTER_OBSERVATIONS)
@methods(writes=("POST",))
def places(request: PortalRequest) -> HttpResponse:
    """The addresses in force of the reader's clusters; POST adds one."""
    mine = request.scope.within(Capability.ENTER_OBSERVATIONS)
    form = None if mine.is_empty else PlaceForm(request.POST or None, scope=mine)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            place = services.add_place(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(place)s을(를) 더했습니다.") % {"place": place})
            return redirect("sources:places")
    rows = ClusterPlace.objects.visible_to(request.scope).in_force_on(timezone.localdate()).select_related("cluster")
    page = Paginator(rows.order_by("cluster__code", "pk"), _ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "sources/place_list.html", {"form": form, "page": page, "mine": mine})


@needs(Capability.ENTER_OBSERVATIONS)
@methods(reads=(), writes=("POST",))
def place_end(request: PortalRequest, pk: int) -> HttpResponse:
    """From today on the address is not counted to the cluster."""
    mine = request.scope.within(Capability.ENTER_OBSERVATIONS)
    place = get_object_or_404(ClusterPlace.objects.visible_to(mine).select_related("cluster__region"), pk=pk)
    try:
        services.end_place(place=place, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(place)s을(를) 오늘로 끝냈습니다.") % {"place": place})
    return redirect("sources:places")
