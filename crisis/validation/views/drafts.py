"""Drafts of rule sets: copied, brought in, edited, compared, approved."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crisis.enums import RuleSetState
from crisis.models import Indicator
from crisis.services.rule_sets import delete_rule_set, edit_rule_set
from crisis.validation import services
from crisis.validation.forms import ApproveForm, CompareForm, DeleteForm, ImportForm
from crisis.validation.models import RuleSetDocument
from crisis.validation.rule_set_form import RuleSetForm
from crisis.validation.rules.differences import differences
from crisis.validation.selectors.shadow import shadow_of
from crisis.validation.views.common import rule_set_of
from crisis.validation.words import entry
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import Refusal
from portal.kernel.forms import done, tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.MANAGE_RULE_SETS)
@methods(reads=(), writes=("POST",))
def copy(request: PortalRequest, version: str) -> HttpResponse:
    """A draft from a rule set; the editor opens on it."""
    try:
        made = services.copy_rule_set(rule_set=rule_set_of(request, version), actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("crisis:rule_set", version=version)
    messages.success(request, _("사본을 만들었습니다. 고칠 값을 적고 저장하세요."))
    return redirect("validation:edit", version=made.version)


@needs(Capability.MANAGE_RULE_SETS)
@methods(writes=("POST",))
def bring_in(request: PortalRequest) -> HttpResponse:
    """A draft from a JSON file."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = partial(services.import_rule_set, content=data["file"].read(), title=data["title"])
        if made := tried(form, lambda: act(levels=data["levels"], actor=request.user)):
            messages.success(request, _("판정 기준을 초안으로 가져왔습니다."))
            return redirect("crisis:rule_set", version=made.version)
    return render(request, "validation/import.html", {"form": form}, status=422 if form.errors else 200)


@needs(Capability.MANAGE_RULE_SETS)
@methods(writes=("POST",))
def edit(request: PortalRequest, version: str) -> HttpResponse:
    """A draft's figures, every fault at its field; what another has changed meanwhile is not overwritten."""
    found = rule_set_of(request, version)
    if found.state != RuleSetState.DRAFT:
        messages.error(request, _("승인된 기준은 바꿀 수 없습니다. 사본을 만들어 고쳐 주세요."))
        return redirect("crisis:rule_set", version=version)
    form = RuleSetForm(request.POST or None, rule_set=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = partial(edit_rule_set, rule_set=found, body=form.body(), seen=data["seen"], actor=request.user)
        facts = {name: data[name] for name in ("title", "levels", "trial", "note")}
        if edited := tried(form, lambda: act(**facts)):
            if data["add_indicator"]:
                messages.success(request, _("지표를 꺼진 채로 더했습니다. 값을 채우고 켜 주세요."))
                return redirect("validation:edit", version=edited.version)
            messages.success(request, _("초안을 저장했습니다. 병행 산출로 무엇이 달라지는지 확인하세요."))
            return redirect("crisis:rule_set", version=edited.version)
    return render(
        request, "validation/edit.html", {"form": form, "rule_set": found}, status=422 if form.errors else 200
    )


@needs(Capability.MANAGE_RULE_SETS)
@methods(writes=("POST",))
def delete(request: PortalRequest, version: str) -> HttpResponse:
    """Throw a draft away for a reason: only one nothing was ever done with."""
    found = rule_set_of(request, version)
    if found.state != RuleSetState.DRAFT:
        return redirect("crisis:rule_set", version=version)
    form = DeleteForm(request.POST or None, initial={"seen": found.updated_at.isoformat()})
    if request.method == "POST" and form.is_valid():
        act = partial(delete_rule_set, rule_set=found, actor=request.user)
        if done(form, lambda: act(**form.cleaned_data), passing=()):
            messages.success(request, _("초안 ‘%(version)s’을(를) 지웠습니다.") % {"version": version})
            return redirect("crisis:rule_sets")
    context = {"form": form, "rule_set": found}
    return render(request, "validation/delete.html", context, status=422 if form.errors else 200)


@needs(Capability.VIEW)
@methods()
def compare(request: PortalRequest) -> HttpResponse:
    """Two rule sets side by side: only what differs."""
    both = "a" in request.GET and "b" in request.GET
    form = CompareForm(request.GET if both else None, scope=request.scope, initial=request.GET.dict())
    context: dict[str, Any] = {"form": form, "rows": None}
    if form.is_bound and form.is_valid():
        left, right = form.cleaned_data["a"], form.cleaned_data["b"]
        names = dict(Indicator.objects.values_list("code", "name_ko"))
        context |= {
            "left": left,
            "right": right,
            "same_levels": set(left.levels) == set(right.levels),
            "rows": [
                (one.indicator, names.get(one.indicator, ""), entry(one.key), one.left, one.right)
                for one in differences(left.body, right.body)
            ],
        }
    return render(request, "validation/compare.html", context)


@needs(Capability.MANAGE_RULE_SETS)
@methods(writes=("POST",))
def approve(request: PortalRequest, version: str) -> HttpResponse:
    """Put a draft in force from a day on, by a document; what is missing before is shown."""
    found = rule_set_of(request, version)
    if found.state != RuleSetState.DRAFT:
        return redirect("crisis:rule_set", version=version)
    form = ApproveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        act = partial(services.approve_with_document, rule_set=found, actor=request.user)
        if tried(form, lambda: act(**form.cleaned_data)):
            messages.success(request, _("판정 기준을 승인했습니다. 적용 시작일부터 새 회차에 씁니다."))
            return redirect("crisis:rule_set", version=version)
    context = {"form": form, "rule_set": found, "shadow": shadow_of(found)}
    return render(request, "validation/approve.html", context, status=422 if form.errors else 200)


@needs(Capability.VIEW)
@methods()
def document(request: PortalRequest, version: str) -> HttpResponseBase:
    """The approval as it was filed."""
    if not request.scope.can(Capability.EXPORT):
        raise PermissionDenied
    found = get_object_or_404(RuleSetDocument, rule_set=rule_set_of(request, version))
    return FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.filename, content_type="application/octet-stream"
    )
