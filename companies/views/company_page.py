"""The page of one company: everything that is known of it, on one page and one line of time."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import history, panels, personal, selectors, services, timeline
from companies.enums import FigureStatus
from companies.models import Company, CompanyMerge, CompanyYear, Workplace, WorkplaceCluster
from companies.page_forms import PeopleForm, initial_of
from companies.rules import written_business_number, written_corporate_number
from companies.selectors import YearlyFigures
from companies.size_hint import size_hint
from companies.views.common import follows_merges, told, visible
from companies.workspace.models import Bookmark
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.verbs import VERBS
from portal.kernel import charts
from portal.kernel.charts import Series
from portal.kernel.errors import Refusal
from portal.kernel.fields import own_field
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

_YEARS = 10
_HUNDRED_MILLION = Decimal(10**8)
#: The latest entries of the timeline stand open, the rest is folded away.
_LATEST = 15


@needs(Capability.VIEW)
@follows_merges
@methods()
def company(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """A company with its places, figures, papers, panels and timeline. People are masked."""
    return render(request, "companies/company_detail.html", page_of(request, visible(request, public_id)))


@needs(Capability.VIEW_PERSONAL)
@follows_merges
@methods(reads=(), writes=("POST",))
def company_people(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The same page with people named, written down each time; with `save` their facts are changed."""
    found = visible(request, public_id)
    if not personal.holds(found, request.scope, Capability.VIEW_PERSONAL):
        raise PermissionDenied
    manages = personal.holds(found, request.scope, Capability.MANAGE_COMPANIES)
    form = PeopleForm(initial=initial_of(found, personal.FIELDS))
    if "save" in request.POST:
        if not manages:
            raise PermissionDenied
        form = PeopleForm(request.POST)
        if form.is_valid():
            version = request.POST.get("version", "")
            try:
                with transaction.atomic():
                    services.change_company(
                        company=found,
                        version=int(version) if version.isdigit() else 0,
                        changes=form.cleaned_data,
                        actor=request.user,
                    )
            except Refusal as refusal:
                told(form, refusal)
                found.refresh_from_db()
            else:
                messages.success(request, _("대표자와 연락처를 고쳤습니다."))
                return redirect("companies:company", public_id=found.public_id)
    personal.record_view(company=found, actor=request.user)
    context = page_of(request, found, plainly=True) | {"people_form": form if manages else None}
    return render(request, "companies/company_detail.html", context)


@needs(Capability.VIEW_HISTORY)
@follows_merges
@methods()
def company_history(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Who changed what, when and why, field by field. People are masked."""
    found = visible(request, public_id, "companies:company_history")
    changes = history.of_company(found, plainly=False)
    rows = [(change, VERBS.get(change.deed, change.deed)) for change in changes]
    merges = CompanyMerge.objects.filter(survivor=found).select_related("absorbed", "merged_by", "undone_by")
    context = {"company": found, "changes": rows, "most": history.MOST, "merges": merges.order_by("-pk")}
    manages = personal.holds(found, request.scope, Capability.MANAGE_COMPANIES)
    return render(request, "companies/company_history.html", context | {"can_manage": manages})


def page_of(request: PortalRequest, found: Company, *, plainly: bool = False) -> dict[str, Any]:
    """Everything the company's page shows, for this reader."""
    scope = request.scope
    today = timezone.localdate()
    stays = WorkplaceCluster.objects.filter(workplace__company=found).select_related("cluster").order_by("effective")
    by_place: dict[int, list[WorkplaceCluster]] = {}
    for stay in stays:
        by_place.setdefault(stay.workplace_id, []).append(stay)
    places = [
        (place, written_business_number(place.business_number), by_place.get(place.pk, []))
        for place in Workplace.objects.filter(company=found).select_related("region__parent")
    ]
    years = selectors.yearly([found.pk]).get(found.pk, [])[-_YEARS:]
    entries = timeline.of_company(found, scope)
    return {
        "company": found,
        "facts": _identity(found),
        "people": _people(found, plainly=plainly),
        "plainly": plainly,
        "can_see_people": personal.holds(found, scope, Capability.VIEW_PERSONAL),
        "can_manage": personal.holds(found, scope, Capability.MANAGE_COMPANIES),
        "can_see_history": scope.can(Capability.VIEW_HISTORY),
        "places": places,
        "today": today,
        "years": list(reversed(years)),
        "charts": _charts(years),
        "rows": list(CompanyYear.objects.filter(company=found).order_by("-year", "source")),
        "papers": list(found.certifications.order_by("kind", "effective")),
        "patents": list(found.patents.all()),
        "names": list(found.other_names.all()),
        "size_hint": size_hint(found, years, today),
        "badges": [text for one in panels.columns() if (text := one.values([found.pk], scope).get(found.pk))],
        "panels": panels.panels_of(found, scope),
        "entries": entries[:_LATEST],
        "older": entries[_LATEST:],
        "marked": Bookmark.objects.filter(owner=scope.user_id, company=found).exists(),
        "differences": found.differences.pending().count(),  # type: ignore[attr-defined]
        "PRELIM": FigureStatus.PRELIM,
    }


def _identity(found: Company) -> list[tuple[str, str | date | None, bool]]:
    """(label, value, whether it is an address to follow) of the company's own facts."""
    return [
        (_("법인등록번호"), written_corporate_number(found.corporate_number), False),
        (_("기업 유형"), str(found.get_kind_display()), False),
        (_("기업 규모"), str(found.get_size_display()), False),
        (_("업종"), f"{found.industry} ({found.industry.revision}차)" if found.industry else "", False),
        (_("주생산품"), found.main_product, False),
        (_("설립일"), found.founded_on, False),
        (_("주관 지역"), found.lead_region.name if found.lead_region else "", False),
        (_("누리집"), found.homepage, found.homepage.startswith(("https://", "http://"))),
        (_("영문 이름"), found.name_en, False),
    ]


def _people(found: Company, *, plainly: bool) -> list[tuple[str, str]]:
    shown = personal.shown(found, plainly=plainly)
    return [(str(own_field(Company, name).verbose_name), shown[name]) for name in personal.FIELDS]


def _charts(years: list[YearlyFigures]) -> list[tuple[str, Any, Any]]:
    """(title, drawing, table): money in 억원, then persons. Nothing for a company with fewer than two years."""
    if len(years) < 2:
        return []

    def line(label: str, name: str, unit: Decimal = _HUNDRED_MILLION) -> Series:
        points = [
            (str(year.year), None if (value := getattr(year, name)) is None else round(Decimal(value) / unit, 1))
            for year in years
        ]
        return Series(label, points)

    one = Decimal(1)
    groups = [
        (_("매출액과 영업이익"), "억원", [line(_("매출액"), "sales"), line(_("영업이익"), "operating_profit")], 1),
        (_("수출액과 연구개발비"), "억원", [line(_("수출액"), "exports"), line(_("연구개발비"), "rnd")], 1),
        (_("상시근로자"), "명", [line(_("상시근로자"), "employees", one)], 0),
    ]
    drawn = []
    for title, unit, series, places in groups:
        known = [one for one in series if any(value is not None for _period, value in one.points)]
        if known:
            drawn.append(
                (
                    title,
                    charts.line_chart(known, title=title, unit=unit),
                    charts.chart_table(known, caption=title, unit=unit, places=places),
                )
            )
    return drawn
