"""Was this firm's workplace in an entitled area on this day?"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crisis.measures import services
from crisis.measures.forms import AskForm
from crisis.measures.selectors import asker_of
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.dates import end_of_day
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.CHECK_ENTITLEMENT)
@methods(writes=("POST",))
def check(request: PortalRequest) -> HttpResponse:
    """The question and its answer. Asked by POST: numbers stay out of addresses, and asking is put on record."""
    form = AskForm(request.POST or None, initial={"day": timezone.localdate()})
    context: dict[str, Any] = {"form": form, "asker": asker_of(request.scope)}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        context |= {
            "day": asked["day"],
            "known": asked["known"],
            "answers": services.ask(
                numbers=asked["numbers"], day=asked["day"], measure=asked["measure"],
                known_at=end_of_day(asked["known"]) if asked["known"] else None,
                scope=request.scope, actor=request.user,
            ),
        }  # fmt: skip
        return render(request, "measures/check.html", context)
    return render(request, "measures/check.html", context, status=422 if form.is_bound else 200)
