"""What outside registers say otherwise: a list of what waits, and the decision on each."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import personal, services
from companies.enums import DifferenceState
from companies.models import Company, RegistryDifference
from companies.page_forms import DecideForm
from companies.views.common import deed_page, kept
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.fields import own_field
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods

_OTHER_FIELDS = {
    "state": gettext_lazy("영업 상태"),
    "workplace_state": gettext_lazy("사업장 상태"),
    "business_number": gettext_lazy("사업자등록번호"),
}


def field_word(row: RegistryDifference) -> str:
    """What differs, in words."""
    return str(_OTHER_FIELDS.get(row.field) or own_field(Company, row.field).verbose_name)


def value_of(row: RegistryDifference, name: str) -> str:
    """One side of the difference; people masked."""
    value = getattr(row, name)
    return personal.mask(row.field, value) if row.field in personal.FIELDS else value


class DifferenceFilters(ListFilters):
    state = django_filters.ChoiceFilter(choices=DifferenceState.choices, label=gettext_lazy("상태"))
    source = django_filters.CharFilter(label=gettext_lazy("출처"), lookup_expr="iexact")
    company = django_filters.UUIDFilter("company__public_id", label=gettext_lazy("기업 번호"))


class DifferenceList(ListPage):
    """Differences of companies in the reader's scope, those that wait first."""

    name = "differences"
    title = gettext_lazy("외부 자료와 다른 점")
    template = "companies/difference_list.html"
    default_sort = "-state"
    tie = ("-as_of", "pk")
    filters = DifferenceFilters
    empty_text = gettext_lazy("국세청 상태 조회 등 외부 자료를 올려 견주면 다른 점이 여기에 보입니다.")
    columns = (
        ListColumn(
            "company",
            gettext_lazy("기업"),
            value=lambda row: row.company.name,
            sort=("company__name_key",),
            fixed=True,
            link=lambda row: reverse("companies:difference", args=[row.pk]),
            width=28,
        ),
        ListColumn("field", gettext_lazy("항목"), value=field_word, sort=("field",)),
        ListColumn("ours", gettext_lazy("포털의 값"), value=lambda row: value_of(row, "ours"), text=True, width=28),
        ListColumn(
            "theirs", gettext_lazy("외부 자료의 값"), value=lambda row: value_of(row, "theirs"), text=True, width=28
        ),
        ListColumn("source", gettext_lazy("출처"), sort=("source",), text=True),
        ListColumn("as_of", gettext_lazy("조회 기준일"), sort=("as_of",)),
        ListColumn("state", gettext_lazy("상태"), value=lambda row: str(row.get_state_display()), sort=("state",)),
        ListColumn("reason", gettext_lazy("사유"), text=True, shown=False, width=30),
    )

    def queryset(self) -> QuerySet[RegistryDifference]:
        return RegistryDifference.objects.visible_to(self.scope).select_related("company")


@needs(Capability.VIEW)
@methods(writes=("POST",))
def differences(request: PortalRequest) -> HttpResponseBase:
    """What outside registers say otherwise in the reader's regions."""
    return DifferenceList.of(request).respond(request)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def difference(request: PortalRequest, pk: int) -> HttpResponse:
    """One difference; those who keep the company accept it (`accept`) or decline it with a reason."""
    rows = RegistryDifference.objects.visible_to(request.scope).select_related("company", "workplace", "decided_by")
    row = get_object_or_404(rows, pk=pk)
    sides = [(_("포털의 값"), value_of(row, "ours")), (_("외부 자료의 값"), value_of(row, "theirs"))]
    open_ = row.state == DifferenceState.PENDING
    manages = personal.holds(row.company, request.scope, Capability.MANAGE_COMPANIES)
    context: dict[str, Any] = {"row": row, "field": field_word(row), "sides": sides, "decides": open_ and manages}
    if request.method != "POST":
        return render(
            request, "companies/difference_detail.html", context | {"company": row.company, "form": DecideForm()}
        )
    company = kept(request, row.company.public_id)
    form = DecideForm(request.POST)
    accept = "accept" in request.POST

    def do(facts: dict[str, Any]) -> None:
        if accept:
            services.accept_difference(difference=row, on=facts["on"], actor=request.user, reason=facts["reason"])
        else:
            services.reject_difference(difference=row, actor=request.user, reason=facts["reason"])

    done = _("외부 자료의 값으로 바꿨습니다.") if accept else _("포털의 값을 그대로 두었습니다.")
    title = _("외부 자료와 다른 점")
    return deed_page(
        request, company, form, do, title=title, done=done, template="companies/difference_detail.html", **context
    )
