"""Questionnaires: their versions, one as firms see it, a new version written in lines."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.fieldwork import services
from crisis.fieldwork.forms import FormForm
from crisis.fieldwork.models import FieldForm
from portal.directory.access import needs
from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _keeps(scope: Scope) -> bool:
    return scope.can(Capability.MANAGE_SURVEYS) or scope.can(Capability.RUN_FIELDWORK)


@needs(Capability.VIEW)
@methods()
def forms(request: PortalRequest) -> HttpResponse:
    """Every form the reader may see, all versions."""
    rows = FieldForm.objects.visible_to(request.scope).select_related("region").order_by("code", "-version")
    return render(request, "fieldwork/form_list.html", {"forms": rows, "keeps": _keeps(request.scope)})


def _form_of(request: PortalRequest, code: str, version: int) -> FieldForm:
    rows = FieldForm.objects.visible_to(request.scope).select_related("region")
    return get_object_or_404(rows, code=code, version=version)


@needs(Capability.VIEW)
@methods()
def form(request: PortalRequest, code: str, version: int) -> HttpResponse:
    """One version: what is asked."""
    found = _form_of(request, code, version)
    questionnaire = found.questionnaire
    context = {
        "form_row": found,
        "questionnaire": questionnaire,
        "items": [questionnaire.item(one) for one in questionnaire.items],
        "fed": questionnaire.item(questionnaire.fed_item).label if questionnaire.fed_item else "",
        "keeps": services.may_keep(request.user, found.region),
    }
    return render(request, "fieldwork/form_detail.html", context)


def _editor(request: PortalRequest, initial: dict[str, Any], *, fixed: bool) -> FormForm:
    scope = request.scope
    nationwide = scope.within(Capability.MANAGE_SURVEYS).nationwide
    mine = scope if nationwide else scope.within(Capability.RUN_FIELDWORK)
    regions = Region.objects.in_force_on(timezone.localdate()).filter(mine.regions("pk"), level=RegionLevel.SIDO)
    return FormForm(
        request.POST if request.method == "POST" else None, initial=initial, regions=regions.order_by("name_ko"),
        nationwide=nationwide, fixed=fixed,
    )  # fmt: skip


@needs(Capability.VIEW)
@methods(writes=("POST",))
def form_new(request: PortalRequest) -> HttpResponse:
    """A new form, or a new version of one (`?from=code`)."""
    if not _keeps(request.scope):
        raise PermissionDenied
    pattern = FieldForm.objects.visible_to(request.scope).filter(code=request.GET.get("from", "")).newest().first()
    editor = _editor(request, FormForm.initial_of(pattern) if pattern else {}, fixed=False)
    if request.method == "POST" and editor.is_valid():
        data = editor.cleaned_data
        made = tried(
            editor,
            lambda: services.add_form(code=data["code"], region=data["region"], facts=editor.facts, actor=request.user),
        )
        if made is not None:
            messages.success(request, _("%(version)s판을 등록했습니다.") % {"version": made.version})
            return redirect("fieldwork:form", code=made.code, version=made.version)
    return _page(request, editor, _("새 양식"))


@needs(Capability.VIEW)
@methods(writes=("POST",))
def form_edit(request: PortalRequest, code: str, version: int) -> HttpResponse:
    """Change a version nobody has asked by yet."""
    found = _form_of(request, code, version)
    if not services.may_keep(request.user, found.region) or found.frozen_at is not None:
        raise PermissionDenied
    editor = _editor(request, FormForm.initial_of(found), fixed=True)
    if request.method == "POST" and editor.is_valid():
        changed = tried(editor, lambda: services.change_form(form=found, facts=editor.facts, actor=request.user))
        if changed is not None:
            messages.success(request, _("양식을 고쳤습니다."))
            return redirect("fieldwork:form", code=code, version=version)
    return _page(request, editor, _("양식 고치기"))


def _page(request: PortalRequest, editor: FormForm, title: str) -> HttpResponse:
    context = {"form": editor, "title": title}
    return render(request, "fieldwork/form_form.html", context, status=422 if editor.is_bound else 200)
