"""통합검색: areas, clusters, regions and bodies by name, code or other name."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.dashboards.forms import SearchForm
from portal.dashboards.selectors.searching import MOST
from portal.dashboards.selectors.searching import search as look_up
from portal.directory.enums import Capability
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@methods()
def search(request: PortalRequest) -> HttpResponse:
    """`?q=` and nothing else; any other name in the query is refused with a sentence."""
    if strange := sorted(set(request.GET) - {"q"}):
        text = _("‘%(names)s’은(는) 검색이 모르는 조건입니다. 쓸 수 있는 조건: q") % {"names": ", ".join(strange)}
        return render(request, "lists/refused.html", {"text": text}, status=400)
    form = SearchForm(request.GET if "q" in request.GET else None)
    groups = look_up(request.scope.within(Capability.VIEW), form.cleaned_data["q"]) if form.is_valid() else None
    return render(request, "dashboards/search.html", {"form": form, "groups": groups, "most": MOST})
