"""`companies/`: found, listed with what went away, shown, handed in by the thousand."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from companies import personal, search
from companies.api import bulk
from companies.api.base import NUMBER, TOMBSTONES, Moved, RegistryViewSet, company_of, in_place
from companies.enums import CompanyKind, CompanySize, OperatingState
from companies.models import Company, Industry, Workplace, WorkplaceCluster
from companies.search_keys import facet_key
from companies.serializers import CompaniesIn, CompaniesOut, CompanyDetail, CompanyRow
from companies.workspace.models import SearchKey
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.kernel.rest.filters import OVERLAP, CodesFilter, FilterSet, MomentFilter, StrictChoices

PLAIN = OpenApiParameter(
    "personal",
    OpenApiTypes.BOOL,
    description="true면 대표자와 연락처를 가리지 않습니다. 볼 권한이 있어야 하고, 누구의 것을 보았는지 기록됩니다",
)


def with_seat(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """Companies with the number and place of their headquarters."""
    seat = Workplace.objects.headquarters().filter(company=OuterRef("pk"))
    return queryset.annotate(
        seat_number=Subquery(seat.values("business_number")[:1]),
        seat_scheme=Subquery(seat.values("region__scheme")[:1]),
        seat_region=Subquery(seat.values("region__code")[:1]),
        seat_address=Subquery(seat.values("address")[:1]),
    )


def with_clusters(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """Workplaces with the codes of the clusters they lie in today."""
    here = WorkplaceCluster.objects.in_force_on(timezone.localdate()).filter(workplace=OuterRef("pk"))
    return queryset.annotate(cluster_codes=ArraySubquery(here.order_by("cluster__code").values("cluster__code")))


class CompanyFilter(FilterSet):
    q = filters.CharFilter(method="typed", help_text=gettext_lazy("기업명·초성·번호·생산품의 일부. 1,000건까지"))
    business_number = CodesFilter(
        method="numbered", help_text=gettext_lazy("사업자등록번호(숫자만, 쉼표로 여럿). 다른 사업장의 번호도 됨")
    )
    corporate_number = CodesFilter("corporate_number", help_text=gettext_lazy("법인등록번호(숫자만, 쉼표로 여럿)"))
    region = filters.CharFilter(method="placed", help_text=gettext_lazy("사업장이 있는 시·도나 시·군·구 코드"))
    cluster = filters.CharFilter(method="clustered", help_text=gettext_lazy("오늘 입주해 있는 밀집지역 코드"))
    state = StrictChoices(choices=OperatingState, help_text=gettext_lazy("영업 상태"))
    size = StrictChoices(choices=CompanySize, help_text=gettext_lazy("기업 규모"))
    kind = StrictChoices(choices=CompanyKind, help_text=gettext_lazy("기업 유형"))
    industry = filters.CharFilter(method="working_in", help_text=gettext_lazy("업종코드. 그 아래 업종까지"))
    changed_since = MomentFilter(method="since", help_text=gettext_lazy(TOMBSTONES))
    personal = filters.BooleanFilter(method="later", help_text=PLAIN.description)

    def later(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

    def typed(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(pk__in=search.find(value, self.request.scope).ids)

    def numbered(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        return queryset.filter(pk__in=Workplace.objects.filter(business_number__in=value).values("company"))

    def placed(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return in_place(queryset, "pk", value)

    def clustered(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        here = WorkplaceCluster.objects.in_force_on(timezone.localdate()).filter(cluster__code=value)
        return queryset.filter(pk__in=here.values("workplace__company"))

    def working_in(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        code = Industry.objects.filter(code__iexact=value).order_by("-revision").first()
        if code is None:
            raise exceptions.ValidationError({"industry": [_("없는 업종코드입니다.")]})
        rows = SearchKey.objects.filter(keys__contains=[facet_key("industry", code.pk)])
        return queryset.filter(pk__in=rows.values("company_id"))

    def since(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        start = value - OVERLAP
        seats = Workplace.objects.filter(company=OuterRef("pk"), updated_at__gte=start)
        return queryset.filter(Q(updated_at__gte=start) | Exists(seats))


@extend_schema_view(
    list=extend_schema(
        summary="기업 목록",
        description=(
            "관할 지역에 사업장이 있는 기업. 대표자와 연락처는 가려서 보냅니다(personal을 보세요). 건수를 세지 않으며 next를 "
            "따라갑니다. 이어받는 시스템은 답의 as_of를 적어 두었다가 다음에 changed_since로 보내세요. 그때는 합쳐진 기업도 "
            "merged_into와 함께, 폐업한 기업도 state와 함께 나옵니다."
        ),
    ),
)
class CompanyViewSet(RegistryViewSet):
    queryset = Company.objects.all()
    row_class = CompanyRow
    detail_class = CompanyDetail
    filterset_class = CompanyFilter
    write_capability = Capability.MANAGE_COMPANIES

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset
        if "changed_since" in self.request.query_params:
            # A merged company has no workplace of its own any more: it is seen with the one that stayed.
            seen = queryset.not_merged().values("pk")  # type: ignore[attr-defined]
            stayed = Q(merged_into__in=seen) | Q(merged_into__merged_into__in=seen)
            return with_seat(Company.objects.filter(Q(pk__in=seen) | stayed))
        return with_seat(queryset.not_merged())  # type: ignore[attr-defined]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        names = self.chosen_names()
        asked = self._asked_plainly()
        queryset = self.row_class.select(self.filter_queryset(self.get_queryset()), ["public_id", *names])
        page = self.paginate_queryset(queryset) or ()
        rows = self.row_class.render((row[1:] for row in page), names)
        people = [name for name in personal.FIELDS if name in names]
        if people:
            ids = [row[0] for row in page]
            plain = self._plain(ids) if asked else set()
            for public_id, row in zip(ids, rows, strict=True):
                if public_id not in plain:
                    row |= {name: personal.mask(name, row[name]) for name in people}
        return self.get_paginated_response(rows)

    @extend_schema(
        summary="기업 하나",
        description="사업장, 다른 이름, 인증까지. 합쳐진 기업의 번호로 물으면 301과 남은 기업의 주소(Location)로 답합니다.",
        parameters=[NUMBER, PLAIN],
    )
    def retrieve(self, request: Request, public_id: str) -> Response | HttpResponse:
        if unknown := sorted(set(request.query_params) - {"personal", "format"}):
            raise exceptions.ValidationError({name: [_("모르는 조회 조건입니다.")] for name in unknown})
        asked = self._asked_plainly()
        try:
            found = company_of(public_id, self.scope)
        except Moved as moved:
            url = reverse("v1:company-detail", args=[moved.public_id], request=request)
            body = {"code": moved.default_code, "message": str(moved.detail), "fields": {}}
            return Response(body, status=status.HTTP_301_MOVED_PERMANENTLY, headers={"Location": url})
        company = with_seat(Company.objects.filter(pk=found.pk)).select_related("industry", "lead_region").get()
        if not (asked and company.public_id in self._plain([company.public_id])):
            for name, value in personal.shown(company, plainly=False).items():
                setattr(company, name, value)
        places = with_clusters(Workplace.objects.filter(company=company)).select_related("region", "company")
        company.__dict__["_prefetched_objects_cache"] = {"workplaces": list(places)}
        return Response(CompanyDetail(company).data)

    @extend_schema(
        summary="기업 여러 곳 보내기",
        description=(
            "사업자등록번호로 있는 기업은 고치고 없으면 새로 등록합니다(1,000건까지). 건마다 결과를 답합니다: new, changed, same, "
            "error. 잘못된 건은 빼고 나머지를 한꺼번에 기록하므로 같은 요청을 거듭 보내도 됩니다. 빠진 항목은 그대로 두고 빈 글은 "
            "지웁니다."
        ),
        request=CompaniesIn,
        responses={200: CompaniesOut},
    )
    @action(detail=False, methods=["post"], url_path="bulk", filterset_class=None, pagination_class=None)
    def bulk(self, request: Request) -> Response:
        actor = cast(User, request.user)
        return Response(bulk.upsert(bulk.rows_of(request.data), actor=actor, scope=self.scope))

    def _asked_plainly(self) -> bool:
        asked = self.request.query_params.get("personal", "").lower() in {"true", "1"}
        if asked and not self.scope.can(Capability.VIEW_PERSONAL):
            raise exceptions.PermissionDenied(_("대표자와 연락처를 볼 권한이 없습니다."))
        return asked

    def _plain(self, ids: Sequence[Any]) -> set[Any]:
        """Of these companies those whose people may be named; that they were is written down."""
        rows = personal.within(Company.objects.filter(public_id__in=ids), self.scope, Capability.VIEW_PERSONAL)
        found = set(rows.values_list("public_id", flat=True))
        if found:
            actor = cast(User, self.request.user)
            with deed("view_personal", actor=actor) as done:
                companies = sorted(str(one) for one in found)
                done.about(actor, by="api", companies=companies, fields=list(personal.FIELDS))
        return found
