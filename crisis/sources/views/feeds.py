"""All feeds on one page, one feed with what it brought, keeping a feed."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crisis.sources import services
from crisis.sources.enums import FeedState
from crisis.sources.forms import FeedForm
from crisis.sources.models import Feed, FeedReceipt
from crisis.sources.selectors import feed_standings
from crisis.sources.selectors.feeds import feed_board
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import Refusal
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

_RECEIPTS_A_PAGE = 50


@needs(Capability.VIEW)
@methods()
def feeds(request: PortalRequest) -> HttpResponse:
    """Every feed: what came last, what is expected by when, and a line of months."""
    months, standings = feed_board()
    standings.sort(key=lambda one: (not one.feed.active, one.state != FeedState.LATE, one.next_due, one.feed.code))
    counts = Counter(one.state for one in standings if one.feed.active)
    tiles = [
        (state, FeedState(state).label, counts[state]) for state in (FeedState.LATE, FeedState.DUE, FeedState.FRESH)
    ]
    context = {
        "months": months,
        "active": [one for one in standings if one.feed.active],
        "others": [one for one in standings if not one.feed.active],
        "tiles": tiles,
    }
    return render(request, "sources/feed_list.html", context)


@needs(Capability.VIEW)
@methods()
def feed(request: PortalRequest, code: str) -> HttpResponse:
    """One feed: its series, and every batch that brought figures of it."""
    found = get_object_or_404(Feed.objects.visible_to(request.scope), code=code)
    (standing,) = feed_standings(feeds=[found])
    receipts = FeedReceipt.objects.filter(feed=found).select_related(
        "indicator", "batch__actor", "batch__organization", "batch__upload"
    )
    page = Paginator(receipts.order_by("-period", "-received_at", "-pk"), _RECEIPTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    brings_in = request.scope.can(Capability.ENTER_OBSERVATIONS) and found.active
    context = {
        "feed": standing.feed,
        "standing": standing,
        "series": [(one, standing.came[one.indicator_id]) for one in standing.series],
        "page": page,
        "upload_url": f"{reverse('intake:upload_new')}?kind={found.importer}" if brings_in and found.importer else "",
        "may_keep": request.scope.can(Capability.MANAGE_SOURCES),
    }
    return render(request, "sources/feed_detail.html", context)


@needs(Capability.MANAGE_SOURCES)
@methods(writes=("POST",))
def feed_edit(request: PortalRequest, code: str) -> HttpResponse:
    """Keep a feed: whose task it is, by when it comes, whether it is in use."""
    found = get_object_or_404(Feed.objects.visible_to(request.scope), code=code)
    form = FeedForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_feed(feed=found, facts=form.cleaned_data, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(feed)s 자료원을 저장했습니다.") % {"feed": found})
            return redirect("sources:feed", code=code)
    return render(request, "sources/feed_form.html", {"feed": found, "form": form})
