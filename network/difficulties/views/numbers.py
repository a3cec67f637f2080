"""Numbers by 시·도."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from network.difficulties.enums import Outcome
from network.difficulties.rules import SMALLEST_TOLD
from network.difficulties.selectors.numbers import numbers_of
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

YEARS = 5


@needs(Capability.VIEW)
@methods()
def numbers(request: PortalRequest) -> HttpResponse:
    """How many firms are in difficulty where, how their cases end and how long they take."""
    today = timezone.localdate()
    years = range(today.year, today.year - YEARS, -1)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else today.year
    context = {
        "numbers": numbers_of(request.scope, year=year, today=today),
        "year": year,
        "years": years,
        "today": today,
        "outcomes": [str(one.label) for one in Outcome],
        "smallest": SMALLEST_TOLD,
        "sees_cases": request.scope.can(Capability.VIEW_DIFFICULTIES),
    }
    return render(request, "difficulties/numbers.html", context)
