"""One plan: what it says and how it goes; its editions; writing the open one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company
from crisis.conversion import services
from crisis.conversion.enums import BUDGETS, EDITION_WORDS, EditionState, PlanState
from crisis.conversion.forms import (
    MONEY_WORDS,
    EditionForm,
    FileForm,
    MemberForm,
    MilestoneForm,
    NewPlanForm,
    number_of,
)
from crisis.conversion.models import (
    ConversionFile,
    ConversionPlan,
    ConversionRule,
    Diagnosis,
    EditionMember,
    Milestone,
    PlanEdition,
)
from crisis.conversion.rules import OK, eligibility
from crisis.conversion.services.plans import LABELS, firm_of
from crisis.conversion.views.common import (
    EDITION_KINDS,
    MILESTONE_KINDS,
    PLAN_KINDS,
    Sight,
    events_of,
    form_page,
    plan_of,
    posted,
    sight,
)
from crisis.conversion.views.plan_steps import STEPS
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.deeds import offered
from portal.kernel.errors import ChangedMeanwhile
from portal.kernel.fields import own_field
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

STAGES = {
    PlanState.PREPARING: 1, PlanState.REFUSED: 2, PlanState.WITHDRAWN: 1, PlanState.RUNNING: 3, PlanState.CANCELLED: 3,
    PlanState.COMPLETING: 4, PlanState.COMPLETED: 5,
}  # fmt: skip


def said_of(edition: PlanEdition) -> dict[str, Any]:
    """What an edition says, ready to show: five queries."""
    firms = list(edition.firms.select_related("member__company", "from_industry", "to_industry"))
    return {
        "edition": edition,
        "kind": EDITION_KINDS[EditionState(edition.state)],
        "texts": [(own_field(PlanEdition, name).verbose_name, getattr(edition, name)) for name in EDITION_WORDS],
        "money": [(MONEY_WORDS[source], getattr(edition, f"budget_{source}")) for source in BUDGETS],
        "goals": list(edition.goals.all()),
        "firms": firms,
        "milestones": list(edition.milestones.all()),
    }


@needs(Capability.VIEW)
@methods()
def plan(request: PortalRequest, code: str) -> HttpResponse:
    """The plan as it holds, what is being worked on, and how it goes."""
    found, today = plan_of(request, code), timezone.localdate()
    stand = sight(request.scope, found)
    editions = list(found.editions.select_related("decided_by", "submitted_by", "rule").order_by("number"))  # type: ignore[attr-defined]
    for one in editions:
        one.plan = found
    holds = next((one for one in editions if one.state == EditionState.APPROVED), None)
    shown = stand.edition or holds or editions[-1]
    steps = Milestone.objects.of_plan(found).select_related("edition") if holds else Milestone.objects.none()
    context: dict[str, Any] = {
        "plan": found,
        "sight": stand,
        "kind": PLAN_KINDS[PlanState(found.state)],
        "stage": 2 if stand.edition and stand.edition.state == "SUBMITTED" and not holds else STAGES[found.state],  # type: ignore[index]
        "steps": offered(STEPS, request.scope, found),
        "editions": [(one, EDITION_KINDS[EditionState(one.state)]) for one in editions],
        "said": said_of(holds or shown),
        "change": said_of(stand.edition) if stand.edition and holds else None,
        "members": list(found.members.select_related("company", "diagnosis")),  # type: ignore[attr-defined]
        "findings": _findings(shown) if stand.edition else [],
        "lacking": _lacking(stand),
        "done": [(one, MILESTONE_KINDS[one.state], one.is_overdue(today)) for one in steps],  # type: ignore[index]
        "managers": list(found.managers.select_related("manager", "assigned_by").order_by("-effective")),  # type: ignore[attr-defined]
        "contacts": list(found.contacts.select_related("by")[:12]),  # type: ignore[attr-defined]
        "completion": getattr(found, "completion", None),
        "follow_up": getattr(found, "follow_up", None),
        "files": list(found.files.select_related("added_by")),  # type: ignore[attr-defined]
        "events": events_of(found),
    }
    return render(request, "conversion/plan_detail.html", context)


def _findings(edition: PlanEdition) -> list[tuple[str, bool]]:
    """The conditions of eligibility as they stand today: (sentence, met)."""
    today = timezone.localdate()
    rule = ConversionRule.objects.in_force_on(today).first()
    if rule is None:
        return []
    said = edition.firms.select_related("member__company", "from_industry", "to_industry")
    firms = [firm_of(one) for one in said]
    found = [one for firm in firms for one in eligibility(firm, rule.terms, today, joint=len(firms) > 1)]
    return [(one.text, one.standing == OK) for one in found]


def _lacking(stand: Sight) -> list[str]:
    if not stand.writes or stand.edition is None:
        return []
    today = timezone.localdate()
    if not ConversionRule.objects.in_force_on(today).exists():
        return [_("오늘 적용할 사업전환 기준이 없습니다.")]
    return [f"{LABELS[name]}: {text}" for name, text in services.lacking(stand.edition, today).items()]


@needs(Capability.VIEW)
@methods()
def edition(request: PortalRequest, code: str, number: int) -> HttpResponse:
    """An edition as it was approved, refused or withdrawn: kept for ever."""
    found = plan_of(request, code)
    rows = PlanEdition.objects.select_related("decided_by", "submitted_by", "rule")
    row = get_object_or_404(rows, plan=found, number=number)
    row.plan = found
    return render(request, "conversion/edition_detail.html", {"plan": found, "said": said_of(row)})


@needs(Capability.WORK_CONVERSION)
@methods(writes=("POST",))
def plan_new(request: PortalRequest) -> HttpResponse:
    """Begin a plan; `?diagnosis=` or `?company=` fills in what is known."""
    mine, initial = request.scope.within(Capability.WORK_CONVERSION), {}
    if asked := request.GET.get("diagnosis", ""):
        source = get_object_or_404(Diagnosis.objects.visible_to(mine).select_related("company"), code=asked)
        initial = {"company": number_of(source.company), "diagnosis": source.code}
    elif (asked := request.GET.get("company", "")) and len(asked) == 36:
        initial = {"company": number_of(get_object_or_404(Company.objects.visible_to(mine), public_id=asked))}
    form = NewPlanForm(posted(request), scope=mine, initial=initial)
    act = lambda: services.draft_plan(**form.cleaned_data, actor=request.user)  # noqa: E731
    if request.method == "POST" and form.is_valid() and (made := tried(form, act)):
        messages.success(request, _("초안을 만들었습니다. 내용과 참여기업, 추진 단계를 채운 다음 신청해 주세요."))
        return redirect("conversion:plan", code=made.code)
    back = reverse("conversion:plans")
    return form_page(request, form, _("새 사업전환계획"), back=back, name=_("사업전환계획"), button=_("초안 만들기"))


def _writable(request: PortalRequest, code: str) -> tuple[ConversionPlan, PlanEdition]:
    found = plan_of(request, code)
    stand = sight(request.scope, found)
    if not stand.writes or stand.edition is None:
        raise PermissionDenied
    return found, stand.edition


def _written(request: PortalRequest, form: Any, act: Any, told: str, back: str) -> HttpResponse | None:
    """Do it and go back; None when the form is to be shown (again)."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        tried(form, act)
    except ChangedMeanwhile as refusal:
        messages.error(request, refusal.message)
        return redirect(back)
    if form.errors:
        return None
    messages.success(request, told)
    return redirect(back)


@needs(Capability.WORK_CONVERSION)
@methods(writes=("POST",))
def plan_edit(request: PortalRequest, code: str) -> HttpResponse:
    """Write what the open edition says."""
    found, row = _writable(request, code)
    form, back = EditionForm(posted(request), edition=row), reverse("conversion:plan", args=[code])
    act = lambda: services.save_edition(plan=found, actor=request.user, **form.facts())  # noqa: E731
    answer = _written(request, form, act, _("저장했습니다."), back)
    return answer or form_page(
        request, form, _("내용 고치기"), back=back, name=found.title, template="conversion/edition_form.html"
    )


@needs(Capability.WORK_CONVERSION)
@methods(writes=("POST",))
def member(request: PortalRequest, code: str, pk: int = 0) -> HttpResponse:
    """Take a firm into the open edition, write what it says of one, or take one out that came with it."""
    found, row = _writable(request, code)
    said = get_object_or_404(EditionMember.objects.select_related(
        "member__company", "from_industry", "to_industry"), edition=row, pk=pk) if pk else None  # fmt: skip
    form, back = MemberForm(posted(request), version=found.version, said=said), reverse("conversion:plan", args=[code])
    removes = said is not None and "remove" in request.POST

    def act() -> Any:
        if said is not None and removes:
            return services.remove_member(
                plan=found, member=said.member, seen=form.cleaned_data["seen"], actor=request.user
            )
        facts = dict(form.cleaned_data)
        company = said.member.company if said is not None else facts.pop("company")
        return services.put_member(plan=found, company=company, actor=request.user, **facts)

    told = _("참여기업을 뺐습니다.") if removes else _("참여기업을 적었습니다.")
    answer = _written(request, form, act, told, back)
    may_remove = said is not None and not said.member.is_lead and said.member.joined_with == row.number
    title = _("참여기업: %(name)s") % {"name": said.member} if said else _("참여기업 더하기")
    remove = _("이 기업 빼기") if may_remove else ""
    return answer or form_page(request, form, title, back=back, name=found.title, remove=remove)


@needs(Capability.WORK_CONVERSION)
@methods(writes=("POST",))
def plan_milestone(request: PortalRequest, code: str, pk: int = 0) -> HttpResponse:
    """Put a step into the open edition, change or take out one of it."""
    found, row = _writable(request, code)
    step = get_object_or_404(Milestone, edition=row, pk=pk) if pk else None
    form = MilestoneForm(posted(request), version=found.version, milestone=step)
    back, removes = reverse("conversion:plan", args=[code]), step is not None and "remove" in request.POST

    def act() -> Any:
        if step is not None and removes:
            return services.remove_milestone(
                plan=found, milestone=step, seen=form.cleaned_data["seen"], actor=request.user
            )
        return services.put_milestone(plan=found, milestone=step, actor=request.user, **form.cleaned_data)

    told = _("추진 단계를 뺐습니다.") if removes else _("추진 단계를 적었습니다.")
    answer = _written(request, form, act, told, back)
    title, remove = (_("추진 단계 고치기"), _("이 단계 빼기")) if step else (_("추진 단계 더하기"), "")
    return answer or form_page(request, form, title, back=back, name=found.title, remove=remove)


@needs(Capability.WORK_CONVERSION)
@methods(writes=("POST",))
def plan_file(request: PortalRequest, code: str) -> HttpResponse:
    """Attach a paper to the plan: application, letter of approval, report."""
    found = plan_of(request, code)
    if not sight(request.scope, found).works:
        raise PermissionDenied
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    back = reverse("conversion:plan", args=[code])
    act = lambda: services.attach_file(to=found, actor=request.user, **form.cleaned_data)  # noqa: E731
    answer = _written(request, form, act, _("문서를 붙였습니다."), back)
    return answer or form_page(request, form, _("문서 붙이기"), back=back, name=found.title)


@needs(Capability.VIEW)
@methods()
def file(request: PortalRequest, public_id: Any) -> HttpResponseBase:
    """A paper, for whoever sees what it belongs to."""
    kept = get_object_or_404(ConversionFile.objects.visible_to(request.scope), public_id=public_id)
    return FileResponse(kept.file.open("rb"), as_attachment=True, filename=kept.filename)
