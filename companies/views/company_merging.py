"""Two entries are one company: choose, see what moves, confirm; and take it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from companies import personal, search, selectors, services
from companies.models import Company, CompanyMerge
from companies.page_forms import MergeForm, ReasonForm
from companies.rules import written_business_number
from companies.services.merging import FieldChoice
from companies.views.common import deed_page, follows_merges, kept, posted, told
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.display import MISSING
from portal.kernel.errors import Refusal
from portal.kernel.fields import own_field
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

_OFFERED = 20


@needs(Capability.MANAGE_COMPANIES)
@follows_merges
@methods()
def merge_choose(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Which other entry is the same company: likely ones are offered, others are searched for."""
    company = kept(request, public_id)
    scope = request.scope.within(Capability.MANAGE_COMPANIES)
    typed = request.GET.get("q", "").strip()
    seat = selectors.headquarters([company.pk]).get(company.pk)
    if typed:
        ids = [pk for pk in search.find(typed, scope, most=_OFFERED + 1).ids if pk != company.pk][:_OFFERED]
        reasons: dict[int, list[str]] = {}
    else:
        likely = selectors.likely_duplicates(
            name=company.name_ko,
            corporate_number=company.corporate_number,
            representative=company.representative,
            region_id=seat.region_id if seat else None,
            but=company.pk,
        )
        ids = [one.company.pk for one in likely]
        reasons = {one.company.pk: [_(selectors.LIKELY_REASONS[why]) for why in one.reasons] for one in likely}
    seats = selectors.headquarters(ids)
    found = Company.objects.visible_to(scope).not_merged().in_bulk(ids)
    offered = [
        (
            found[pk],
            seats[pk].region.full_name if pk in seats else "",
            written_business_number(seats[pk].business_number) if pk in seats else "",
            reasons.get(pk, []),
        )
        for pk in ids
        if pk in found
    ]
    return render(request, "companies/merge_choose.html", {"company": company, "typed": typed, "offered": offered})


@needs(Capability.MANAGE_COMPANIES)
@follows_merges
@methods(writes=("POST",))
def merge_plan(request: PortalRequest, public_id: UUID, other_id: UUID) -> HttpResponse:
    """What a merge would move and leave, counted; POST does it. The company of the address stays."""
    survivor, absorbed = kept(request, public_id), kept(request, other_id)
    try:
        plan = services.plan_merge(survivor=survivor, absorbed=absorbed)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("companies:merge_choose", public_id=survivor.public_id)
    choices = [(choice.field, choice.label) for choice in plan.fields if not choice.filled]
    form = MergeForm(posted(request), fields=choices)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                services.merge_companies(
                    survivor=survivor,
                    absorbed=absorbed,
                    take=form.cleaned_data["take"],
                    reason=form.cleaned_data["reason"],
                    actor=request.user,
                )
        except Refusal as refusal:
            told(form, refusal)
        else:
            messages.success(
                request,
                _("%(absorbed)s을(를) %(survivor)s에 합쳤습니다. 변경 이력에서 되돌릴 수 있습니다.")
                % {"absorbed": absorbed.name, "survivor": survivor.name},
            )
            return redirect("companies:company", public_id=survivor.public_id)
    fields = [(choice, _worded(choice, choice.survivor), _worded(choice, choice.absorbed)) for choice in plan.fields]
    context = {"company": survivor, "absorbed": absorbed, "plan": plan, "fields": fields, "form": form}
    return render(request, "companies/merge_plan.html", context)


def _worded(choice: FieldChoice, value: Any) -> str:
    """A fact of either company in words, people masked."""
    if value in (None, ""):
        return MISSING
    field = own_field(Company, choice.field)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return personal.mask(choice.field, str(value)) if choice.field in personal.FIELDS else str(value)


@needs(Capability.MANAGE_COMPANIES)
@follows_merges
@methods(writes=("POST",))
def merge_undo(request: PortalRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Take a merge back, with a reason."""
    company = kept(request, public_id)
    merge = get_object_or_404(CompanyMerge.objects.in_force().select_related("absorbed"), survivor=company, pk=pk)
    form = ReasonForm(posted(request))

    def do(facts: dict[str, Any]) -> None:
        services.undo_merge(merge=merge, actor=request.user, reason=facts["reason"])

    title = _("%(name)s 합침 되돌리기") % {"name": merge.absorbed.name}
    note = _("옮긴 것이 모두 제자리로 돌아가고, 합쳐졌던 기업이 다시 따로 보입니다.")
    return deed_page(request, company, form, do, title=title, done=_("합침을 되돌렸습니다."), note=note)
