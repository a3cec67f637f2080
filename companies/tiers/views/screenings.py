"""Screenings: looking for candidates, trying a change of criteria, reading what came of it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.tiers import services
from companies.tiers.enums import CriteriaState, Finding, ScreeningKind, Tier
from companies.tiers.forms import ScreeningForm
from companies.tiers.models import CriteriaSet, Screening, ScreeningRow, TierCase
from companies.tiers.views.criteria import may_draft
from companies.tiers.views.lists import OUTCOMES, firm_url, marked, outcome_mark
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods

import django_filters  # isort: skip


def _may_find(request: PortalRequest) -> bool:
    return request.scope.can(Capability.REVIEW_TIERS) or request.scope.can(Capability.DECIDE_TIERS)


@needs(Capability.VIEW)
@methods()
def screenings(request: PortalRequest) -> HttpResponse:
    """Screenings of the reader's regions, the latest first."""
    rows = Screening.objects.visible_to(request.scope).select_related("criteria", "compared_with", "region", "owner")
    context = {"rows": rows[:100], "can_find": _may_find(request), "can_try": may_draft(request.scope)}
    return render(request, "tiers/screening_list.html", context)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def screening_new(request: PortalRequest, kind: str) -> HttpResponse:
    """Ask for a screening: `find` looks for candidates, `try` compares criteria."""
    what_if = kind == "try"
    if not (may_draft(request.scope) if what_if else _may_find(request)):
        raise PermissionDenied
    today = timezone.localdate()
    asked_for = {name: request.GET.get(name) for name in ("criteria", "compared_with", "region")}
    initial = {"on": today, "base_year": today.year - 1, **asked_for}
    form = ScreeningForm(request.POST or None, scope=request.scope, what_if=what_if, initial=initial)
    if request.method == "POST" and form.is_valid():
        asked = partial(
            services.start_screening,
            kind=ScreeningKind.WHAT_IF if what_if else ScreeningKind.CANDIDATES,
            actor=request.user,
        )
        if started := tried(form, lambda: asked(**form.cleaned_data)):
            messages.success(request, _("맡겼습니다. 끝나면 결과로 이어집니다."))
            return redirect("job", pk=started[1].pk)
    return render(request, "tiers/screening_form.html", {"form": form, "what_if": what_if})


class RowFilters(ListFilters):
    finding = django_filters.ChoiceFilter(
        label=gettext_lazy("결과"), choices=Finding.choices, empty_label=gettext_lazy("전체")
    )
    held = django_filters.ChoiceFilter(
        label=gettext_lazy("현재 등급"), choices=Tier.choices, field_name="tier", empty_label=gettext_lazy("전체")
    )


class RowList(ListPage):
    """The firms a screening has something to say about, with the reasons."""

    name = "screening-rows"
    title = gettext_lazy("선별 결과")
    template = "tiers/screening_detail.html"
    default_sort = "finding"
    filters = RowFilters
    extra = frozenset({"of"})
    empty_text = gettext_lazy("달라지는 기업이 없습니다.")
    columns = (
        ListColumn(
            "name", gettext_lazy("기업"), value=lambda row: row.company.name, show=lambda row: marked(row.company),
            link=lambda row: firm_url(row.company), sort=("company__name_key",), fixed=True, width=24,
        ),
        ListColumn(
            "finding", gettext_lazy("결과"), value=lambda row: row.get_finding_display(),
            sort=("finding", "company__name_key"),
        ),
        ListColumn("tier", gettext_lazy("현재 등급"), value=lambda row: str(Tier(row.tier).label) if row.tier else ""),
        ListColumn(
            "before", gettext_lazy("견준 기준"), value=lambda row: str(OUTCOMES.get(row.outcome_before, "")),
            show=lambda row: outcome_mark(row.outcome_before),
        ),
        ListColumn(
            "after", gettext_lazy("이 기준"), value=lambda row: str(OUTCOMES.get(row.outcome, "")),
            show=lambda row: outcome_mark(row.outcome),
        ),
        ListColumn("reasons", gettext_lazy("까닭"), value=lambda row: " / ".join(row.reasons), width=60),
    )  # fmt: skip

    def queryset(self) -> Any:
        of = self.query.get("of", "")
        rows = ScreeningRow.objects.visible_to(self.scope).select_related("company")
        return rows.filter(screening=int(of) if of.isdigit() else 0)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def screening(request: PortalRequest, pk: int) -> HttpResponseBase:
    """One screening: counts, and the firms behind each of them."""
    rows = Screening.objects.visible_to(request.scope).select_related("criteria", "compared_with", "region", "owner")
    found = get_object_or_404(rows, pk=pk)
    query = request.GET.copy()
    query["of"] = str(found.pk)
    request.GET = query  # type: ignore[assignment]
    counts = found.counts or {}
    renewals = found.kind == ScreeningKind.CANDIDATES
    tiles = [finding for finding in Finding if renewals or finding != Finding.RENEWS]
    fresh = CriteriaSet.objects.filter(pk=found.criteria_id, sha256=found.criteria_sha256).exists()
    return RowList.of(request).respond(
        request,
        screening=found,
        counts=counts,
        tiles=[(finding.label, counts.get(finding.value, 0), f"?finding={finding.value}") for finding in tiles],
        can_change=found.kind == ScreeningKind.WHAT_IF
        and found.criteria.state == CriteriaState.DRAFT
        and not found.criteria.is_published
        and may_draft(request.scope, found.criteria),
        outcomes=[
            (label, counts.get(f"before_{key}"), counts.get(f"after_{key}", counts.get(f"outcome_{key}", 0)))
            for key, label in OUTCOMES.items()
        ],
        changed_since=not fresh,
        cases=TierCase.objects.filter(screening=found).count() if found.kind == ScreeningKind.CANDIDATES else None,
    )
