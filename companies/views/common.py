"""What the pages of one company share."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from companies import personal, selectors
from companies.models import Company
from companies.services import ChangedMeanwhile, FieldConflict
from portal.directory.enums import Capability
from portal.kernel.display import MISSING, number
from portal.kernel.errors import Refusal
from portal.kernel.fields import own_field
from portal.kernel.forms import BaseForm
from portal.kernel.http import PortalRequest
from portal.kernel.views import View


class Moved(Exception):
    """The company was merged: `url` is the page of the one that stayed."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


def visible(request: PortalRequest, public_id: UUID, view: str = "companies:company") -> Company:
    """The company of an address, or 404. Raises Moved for the address of a merged one."""
    company, moved = selectors.company_by_id(public_id, request.scope)
    if company is None:
        raise Http404
    if moved:
        raise Moved(reverse(view, args=[company.public_id]))
    return company


def kept(request: PortalRequest, public_id: UUID) -> Company:
    """The company of an address, for somebody who keeps it; 404 outside the scope, 403 without the capability."""
    company = visible(request, public_id)
    if not personal.holds(company, request.scope, Capability.MANAGE_COMPANIES):
        raise PermissionDenied
    return company


def follows_merges(view: View) -> View:
    """Old numbers of merged companies lead to the company that stayed."""

    @wraps(view)
    def inner(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Moved as moved:
            return HttpResponseRedirect(moved.url)

    return inner


def posted(request: PortalRequest) -> QueryDict | None:
    """What a form is bound to: what was posted, even if it is nothing at all."""
    return request.POST if request.method == "POST" else None


def told(form: BaseForm, fault: Exception) -> None:
    """Put a refusal, or a constraint's sentence, beside the field it concerns."""
    if isinstance(fault, Refusal):
        placed = {name: text for name, text in fault.fields.items() if name in form.fields}
        for name, text in placed.items():
            form.add_error(name, text)
        form.add_error(None, fault.message)
        return
    sentences = fault.message_dict if hasattr(fault, "error_dict") else {"": fault.messages}  # type: ignore[attr-defined]
    for name, texts in sentences.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)


def side_by_side(model: type[Model], conflict: FieldConflict) -> dict[str, Any]:
    """One line of the comparison of two editors in words; people masked."""
    field = own_field(model, conflict.field)

    def worded(value: Any) -> str:
        if value in (None, ""):
            return MISSING
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if conflict.field in personal.FIELDS:
            return personal.mask(conflict.field, str(value))
        return number(value) if isinstance(value, int) else str(value)

    return {
        "label": conflict.label,
        "found": worded(conflict.found),
        "now": worded(conflict.now),
        "wanted": worded(conflict.wanted),
        "both": conflict.both,
        "theirs": conflict.now != conflict.found,
    }


def deed_page(
    request: PortalRequest,
    company: Company,
    form: BaseForm,
    do: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    done: str,
    anchor: str = "",
    template: str = "companies/company_deed.html",
    model: type[Model] = Company,
    **context: Any,
) -> HttpResponse:
    """One form, one deed: shown by GET, done by POST, back to the company's page. Refusals stand in the form.

    `model`: whose rows the form edits under a version; two editors' words are then laid side by side.
    """
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                do(form.cleaned_data)
        except ChangedMeanwhile as fault:
            context["conflicts"] = [side_by_side(model, conflict) for conflict in fault.comparison]
            data = cast(QueryDict, form.data).copy()
            data["version"] = str(fault.version)
            form.data = data
            told(form, fault)
        except (Refusal, ModelValidationError) as fault:
            told(form, fault)
        else:
            messages.success(request, done)
            return redirect(reverse("companies:company", args=[company.public_id]) + (f"#{anchor}" if anchor else ""))
    return render(request, template, {"company": company, "form": form, "title": title, **context})
