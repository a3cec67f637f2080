"""The company list, what people keep of it, and taking it away as a file."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from companies.models import Company
from companies.page_forms import ExportForm, SaveFilterForm
from companies.views.common import posted
from companies.views.company_columns import PERSONAL_COLUMNS
from companies.views.company_list import CompanyList, CompanyPersonalList
from companies.workspace import services
from companies.workspace.models import SavedFilter
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.models import Organization
from portal.directory.scope import Scope
from portal.kernel.errors import Refusal
from portal.kernel.http import PortalRequest
from portal.kernel.lists import BadQuery
from portal.kernel.views import methods


def _save_form(scope: Scope, data: QueryDict | None = None) -> SaveFilterForm:
    bodies = Organization.objects.filter(pk__in=scope.organization_ids).order_by("code")
    return SaveFilterForm(data, bodies=[(body.code, body.name) for body in bodies])


@needs(Capability.VIEW)
@methods()
def companies(request: PortalRequest) -> HttpResponseBase:
    """Companies of the reader's scope: found, narrowed, marked, kept under a name."""
    if "export" in request.GET:
        return redirect(f"{reverse('companies:company_export')}?{request.GET.urlencode()}")
    can_manage = request.scope.can(Capability.MANAGE_COMPANIES)
    return CompanyList.of(request).respond(request, can_manage=can_manage, save_form=_save_form(request.scope))


@needs(Capability.VIEW)
@methods(reads=(), writes=("POST",))
def company_mark(request: PortalRequest) -> HttpResponse:
    """Mark a company (`mark`) or take the mark away (`unmark`); back to where one was."""
    number = request.POST.get("mark") or request.POST.get("unmark") or ""
    try:
        company = get_object_or_404(Company.objects.visible_to(request.scope), public_id=UUID(number))
    except ValueError:
        return HttpResponse(status=400)
    if "mark" in request.POST:
        services.mark(company=company, actor=request.user)
        messages.success(request, _("%(name)s을(를) 관심 기업에 담았습니다.") % {"name": company.name})
    else:
        services.unmark(company=company, actor=request.user)
        messages.success(request, _("%(name)s을(를) 관심 기업에서 뺐습니다.") % {"name": company.name})
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if safe else reverse("companies:companies"))


@needs(Capability.VIEW)
@methods(reads=(), writes=("POST",))
def filter_save(request: PortalRequest) -> HttpResponse:
    """Keep the list's conditions under a name, for oneself or with one's body."""
    form = _save_form(request.scope, request.POST)
    query = request.POST.get("query", "")
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect(f"{reverse('companies:companies')}?{query}")
    code = form.cleaned_data["shared_with"]
    try:
        saved = services.save_filter(
            list_name=CompanyList.name,
            name=form.cleaned_data["name"].strip(),
            query=query,
            shared_with=Organization.objects.get(code=code) if code else None,
            actor=request.user,
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse('companies:companies')}?{query}")
    messages.success(request, _("조건을 ‘%(name)s’(으)로 저장했습니다.") % {"name": saved.name})
    return redirect(f"{reverse('companies:companies')}?{saved.query}")


@needs(Capability.VIEW)
@methods(reads=(), writes=("POST",))
def filter_forget(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take one of one's own filters away."""
    saved = get_object_or_404(SavedFilter.objects.visible_to(request.scope), public_id=public_id)
    try:
        services.forget_filter(saved=saved, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("저장한 조건 ‘%(name)s’을(를) 지웠습니다.") % {"name": saved.name})
    return redirect("companies:companies")


@needs(Capability.EXPORT)
@methods(writes=("POST",))
def company_export(request: PortalRequest) -> HttpResponse:
    """Ask for the list as a file: what is in it, whether people are named, and then what for."""
    query = request.GET.copy()
    asked = query.pop("export", ["xlsx"])[-1]
    form = ExportForm(posted(request), initial={"format": asked})
    may_name = request.scope.can(Capability.EXPORT_PERSONAL)
    if not may_name:
        del form.fields["personal"], form.fields["reason"]
    named = request.method == "POST" and bool(request.POST.get("personal"))
    if named and not may_name:
        raise PermissionDenied
    made = CompanyPersonalList if named else CompanyList
    try:
        page = made(scope=request.scope, query=query, kept=dict(request.session.items()))
    except BadQuery as fault:
        return render(request, "lists/refused.html", {"text": str(fault)}, status=400)
    if request.method == "POST" and form.is_valid():
        try:
            address = services.start_company_export(
                page=page,
                personal=named,
                format=form.cleaned_data["format"],
                reason=form.cleaned_data.get("reason", ""),
                actor=request.user,
            )
        except Refusal as refusal:
            for name, text in refusal.fields.items():
                form.add_error(name, text)
            form.add_error(None, refusal.message)
        else:
            return redirect(address)
    people = [column.label for column in page.chosen if column.key in PERSONAL_COLUMNS]
    context = {"list": page, "form": form, "people": people, "may_name": may_name, "query": query.urlencode()}
    return render(request, "companies/company_export.html", context)
