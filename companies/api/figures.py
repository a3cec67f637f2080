"""`company-figures/`: what each source says of each year, and the best of it for one company."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from companies import selectors
from companies.api.base import NUMBER, Moved, RegistryViewSet, company_of, in_place
from companies.enums import FigureSource, FigureStatus
from companies.models import CompanyYear, Workplace
from companies.serializers import CompanyFiguresOut, CompanyFiguresRow
from portal.kernel.rest.filters import ChangedSinceFilter, CodesFilter, FilterSet, StrictChoices


class CompanyFiguresFilter(FilterSet):
    company = filters.UUIDFilter("company__public_id", help_text=_("기업 번호"))
    business_number = CodesFilter(method="numbered", help_text=_("사업자등록번호(숫자만, 쉼표로 여럿)"))
    region = filters.CharFilter(method="placed", help_text=_("사업장이 있는 시·도나 시·군·구 코드"))
    year_from = filters.NumberFilter("year", "gte", help_text=_("이 해부터"))
    year_to = filters.NumberFilter("year", "lte", help_text=_("이 해까지"))
    source = StrictChoices(choices=FigureSource, help_text=_("출처"))
    status = StrictChoices(choices=FigureStatus, help_text=_("확정 여부"))
    changed_since = ChangedSinceFilter("updated_at", help_text=_("이 시점 뒤에 바뀐 것만. 10분 앞부터 봅니다"))

    def numbered(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        return queryset.filter(company__in=Workplace.objects.filter(business_number__in=value).values("company"))

    def placed(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return in_place(queryset, "company", value)


@extend_schema_view(
    list=extend_schema(
        summary="기업 실적 목록",
        description="한 해에 대해 한 출처가 말하는 것이 한 건입니다. 금액은 원, 모르는 값은 null입니다.",
    ),
)
class CompanyFiguresViewSet(RegistryViewSet):
    queryset = CompanyYear.objects.all()
    row_class = CompanyFiguresRow
    detail_class = CompanyFiguresOut
    filterset_class = CompanyFiguresFilter

    @extend_schema(
        summary="기업 하나의 연도별 실적",
        description="해마다 항목별로 가장 믿을 만한 출처의 값 하나씩. 어느 출처인지와 잠정치인지도 함께 답합니다.",
        parameters=[NUMBER],
    )
    def retrieve(self, request: Request, public_id: str) -> Response:
        try:
            company = company_of(public_id, self.scope)
        except Moved as moved:
            company = company_of(str(moved.public_id), self.scope)
        years = selectors.yearly([company.pk]).get(company.pk, [])
        for year in years:
            object.__setattr__(year, "preliminary", sorted(year.preliminary))
        return Response(CompanyFiguresOut({"company": company.public_id, "years": years}).data)
