"""One case on one page; beginning a case for a company; its files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company
from network.difficulties import services
from network.difficulties.enums import ActionState, Severity
from network.difficulties.forms import NewCaseForm
from network.difficulties.models import Case, Note, Paper
from network.difficulties.selectors import story_of
from network.difficulties.services import AlreadyOpen
from network.difficulties.standing import standing_of
from network.difficulties.views.common import ACTION_KINDS, SEVERITY_KINDS, case_of
from network.difficulties.views.deeds import AT_THE_HEAD, MORE, offered
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.VIEW_DIFFICULTIES)
@methods()
def case(request: PortalRequest, code: str) -> HttpResponse:
    """Everything of one case the reader may know."""
    found = case_of(request, code)
    scope, today = request.scope, timezone.localdate()
    referents = list(found.referents.select_related("organization", "user"))
    current = [row for row in referents if row.is_current]
    away = set(found.referents.all().current().away().values_list("pk", flat=True)) if current else set()
    standing = standing_of(found, scope, referents)
    works_for = [row for row in current if row.organization_id in standing.bodies]
    notes = list(Note.objects.visible_to(scope).filter(case=found).select_related("organization", "written_by"))
    papers = list(Paper.objects.visible_to(scope).filter(case=found).select_related("organization", "uploaded_by"))
    loaded = (
        Case.objects.filter(pk=found.pk)
        .select_related("company", "region", "opened_by", "closed_by")
        .prefetch_related("difficulties__kind", "difficulties__entered_by", "difficulties__resolved_by")
        .prefetch_related("actions__organization", "actions__entered_by", "follow_ups__done_by")
        .get()
    )
    successor = standing.successor
    if successor and not Case.objects.visible_to(scope).filter(pk=successor.pk).exists():
        successor = None
    before = found.predecessor
    if before and not Case.objects.visible_to(scope).filter(pk=before.pk).exists():
        before = None
    context = {
        "case": found,
        "severity_kind": SEVERITY_KINDS[Severity(found.severity)],
        "standing": standing,
        "offered": offered(standing, AT_THE_HEAD),
        "more": offered(standing, MORE),
        "referents": [(row, row.pk in away, row.organization_id in standing.bodies) for row in current],
        "former": [row for row in referents if not row.is_current and not row.effective.isempty],
        "difficulties": [(one, SEVERITY_KINDS[Severity(one.severity)]) for one in loaded.difficulties.all()],
        "actions": [
            (
                one,
                ACTION_KINDS[ActionState(one.state)],
                found.is_open and one.is_overdue(today),
                one.organization_id in standing.bodies,
            )
            for one in loaded.actions.all()
        ],
        "papers": papers,
        "looks": list(loaded.follow_ups.all()),
        "story": story_of(loaded, scope, referents=referents, notes=notes, papers=papers),
        "reads_notes": bool(works_for) or bool(notes),
        "before": before,
        "successor": successor,
        "days": found.days(today),
    }
    return render(request, "difficulties/case_detail.html", context)


@needs(Capability.MANAGE_DIFFICULTIES)
@methods(writes=("POST",))
def case_new(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take up a company. When it has an open case, this leads there, or says who is on it."""
    company = get_object_or_404(Company.objects.visible_to(request.scope).not_merged(), public_id=public_id)
    open_one = Case.objects.visible_to(request.scope).open().filter(company=company).first()
    if open_one is not None and request.method != "POST":
        return _there_already(request, open_one)
    mine = request.scope.within(Capability.MANAGE_DIFFICULTIES)
    form = NewCaseForm(request.POST if request.method == "POST" else None, company=company, mine=mine)
    if request.method == "POST" and form.is_valid():
        made: list[Any] = []
        told: list[AlreadyOpen] = []

        def act() -> None:
            try:
                made.append(services.open_case(**form.cleaned_data, actor=request.user))
            except AlreadyOpen as refusal:  # caught here: what it put on record stays
                told.append(refusal)

        tried(form, act)
        if told and told[0].case is not None:
            return _there_already(request, told[0].case)
        if told:
            form.add_error(None, told[0].message)
        elif made:
            messages.success(request, _("사례를 시작했습니다. 애로와 조치를 적고, 함께할 기관의 담당을 정해 주세요."))
            return redirect("difficulties:case", code=made[0].code)
    return render(
        request, "difficulties/case_new.html", {"company": company, "form": form}, status=422 if form.is_bound else 200
    )


def _there_already(request: PortalRequest, found: Case) -> HttpResponse:
    messages.info(request, _("이 기업에는 진행 중인 사례가 있습니다. 이 사례에서 함께 해 주세요."))
    return redirect("difficulties:case", code=found.code)


@needs(Capability.VIEW_DIFFICULTIES)
@methods()
def paper(request: PortalRequest, code: str, pk: int) -> HttpResponseBase:
    """A file, for whoever may read it: otherwise it does not exist."""
    kept = get_object_or_404(Paper.objects.visible_to(request.scope), case=case_of(request, code), pk=pk)
    return FileResponse(kept.file.open("rb"), as_attachment=True, filename=kept.filename)
