"""A special zone: where, since when, excepted from what, run by whom."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crisis.declining import services
from crisis.declining.forms import EndForm, ZoneChangeForm, ZoneEndForm, ZoneExceptionForm, ZoneForm, ZoneOperatorForm
from crisis.declining.models import SpecialZone, ZoneException, ZoneOperator
from crisis.declining.views.common import ask, posted, records, zone_of
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _records(request: PortalRequest, zone: SpecialZone) -> bool:
    return records(request.scope, *zone.places.values_list("region", flat=True))


@needs(Capability.VIEW)
@methods()
def zone(request: PortalRequest, code: str) -> HttpResponse:
    """One zone."""
    found = zone_of(request, code)
    context = {
        "zone": found,
        "places": list(found.places.select_related("region__parent")),
        "changes": list(found.changes.select_related("recorded_by").order_by("-changed_on")),
        "exceptions": list(found.exceptions.order_by("code", "effective")),
        "operators": list(found.operators.order_by("name", "effective")),
        "records": _records(request, found),
    }
    return render(request, "declining/zone_detail.html", context)


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def zone_new(request: PortalRequest) -> HttpResponse:
    """Record a zone."""
    form = ZoneForm(posted(request), scope=request.scope.within(Capability.RECORD_DECLINING))
    return ask(
        request, form, title=_("특구 적기"), back=reverse("declining:zones"), told=_("특구를 적었습니다."),
        act=lambda: services.put_zone(
            zone=None, code=form.cleaned_data["code"], facts=form.facts(), regions=form.cleaned_data["regions"],
            first=form.cleaned_data["first"], seen=0, actor=request.user,
        ),
        lead=_("확인한 출처가 있는 특구만 적습니다. 여럿이면 ‘파일 올리기’의 ‘지역특구’ 양식을 쓰세요."),
    )  # fmt: skip


def _mine(request: PortalRequest, code: str) -> SpecialZone:
    found = zone_of(request, code)
    if not _records(request, found):
        raise PermissionDenied
    return found


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def zone_edit(request: PortalRequest, code: str) -> HttpResponse:
    """Change a zone."""
    found = _mine(request, code)
    form = ZoneForm(posted(request), scope=request.scope.within(Capability.RECORD_DECLINING), zone=found)
    return ask(
        request, form, title=_("특구 고치기"), owner=found.name, back=reverse("declining:zone", args=[code]),
        told=_("저장했습니다."),
        act=lambda: services.put_zone(
            zone=found, code=found.code, facts=form.facts(), regions=form.cleaned_data["regions"],
            first=form.cleaned_data["first"], seen=form.cleaned_data["seen"], actor=request.user,
        ),
    )  # fmt: skip


def _part(
    request: PortalRequest, code: str, kind: type[Any], act: Callable[..., Any], words: tuple[str, str]
) -> HttpResponse:
    """A form about a zone under the version the writer saw. `words`: the title, and what is told when it is done."""
    found = _mine(request, code)
    form = kind(posted(request), initial={"seen": found.version})
    return ask(
        request, form, title=words[0], owner=found.name, back=reverse("declining:zone", args=[code]), told=words[1],
        act=lambda: act(zone=found, actor=request.user, **form.cleaned_data),
    )  # fmt: skip


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def zone_change(request: PortalRequest, code: str) -> HttpResponse:
    """Record a change of the zone's plan."""
    return _part(request, code, ZoneChangeForm, services.change_zone, (_("변경 적기"), _("변경을 적었습니다.")))


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def zone_exception(request: PortalRequest, code: str) -> HttpResponse:
    """Record a rule the zone is excepted from."""
    return _part(
        request, code, ZoneExceptionForm, services.add_exception, (_("규제특례 적기"), _("규제특례를 적었습니다."))
    )


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def zone_operator(request: PortalRequest, code: str) -> HttpResponse:
    """Record who runs the zone."""
    return _part(
        request, code, ZoneOperatorForm, services.add_operator, (_("특화사업자 적기"), _("특화사업자를 적었습니다."))
    )


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def zone_end(request: PortalRequest, code: str) -> HttpResponse:
    """The designation ends."""
    return _part(request, code, ZoneEndForm, services.end_zone, (_("특구 끝내기"), _("특구의 지정을 끝냈습니다.")))


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def part_end(request: PortalRequest, code: str, part: str, pk: int) -> HttpResponse:
    """An exception or an operator ends."""
    found = _mine(request, code)
    model: type[Any] = {"exception": ZoneException, "operator": ZoneOperator}[part]
    row = get_object_or_404(model.objects.filter(zone=found).select_related("zone"), pk=pk)
    form = EndForm(posted(request))
    return ask(
        request, form, title=_("끝내기"), owner=str(row), back=reverse("declining:zone", args=[code]),
        told=_("끝낸 날을 적었습니다."),
        act=lambda: services.end_part(part=row, last=form.cleaned_data["last"], actor=request.user),
    )  # fmt: skip
