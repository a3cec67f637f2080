"""Main and future industries by region."""

from collections import defaultdict

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from companies.surveys.enums import IndustryKind
from companies.surveys.models import RegionalIndustry
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

#: Numbers the plan of 2023 gives; what is on record may differ until the lists of all regions are known.
PLANNED = {"main": 41, "future": 19}


@needs(Capability.VIEW)
@methods()
def industries(request: PortalRequest) -> HttpResponse:
    """The industries in force today, region by region, and the cooperative ones across regions."""
    today = timezone.localdate()
    found = list(
        RegionalIndustry.objects.visible_to(request.scope)
        .in_force_on(today)
        .prefetch_related("codes__ksic", "places__region__parent")
    )
    by_region: dict[int, dict[str, list[RegionalIndustry]]] = defaultdict(lambda: defaultdict(list))
    regions = {}
    for industry in found:
        for place in industry.places.all():
            regions[place.region_id] = place.region
            by_region[place.region_id][industry.kind].append(industry)
    ordered = sorted(regions.values(), key=lambda region: region.code)
    main = [one for one in found if one.kind == IndustryKind.MAIN]
    context = {
        "rows": [
            (
                region,
                by_region[region.pk][IndustryKind.MAIN],
                by_region[region.pk][IndustryKind.FUTURE],
                by_region[region.pk][IndustryKind.COOPERATIVE],
            )
            for region in ordered
        ],
        "cooperative": [one for one in found if one.kind == IndustryKind.COOPERATIVE],
        "main_confirmed": sum(not one.provisional for one in main),
        "main_provisional": sum(one.provisional for one in main),
        "future_count": sum(one.kind != IndustryKind.MAIN for one in found),
        "coded": sum(bool(one.codes.all()) for one in found),
        "count": len(found),
        "planned": PLANNED,
        "manages": request.scope.can(Capability.MANAGE_SURVEYS),
    }
    return render(request, "surveys/industry_list.html", context)
