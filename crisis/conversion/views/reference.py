"""Centres and where there is none, the rules and items, the managers and their load."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.conversion import services
from crisis.conversion.models import Centre, ConversionRule, ScoreItem
from crisis.conversion.reference_forms import CentreForm, ItemEndForm, ItemForm, RuleForm
from crisis.conversion.selectors.coverage import coverage
from crisis.conversion.selectors.managers import loads
from crisis.conversion.views.common import form_page, posted
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import ChangedMeanwhile
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.VIEW)
@methods()
def centres(request: PortalRequest) -> HttpResponse:
    """Which 시·도 has a centre today, which only in part, which none; and every centre on record."""
    today = timezone.localdate()
    lines = coverage(today)
    rows = Centre.objects.visible_to(request.scope).select_related("seat__parent", "organization")
    context = {
        "lines": lines,
        "without": [line for line in lines if not line.centres],
        "centres": list(rows.prefetch_related("regions__region__parent")),
        "manages": request.scope.can(Capability.MANAGE_CONVERSION),
    }
    return render(request, "conversion/centres.html", context)


@needs(Capability.MANAGE_CONVERSION)
@methods(writes=("POST",))
def centre(request: PortalRequest, code: str = "") -> HttpResponse:
    """Register a centre or correct one."""
    found = get_object_or_404(Centre, code=code) if code else None
    form = CentreForm(posted(request), centre=found)
    back = reverse("conversion:centres")
    if request.method == "POST" and form.is_valid():
        try:
            if tried(form, lambda: services.save_centre(centre=found, actor=request.user, **form.facts())):
                messages.success(request, _("센터를 저장했습니다."))
                return redirect(back)
        except ChangedMeanwhile as refusal:
            messages.error(request, refusal.message)
            return redirect(back)
    title = found.name if found else _("센터 등록")
    return form_page(request, form, title, back=back, name=_("구조혁신지원센터"))


@needs(Capability.VIEW)
@methods()
def rules(request: PortalRequest) -> HttpResponse:
    """What counts as conversion from when to when, and by what diagnoses are scored."""
    context = {
        "rules": list(ConversionRule.objects.visible_to(request.scope).order_by("-effective")),
        "items": list(ScoreItem.objects.visible_to(request.scope)),
        "today": timezone.localdate(),
        "manages": request.scope.can(Capability.MANAGE_CONVERSION),
    }
    return render(request, "conversion/rules.html", context)


def _added(request: PortalRequest, form: Any, act: Any, title: str, told: str) -> HttpResponse:
    back = reverse("conversion:rules")
    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, told)
        return redirect(back)
    return form_page(request, form, title, back=back, name=_("사업전환 기준"))


def _split(form: Any) -> dict[str, Any]:
    facts = dict(form.cleaned_data)
    return {"starts_on": facts.pop("starts_on"), "facts": facts}


@needs(Capability.MANAGE_CONVERSION)
@methods(writes=("POST",))
def rule_new(request: PortalRequest) -> HttpResponse:
    """A rule from a day on; it begins as the last one stands."""
    last = ConversionRule.objects.order_by("-effective").first()
    names = [name for name in RuleForm.base_fields if name not in {"starts_on", "basis"}]
    form = RuleForm(posted(request), initial={name: getattr(last, name) for name in names} if last else {})
    act = lambda: services.add_rule(actor=request.user, **_split(form))  # noqa: E731
    return _added(request, form, act, _("새 기준"), _("기준을 등록했습니다."))


@needs(Capability.MANAGE_CONVERSION)
@methods(writes=("POST",))
def item_new(request: PortalRequest) -> HttpResponse:
    """An item diagnoses are scored by."""
    form = ItemForm(posted(request))
    act = lambda: services.add_score_item(actor=request.user, **_split(form))  # noqa: E731
    return _added(request, form, act, _("진단 항목 더하기"), _("진단 항목을 등록했습니다."))


@needs(Capability.MANAGE_CONVERSION)
@methods(writes=("POST",))
def item_end(request: PortalRequest, pk: int) -> HttpResponse:
    """An item is no longer asked after a day."""
    item, form = get_object_or_404(ScoreItem, pk=pk), ItemEndForm(posted(request))
    act = lambda: services.end_score_item(item=item, actor=request.user, **form.cleaned_data)  # noqa: E731
    title = _("‘%(name)s’ 적용 끝내기") % {"name": item.name}
    return _added(request, form, act, title, _("적용을 끝냈습니다."))


@needs(Capability.VIEW)
@methods()
def managers(request: PortalRequest) -> HttpResponse:
    """The managers of running plans, the busiest first."""
    return render(request, "conversion/managers.html", {"loads": loads(request.scope, timezone.localdate())})
