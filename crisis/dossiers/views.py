"""Dossiers as pages: the chain, one link with what a fresh look at it says, its papers, the check of the whole."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisis.dossiers import services
from crisis.dossiers.documents import paper_of
from crisis.dossiers.enums import DossierKind, Format
from crisis.dossiers.models import Dossier, DossierCheck
from crisis.models import Determination
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.services import start_job
from portal.kernel import display
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods


class DossierFilters(ListFilters):
    area = django_filters.CharFilter(label=gettext_lazy("지역"), field_name="area__name_ko", lookup_expr="icontains")
    round = django_filters.CharFilter(label=gettext_lazy("회차"), field_name="round__code")
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("종류"), choices=DossierKind.choices, empty_label=gettext_lazy("모두")
    )
    sha256 = django_filters.CharFilter(label="SHA-256", field_name="sha256", lookup_expr="istartswith")


def _stage(row: Dossier) -> str:
    return display.stage_word(row.determination.stage) if row.determination else ""


class DossierList(ListPage):
    """The links of the chain the reader may see, the newest first."""

    name = "dossiers"
    title = gettext_lazy("결정 보관본")
    template = "dossiers/dossier_list.html"
    default_sort = "-sequence"
    filters = DossierFilters
    empty_text = gettext_lazy("협의회가 단계를 의결하면 그때의 자료, 기준, 표결이 여기에 보관됩니다.")
    columns = (
        ListColumn(
            "sequence", gettext_lazy("번호"), sort=("sequence",), fixed=True, css="num", width=10,
            link=lambda row: reverse("dossiers:dossier", args=[row.sequence]),
        ),
        ListColumn("kind", gettext_lazy("종류"), value=lambda row: str(row.get_kind_display()), sort=("kind",)),
        ListColumn("area", gettext_lazy("지역"), value=lambda row: row.area.name if row.area else "", sort=("area__code",), width=24),
        ListColumn("round", gettext_lazy("회차"), value=lambda row: str(row.round) if row.round else ""),
        ListColumn("stage", gettext_lazy("결정 단계"), value=_stage),
        ListColumn("meeting", gettext_lazy("회의"), value=lambda row: str(row.meeting) if row.meeting else "", shown=False, width=30),
        ListColumn("made_at", gettext_lazy("보관 일시"), sort=("made_at",), width=18),
        ListColumn("sha256", "SHA-256", show=lambda row: row.short, text=True, width=66),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        rows = Dossier.objects.visible_to(self.scope).defer("content")
        return rows.select_related("area", "round", "determination", "meeting__council")


@needs(Capability.VIEW)
@methods(writes=("POST",))
def dossiers(request: PortalRequest) -> HttpResponseBase:
    """The chain, and when it was last checked as a whole."""
    return DossierList.of(request).respond(
        request,
        check=DossierCheck.objects.visible_to(request.scope).first(),
        can_check=request.scope.can(Capability.VIEW_HISTORY),
    )


def _visible(request: PortalRequest, sequence: int) -> Dossier:
    rows = Dossier.objects.visible_to(request.scope).select_related(
        "determination__area", "determination__round", "determination__result__run__rule_set",
        "determination__agenda_item", "meeting__council", "area__region__parent", "round",
    )  # fmt: skip
    return get_object_or_404(rows, sequence=sequence)


@needs(Capability.VIEW)
@methods()
def dossier(request: PortalRequest, sequence: int) -> HttpResponse:
    """One link: what a look at it right now says, and the paper it makes."""
    found = _visible(request, sequence)
    before = Dossier.objects.filter(sequence=sequence - 1).defer("content").first()
    broken = services.inspect(found, before=before)
    context = {
        "dossier": found,
        "broken": broken,
        "paper": paper_of(found.record, found.sha256) if broken is None else None,
        "check": DossierCheck.objects.visible_to(request.scope).first(),
        "formats": Format.choices,
        "can_export": request.scope.can(Capability.EXPORT),
        "before": before
        if before and Dossier.objects.visible_to(request.scope).filter(pk=before.pk).exists()
        else None,
        "size": len(found.content.encode()),
    }
    return render(request, "dossiers/dossier_detail.html", context)


@needs(Capability.VIEW)
@methods()
def of_determination(request: PortalRequest, pk: int) -> HttpResponse:
    """The dossier of a decision."""
    decided = get_object_or_404(Determination.objects.visible_to(request.scope), pk=pk)
    found = get_object_or_404(Dossier.objects.visible_to(request.scope).only("sequence"), determination=decided)
    return redirect("dossiers:dossier", sequence=found.sequence)


@needs(Capability.EXPORT)
@methods()
def dossier_json(request: PortalRequest, sequence: int) -> HttpResponse:
    """The record as it was frozen, byte for byte: its SHA-256 is that of the file."""
    found = _visible(request, sequence)
    answer = HttpResponse(found.content.encode(), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="dossier-{found.sequence}-{found.short}.json"'
    return answer


@needs(Capability.EXPORT)
@methods(reads=(), writes=("POST",))
def paper_new(request: PortalRequest, sequence: int) -> HttpResponse:
    """Have the worker make the PDF or HWPX file."""
    found = _visible(request, sequence)
    format = request.POST.get("format", Format.PDF)
    if format not in Format.values:
        return redirect("dossiers:dossier", sequence=found.sequence)
    job = services.start_paper(dossier=found, format=format, actor=request.user)
    return redirect("job", pk=job.pk)


@needs(Capability.VIEW, for_writing=Capability.VIEW_HISTORY)
@methods(reads=(), writes=("POST",))
def check_all(request: PortalRequest) -> HttpResponse:
    """Have the worker check the whole chain and calculate every round again."""
    job = start_job(
        kind="verify_dossiers",
        title=_("결정 보관본 전체 확인"),
        task="crisis.dossiers.tasks.verify",
        owner=request.user,
    )
    return redirect("job", pk=job.pk)
