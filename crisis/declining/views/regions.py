"""시·군·구 in decline: the list of today, the page of one, listing and ending by hand."""

import io
from typing import Any

from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.declining import services
from crisis.declining.enums import DeclineKind, Ministry
from crisis.declining.forms import PlaceFilterForm, StatusEndForm, StatusForm, regions_of
from crisis.declining.models import DeclineStatus
from crisis.declining.selectors import Lineage, Place, in_decline, place_page
from crisis.declining.services.common import last_day
from crisis.declining.views.common import DECLINE_KINDS, ask, is_ministry, posted, records
from portal.directory.access import needs
from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Region
from portal.kernel import exports
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _chosen(request: PortalRequest) -> tuple[list[Place], PlaceFilterForm]:
    """The listed places as the query narrows them; none of them while the query cannot be read."""
    form = PlaceFilterForm(request.GET, scope=request.scope)
    if not form.is_valid():
        return [], form
    sido = form.cleaned_data["sido"]
    kind = form.cleaned_data["kind"]
    return in_decline(request.scope, timezone.localdate(), sido=sido.pk if sido else None, kind=kind), form


@needs(Capability.VIEW)
@methods()
def regions(request: PortalRequest) -> HttpResponse:
    """Every 시·군·구 that is listed today."""
    places, form = _chosen(request)
    context = {
        "places": [(one, DECLINE_KINDS[DeclineKind(one.status.kind)]) for one in places if one.status],
        "form": form,
        "narrowed": any(request.GET.values()),
        "sums": {
            name: sum(getattr(one, name) for one in places)
            for name in ("complexes", "zones", "resources", "projects", "agreed", "executed")
        },
        "exports": request.scope.can(Capability.EXPORT), "ministry": is_ministry(request.scope),
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "declining/region_list.html", context)


@needs(Capability.EXPORT)
@methods()
def regions_file(request: PortalRequest, format: str) -> HttpResponseBase:
    """The same list as a file; money in won."""
    if format not in exports.FORMATS:
        raise Http404
    places, _form = _chosen(request)
    heads = [_("지역코드"), _("시·도"), _("시·군·구"), _("구분"), _("지정일"), _("마지막 날"), _("출처"), _("농공단지"),
             _("지역특구"), _("특화자원"), _("기금 연계 사업"), _("합의(원)"), _("집행(원)")]  # fmt: skip
    rows: list[list[Any]] = []
    for one in places:
        status = one.status
        if status is None:
            continue
        rows.append(
            [one.region.code, one.region.parent.name if one.region.parent else "", one.region.name,
             str(status.get_kind_display()), status.effective.lower, last_day(status.effective), status.source,
             one.complexes, one.zones, one.resources, one.projects, one.agreed, one.executed]
        )  # fmt: skip
    return sheet(_("인구감소지역"), format, heads, rows, texts=7)


def sheet(title: str, format: str, heads: list[str], rows: list[list[Any]], *, texts: int) -> FileResponse:
    """Rows as a file; the first `texts` columns are kept as text."""
    target = io.BytesIO()
    exports.write(target, format, [exports.Field(head, text=at < texts) for at, head in enumerate(heads)], rows, title)
    target.seek(0)
    name = exports.filename(title, format)
    return FileResponse(target, as_attachment=True, filename=name, content_type=exports.FORMATS[format])


@needs(Capability.VIEW)
@methods()
def region(request: PortalRequest, scheme: str, code: str) -> HttpResponse:
    """Everything known of one 시·군·구. Under a code of the past the reader is led to what the place is today."""
    rows = Region.objects.of_level(RegionLevel.SIGUNGU).filter(request.scope.regions("pk")).select_related("parent")
    asked = get_object_or_404(rows, scheme=scheme, code=code)
    lineage = Lineage()
    if (now := lineage.region(asked.pk)).pk != asked.pk:
        return redirect("declining:region", now.scheme, now.code)
    found = place_page(request.scope, asked, timezone.localdate(), lineage)
    context = {
        "place": found, "region": asked, "ministry": is_ministry(request.scope),
        "kind": DECLINE_KINDS[DeclineKind(found.status.kind)] if found.status else "",
        "records": records(request.scope, asked.pk),
        "money": money_table(found.money),
    }  # fmt: skip
    return render(request, "declining/region_detail.html", context)


def money_table(rows: Any) -> dict[str, Any]:
    """Rows of money with their words and the sum below them. Every sum is of the rows shown."""
    lines = [(row.year, Ministry(row.ministry).label, row.planned, row.agreed, row.executed) for row in rows]
    return {"lines": lines, "sums": [sum(line[at] for line in lines) for at in (2, 3, 4)]}


@needs(Capability.AGREE_FUND_PROJECTS)
@methods(writes=("POST",))
def status_new(request: PortalRequest) -> HttpResponse:
    """List a 시·군·구 by hand."""
    form = StatusForm(posted(request))
    form.fields["region"].queryset = regions_of(request.scope)  # type: ignore[attr-defined]
    return ask(
        request, form, title=_("인구감소지역 지정 적기"), back=reverse("declining:regions"), told=_("지정을 적었습니다."),
        act=lambda: services.put_status(**form.cleaned_data, actor=request.user),
        lead=_("고시나 공문에서 확인한 지정만 적습니다. 여럿이면 ‘파일 올리기’의 ‘인구감소지역 지정’ 양식을 쓰세요."),
    )  # fmt: skip


@needs(Capability.AGREE_FUND_PROJECTS)
@methods(writes=("POST",))
def status_end(request: PortalRequest, pk: int) -> HttpResponse:
    """A listing ends."""
    rows = DeclineStatus.objects.visible_to(request.scope).filter(Q(effective__endswith=None))
    status = get_object_or_404(rows.select_related("region__parent"), pk=pk)
    form = StatusEndForm(posted(request))
    return ask(
        request, form, title=_("지정 끝내기"), owner=status.region.full_name, told=_("지정을 끝냈습니다."),
        back=reverse("declining:region", args=[status.region.scheme, status.region.code]),
        act=lambda: services.end_status(status=status, **form.cleaned_data, actor=request.user),
    )  # fmt: skip
