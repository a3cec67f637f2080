"""Floors of the reader's areas: the list, a new one, the end of one, its paper."""

from typing import Any
from uuid import UUID

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisis import services
from crisis.council_forms import EndFloorForm, FloorForm
from crisis.enums import FloorKind
from crisis.models import Floor
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import display
from portal.kernel.errors import Refusal
from portal.kernel.forms import tell
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods


class FloorFilters(ListFilters):
    area = django_filters.CharFilter(label=gettext_lazy("지역"), field_name="area__name_ko", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("사유"), choices=FloorKind.choices, empty_label=gettext_lazy("모두")
    )
    on = django_filters.DateFilter(label=gettext_lazy("이날 적용"), method="active")

    def active(self, rows: QuerySet[Floor], name: str, day: Any) -> QuerySet[Floor]:
        return rows.active_on(day)  # type: ignore[attr-defined]


def _state(row: Floor) -> str:
    if row.voided:
        return _("잘못 등록")
    today = timezone.localdate()
    if today < row.effective.lower:
        return _("예정")
    return _("적용 중") if row.effective.upper is None or today < row.effective.upper else _("끝남")


class FloorList(ListPage):
    """Floors of the reader's areas, the newest first."""

    name = "floors"
    title = gettext_lazy("하한 사유")
    template = "crisis/floor_list.html"
    default_sort = "-start"
    filters = FloorFilters
    empty_text = gettext_lazy(
        "재난, 주요 기업 이탈, 다른 법의 지정이 있으면 등록하세요. 다음 상정부터 제안 단계에 반영됩니다."
    )
    columns = (
        ListColumn(
            "area", gettext_lazy("지역"), value=lambda row: row.area.name, sort=("area__code",), fixed=True, width=24,
            link=lambda row: reverse("crisis:floor", args=[row.public_id]),
        ),
        ListColumn("kind", gettext_lazy("사유"), value=lambda row: str(row.get_kind_display()), sort=("kind",)),
        ListColumn("stage", gettext_lazy("하한 단계"), value=lambda row: display.stage_word(row.stage), sort=("stage",)),
        ListColumn("share", gettext_lazy("비중(%)"), css="num"),
        ListColumn("start", gettext_lazy("시작일"), value=lambda row: row.effective.lower, sort=("effective",)),
        ListColumn("end", gettext_lazy("끝나는 날"), value=lambda row: row.effective.upper),
        ListColumn("state", gettext_lazy("상태"), value=_state),
        ListColumn("evidence", gettext_lazy("근거"), text=True, width=40),
        ListColumn("example", gettext_lazy("예시"), value=lambda row: row.is_demo, shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        return Floor.objects.visible_to(self.scope).select_related("area")


@needs(Capability.VIEW)
@methods(writes=("POST",))
def floors(request: PortalRequest) -> HttpResponseBase:
    return FloorList.of(request).respond(request, can_enter=request.scope.can(Capability.PREPARE_DECISIONS))


@needs(Capability.PREPARE_DECISIONS)
@methods(writes=("POST",))
def floor_new(request: PortalRequest) -> HttpResponse:
    """Enter a floor with its evidence."""
    scope = request.scope.within(Capability.PREPARE_DECISIONS)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FloorForm(*given, scope=scope, initial={"area": request.GET.get("area", ""), "start": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            floor = services.open_floor(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("하한 사유를 등록했습니다. 다음 상정부터 제안 단계에 반영됩니다."))
            return redirect("crisis:floor", public_id=floor.public_id)
    return render(request, "crisis/floor_form.html", {"form": form})


def _visible(request: PortalRequest, public_id: UUID, capability: str = Capability.VIEW) -> Floor:
    rows = Floor.objects.visible_to(request.scope.within(capability))
    return get_object_or_404(
        rows.select_related("area__region", "entered_by", "ended_by", "designation"), public_id=public_id
    )


@needs(Capability.VIEW)
@methods()
def floor(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One floor, the decisions it went into, and its end."""
    found = _visible(request, public_id)
    mine = Floor.objects.visible_to(request.scope.within(Capability.PREPARE_DECISIONS)).filter(pk=found.pk).exists()
    context = {
        "floor": found,
        "state": _state(found),
        "decisions": found.determinations.select_related("round", "area"),
        "form": EndFloorForm(initial={"on": timezone.localdate()}) if mine and not found.is_ended else None,
    }
    return render(request, "crisis/floor_detail.html", context)


@needs(Capability.PREPARE_DECISIONS)
@methods(reads=(), writes=("POST",))
def floor_end(request: PortalRequest, public_id: UUID) -> HttpResponse:
    found = _visible(request, public_id, Capability.PREPARE_DECISIONS)
    form = EndFloorForm(request.POST)
    if form.is_valid():
        try:
            services.end_floor(floor=found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("하한 사유를 끝냈습니다. 이미 결정한 것은 바뀌지 않습니다."))
            return redirect("crisis:floor", public_id=found.public_id)
    context = {"floor": found, "state": _state(found), "decisions": [], "form": form}
    return render(request, "crisis/floor_detail.html", context, status=422)


@needs(Capability.VIEW)
@methods()
def floor_file(request: PortalRequest, public_id: UUID) -> HttpResponseBase:
    """The paper a floor rests on."""
    found = _visible(request, public_id)
    if not found.evidence_file or not found.evidence_file.storage.exists(str(found.evidence_file.name)):
        raise Http404
    return FileResponse(found.evidence_file.open("rb"), as_attachment=True, filename=found.evidence_filename)
