"""Reference pages: regions with their history, bodies with the regions they answer for."""

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.directory.access import needs
from portal.directory.enums import Capability, OrganizationKind, RegionLevel
from portal.directory.models import Jurisdiction, Membership, Organization, Region
from portal.directory.templatetags.directory import validity
from portal.kernel.forms import DateInput
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.templatetags.ui import provisional
from portal.kernel.views import methods


def region_url(region: Region) -> str:
    return reverse("region", args=[region.scheme, region.code])


def organization_url(organization: Organization) -> str:
    return reverse("organization", args=[organization.code])


def _validity(row: Region | Organization) -> str:
    return validity(row.effective)


def _parent_name(row: Organization) -> str | None:
    return row.parent.name if row.parent else None


class RegionFilters(ListFilters):
    q = django_filters.CharFilter(method="named", label=_("이름·코드"))
    level = django_filters.ChoiceFilter(choices=RegionLevel.choices, label=_("구분"))
    parent = django_filters.ModelChoiceFilter(label=_("시·도"), queryset=Region.objects.none())
    on = django_filters.DateFilter("effective", "contains", label=_("이 날 쓰인 지역"), widget=DateInput)

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        provinces = Region.objects.visible_to(self.scope).of_level(RegionLevel.SIDO).select_related("parent")
        self.filters["parent"].queryset = provinces.order_by("code")

    def named(self, queryset: QuerySet[Region], name: str, value: str) -> QuerySet[Region]:
        text = value.strip()
        named = Q(name_ko__icontains=text) | Q(name_en__icontains=text) | Q(other_names__name__icontains=text)
        return queryset.filter(named | Q(code__startswith=text)).distinct()


class RegionList(ListPage):
    name = "regions"
    title = _("지역")
    template = "directory/region_list.html"
    default_sort = "code"
    filters = RegionFilters
    empty_text = _("볼 수 있는 지역이 없습니다.")
    columns = (
        ListColumn("code", _("지역 코드"), sort=("code", "scheme"), text=True, fixed=True),
        ListColumn("name", _("이름"), value=lambda row: row.full_name, sort=("name_ko",), link=region_url, width=28),
        ListColumn("level", _("구분"), value=lambda row: str(row.get_level_display()), sort=("level",)),
        ListColumn("scheme", _("코드 체계"), sort=("scheme",)),
        ListColumn("effective", _("유효 기간"), value=_validity, sort=("effective",), width=28),
        ListColumn("capital_area", _("수도권"), sort=("capital_area",), shown=False),
        ListColumn(
            "provisional", _("잠정"), value=lambda row: row.provisional, show=lambda row: provisional(row.provisional),
            sort=("provisional",),
        ),
        ListColumn("name_en", _("영문 이름"), sort=("name_en",), shown=False, width=28),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Region]:
        return Region.objects.visible_to(self.scope).select_related("parent")


@needs(Capability.VIEW)
@methods(writes=("POST",))
def regions(request: PortalRequest) -> HttpResponseBase:
    """The regions of the reader's scope, past ones included."""
    return RegionList.of(request).respond(request)


@needs(Capability.VIEW)
@methods()
def region(request: PortalRequest, scheme: str, code: str) -> HttpResponse:
    """One region: when it was called so, what it was before and became, who answers for it."""
    found = get_object_or_404(
        Region.objects.visible_to(request.scope).select_related("parent"), scheme=scheme, code=code
    )
    places = [found.pk] + ([found.parent_id] if found.parent_id else [])
    responsible = (
        Jurisdiction.objects.filter(region__in=places, effective__contains=timezone.localdate())
        .select_related("organization", "region__parent")
        .order_by("organization__kind", "organization__code")
    )
    context = {
        "region": found,
        "before": found.precessions.select_related("predecessor__parent").order_by("on", "predecessor__code"),
        "after": found.successions.select_related("successor__parent").order_by("on", "successor__code"),
        "parts": found.children.visible_to(request.scope).order_by("code"),
        "other_codes": found.other_codes.order_by("scheme"),
        "other_names": list(found.other_names.order_by("name").values_list("name", flat=True)),
        "responsible": responsible,
        "reachable": set(Region.objects.visible_to(request.scope).values_list("pk", flat=True)),
    }
    return render(request, "directory/region_detail.html", context)


class OrganizationFilters(ListFilters):
    q = django_filters.CharFilter(method="named", label=_("이름·코드"))
    kind = django_filters.ChoiceFilter(choices=OrganizationKind.choices, label=_("종류"))
    region = django_filters.ModelChoiceFilter(
        method="responsible", label=_("관할 시·도"), queryset=Region.objects.none()
    )

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        provinces = Region.objects.visible_to(self.scope).of_level(RegionLevel.SIDO).select_related("parent")
        self.filters["region"].queryset = provinces.order_by("code")

    def named(self, queryset: QuerySet[Organization], name: str, value: str) -> QuerySet[Organization]:
        text = value.strip()
        return queryset.filter(
            Q(name_ko__icontains=text) | Q(short_name_ko__icontains=text) | Q(name_en__icontains=text)
            | Q(code__icontains=text)
        )  # fmt: skip

    def responsible(self, queryset: QuerySet[Organization], name: str, value: Region) -> QuerySet[Organization]:
        """Bodies that answer today for the 시·도 or a 시·군·구 in it."""
        places = Q(region=value) | Q(region__parent=value)
        today = Jurisdiction.objects.filter(places, effective__contains=timezone.localdate())
        return queryset.filter(pk__in=today.values("organization"))


class OrganizationList(ListPage):
    name = "organizations"
    title = _("기관과 관할")
    template = "directory/organization_list.html"
    default_sort = "kind"
    filters = OrganizationFilters
    columns = (
        ListColumn(
            "name", _("이름"), value=lambda row: row.name, sort=("name_ko",), fixed=True, width=36,
            link=organization_url,
        ),
        ListColumn("kind", _("종류"), value=lambda row: str(row.get_kind_display()), sort=("kind", "code"), width=24),
        ListColumn("code", _("기관 코드"), sort=("code",), text=True),
        ListColumn("parent", _("상위 기관"), value=_parent_name, sort=("parent__code",), width=28),
        ListColumn("effective", _("유효 기간"), value=_validity, sort=("effective",), shown=False, width=28),
        ListColumn(
            "provisional", _("잠정"), value=lambda row: row.provisional, show=lambda row: provisional(row.provisional),
            sort=("provisional",),
        ),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Organization]:
        return Organization.objects.visible_to(self.scope).select_related("parent")


@needs(Capability.VIEW)
@methods(writes=("POST",))
def organizations(request: PortalRequest) -> HttpResponseBase:
    """The bodies of the programme the reader has to do with."""
    return OrganizationList.of(request).respond(request)


@needs(Capability.VIEW)
@methods()
def organization(request: PortalRequest, code: str) -> HttpResponse:
    """One body: the regions it answers for and when, what belongs to it, and who works there for those who may know."""
    bodies = Organization.objects.visible_to(request.scope).select_related("parent")
    found = get_object_or_404(bodies, code=code)
    sees_people = request.scope.can(Capability.MANAGE_ACCESS) or found.pk in request.scope.organization_ids
    members = Membership.objects.visible_to(request.scope).current().filter(organization=found)
    context = {
        "organization": found,
        "parent_is_seen": bodies.filter(pk=found.parent_id).exists() if found.parent_id else False,
        "jurisdictions": found.jurisdictions.select_related("region__parent").order_by("region__code", "effective"),
        "children": found.children.visible_to(request.scope).order_by("kind", "code"),
        "sees_people": sees_people,
        "members": members.select_related("user").order_by("role", "user__name") if sees_people else [],
        "reachable": set(Region.objects.visible_to(request.scope).values_list("pk", flat=True)),
    }
    return render(request, "directory/organization_detail.html", context)
