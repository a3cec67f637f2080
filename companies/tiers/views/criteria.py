"""Criteria sets: read, drafted, copied, compared, adopted, retired."""

import json
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.tiers import rules, services
from companies.tiers.enums import CriteriaState, Tier
from companies.tiers.forms import AdoptForm, CompareForm, CriteriaForm, RetireForm
from companies.tiers.models import CriteriaSet, Screening
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.dates import period
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _visible(request: PortalRequest) -> Any:
    return CriteriaSet.objects.visible_to(request.scope).select_related("region", "industry", "adopted_by", "based_on")


def may_draft(scope: Scope, criteria: CriteriaSet | None = None) -> bool:
    """Whether this reader drafts criteria (of this set's region)."""
    mine = scope.within(Capability.MANAGE_TIER_CRITERIA)
    if criteria is None:
        return not mine.is_empty
    return mine.nationwide or (criteria.region_id is not None and mine.holds(criteria.region_id))


def may_adopt(scope: Scope, criteria: CriteriaSet) -> bool:
    """The ministry adopts any set, the head of an office those of its own regions."""
    if scope.within(Capability.MANAGE_TIER_CRITERIA).nationwide:
        return True
    return criteria.region_id is not None and scope.within(Capability.DECIDE_TIERS).holds(criteria.region_id)


@needs(Capability.VIEW)
@methods()
def criteria_list(request: PortalRequest) -> HttpResponse:
    """Every set: those in force, drafts, published examples, retired ones; by tier."""
    rows = list(_visible(request))
    today = timezone.localdate()
    tier = request.GET.get("tier", "")
    in_force = {row.pk for row in rows if row.state == CriteriaState.ADOPTED and today in row.effective}
    shown = [row for row in rows if not tier or row.tier == tier]
    shown.sort(key=lambda row: (row.pk not in in_force, row.is_published, row.state))  # what holds, drafts, examples
    context = {
        "rows": shown,
        "in_force": in_force,
        "tiers": [{"label": _("전체"), "url": "?", "current": not tier, "count": len(rows)}]
        + [
            {
                "label": one.label,
                "url": f"?tier={one}",
                "current": tier == one,
                "count": sum(row.tier == one for row in rows),
            }
            for one in Tier
        ],
        "can_draft": may_draft(request.scope),
    }
    return render(request, "tiers/criteria_list.html", context)


@needs(Capability.VIEW)
@methods()
def criteria_detail(request: PortalRequest, code: str) -> HttpResponse:
    """A set in words and in full, with its screenings and what may be done with it."""
    found = get_object_or_404(_visible(request), code=code)
    return _detail(request, found)


def _detail(request: PortalRequest, found: CriteriaSet, **bound: Any) -> HttpResponse:
    draft = found.state == CriteriaState.DRAFT
    adopts = may_adopt(request.scope, found)
    today = timezone.localdate()
    context = {
        "criteria": found,
        "source": json.dumps(found.body, ensure_ascii=False, indent=2),
        "metrics": [rules.METRICS[code] for code in sorted({c.metric.code for c in rules.conditions(found.tree)})],
        "can_copy": may_draft(request.scope),
        "can_edit": draft and not found.is_published and may_draft(request.scope, found),
        "can_try": bool(found.tier) and may_draft(request.scope),
        "adopt_form": (bound.get("adopt") or AdoptForm(initial={"start": today}))
        if draft and adopts and not found.is_published and found.tier
        else None,
        "retire_form": (bound.get("retire") or RetireForm(initial={"end": today}))
        if found.state == CriteriaState.ADOPTED and adopts
        else None,
        "screenings": Screening.objects.visible_to(request.scope).filter(criteria=found).select_related("region")[:20],
    }
    return render(request, "tiers/criteria_detail.html", context, status=422 if bound else 200)


@needs(Capability.MANAGE_TIER_CRITERIA)
@methods(reads=(), writes=("POST",))
def criteria_adopt(request: PortalRequest, code: str) -> HttpResponse:
    """Put a draft in force, by a document."""
    found = get_object_or_404(_visible(request), code=code)
    if not may_adopt(request.scope, found):
        raise PermissionDenied
    form = AdoptForm(request.POST)
    act = partial(services.adopt_criteria, criteria=found, actor=request.user)
    if form.is_valid() and tried(form, lambda: act(**form.cleaned_data)) is not None:
        messages.success(request, _("기준을 확정했습니다. 이제 내용을 바꿀 수 없습니다."))
        return redirect("tiers:criteria", code=code)
    return _detail(request, found, adopt=form)


@needs(Capability.MANAGE_TIER_CRITERIA)
@methods(reads=(), writes=("POST",))
def criteria_retire(request: PortalRequest, code: str) -> HttpResponse:
    """End an adopted set."""
    found = get_object_or_404(_visible(request), code=code)
    if not may_adopt(request.scope, found):
        raise PermissionDenied
    form = RetireForm(request.POST)
    act = partial(services.retire_criteria, criteria=found, actor=request.user)
    if form.is_valid() and tried(form, lambda: act(**form.cleaned_data)) is not None:
        messages.success(request, _("기준을 폐지했습니다."))
        return redirect("tiers:criteria", code=code)
    return _detail(request, found, retire=form)


FIRST = {"all": [{"metric": "STATE", "operator": "IN", "value": ["OPERATING"]}]}
"""What a set without conditions begins with: suspended and closed firms are out of every programme."""


def _facts(data: dict[str, Any]) -> dict[str, Any]:
    named = (
        "title", "programme", "tier", "region", "industry", "industry_codes", "term_years", "needs_resolution",
        "source", "note",
    )  # fmt: skip
    return {**{name: data[name] for name in named}, "effective": period(data["start"], data["end"])}


@needs(Capability.MANAGE_TIER_CRITERIA)
@methods(writes=("POST",))
def criteria_new(request: PortalRequest) -> HttpResponse:
    """Draft a set from scratch, or as the next version of another (`?from=code`)."""
    scope = request.scope.within(Capability.MANAGE_TIER_CRITERIA)
    origin = _visible(request).filter(code=request.GET.get("from", "")).first()
    initial: dict[str, Any] = {"start": timezone.localdate()}
    if origin is not None:
        initial = {
            **{name: getattr(origin, name) for name in _COPIED},
            "region": origin.region_id,
            "industry": origin.industry_id,
            "code": f"{origin.code[:50]}-{origin.version + 1}",
            "start": timezone.localdate(),
        }
    form = CriteriaForm(request.POST or None, scope=scope, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        version = origin.version + 1 if origin else 1
        body = data["body"] or (origin.body if origin else FIRST)
        act = partial(services.draft_criteria, code=data["code"], body=body, version=version, based_on=origin)
        if made := tried(form, lambda: act(actor=request.user, facts=_facts(data))):
            messages.success(request, _("기준 초안을 저장했습니다. 조건을 고르고 시뮬레이션으로 살펴보세요."))
            return redirect("tiers:criteria_conditions", code=made.code)
    context = {"form": form, "origin": origin, "metrics": _METRICS}
    return render(request, "tiers/criteria_form.html", context)


_COPIED = (
    "title", "programme", "tier", "industry_codes", "term_years", "needs_resolution", "body", "source", "note",
)  # fmt: skip
_METRICS = [
    (metric, ", ".join(f"{code}({rules.OPERATOR_WORDS[code]})" for code in rules.OPERATORS[metric.kind]))
    for metric in rules.METRICS.values()
]


@needs(Capability.MANAGE_TIER_CRITERIA)
@methods(writes=("POST",))
def criteria_edit(request: PortalRequest, code: str) -> HttpResponse:
    """Change a draft; what somebody else changed meanwhile is not overwritten."""
    found = get_object_or_404(_visible(request), code=code)
    if not may_draft(request.scope, found):
        raise PermissionDenied
    scope = request.scope.within(Capability.MANAGE_TIER_CRITERIA)
    initial = {
        **{name: getattr(found, name) for name in _COPIED},
        "region": found.region_id,
        "industry": found.industry_id,
        "start": found.effective.lower,
        "end": found.effective.upper,
        "seen": found.updated_at.isoformat(),
    }
    form = CriteriaForm(request.POST or None, scope=scope, editing=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = partial(services.edit_criteria, criteria=found, body=found.body, seen=data["seen"])
        if tried(form, lambda: act(actor=request.user, facts=_facts(data))):
            messages.success(request, _("기준 초안을 고쳤습니다."))
            return redirect("tiers:criteria", code=code)
    context = {"form": form, "criteria": found, "metrics": _METRICS}
    return render(request, "tiers/criteria_form.html", context)


@needs(Capability.VIEW)
@methods()
def criteria_compare(request: PortalRequest) -> HttpResponse:
    """Two sets side by side: which conditions both have, which only one."""
    form = CompareForm(request.GET if request.GET else None, scope=request.scope)
    rows: list[tuple[str, bool, bool]] = []
    pair: dict[str, Any] = {}
    if form.is_valid():
        pair = {name: form.cleaned_data[name] for name in ("a", "b")}
        texts = [[rules.condition_text(c) for c in rules.conditions(pair[name].tree)] for name in ("a", "b")]
        rows = [(text, text in texts[0], text in texts[1]) for text in dict.fromkeys(texts[0] + texts[1])]
    context = {"form": form, "rows": rows, "pair": pair, "list_url": reverse("tiers:criteria_list")}
    return render(request, "tiers/criteria_compare.html", context)
