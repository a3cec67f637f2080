"""What the lists of companies, workplaces and figures share."""

from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions

from companies import selectors
from companies.models import Company, Workplace
from companies.rules import business_number
from portal.directory.scope import Scope
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.pages import KeysetPages

NUMBER = OpenApiParameter(
    "public_id", OpenApiTypes.STR, OpenApiParameter.PATH, description="기업 번호(UUID)나 사업자등록번호 10자리"
)
NUMBER_REGEX = "[0-9a-fA-F-]{10,36}"
TOMBSTONES = "이 시점 뒤에 바뀐 것만. 합쳐지거나 폐업한 것까지 나오고, 빠지는 것이 없도록 10분 앞부터 봅니다"


class Moved(exceptions.APIException):
    """The company was merged: its data are under another number now."""

    status_code, default_code = 301, "company_merged"

    def __init__(self, public_id: UUID) -> None:
        super().__init__(_("합쳐진 기업입니다. 남은 기업의 번호: %(number)s") % {"number": public_id})
        self.public_id = public_id


def company_of(written: str, scope: Scope) -> Company:
    """The company of a number in an address. Http404 if there is none; Moved for the number of a merged one."""
    try:
        number = UUID(written)
    except ValueError:
        try:
            company = selectors.company_by_number(business_number(written), scope)
        except ValueError as fault:
            raise Http404 from fault
        if company is None:
            raise Http404 from None
        return company
    company, moved = selectors.company_by_id(number, scope)
    if company is None:
        raise Http404
    if moved:
        raise Moved(company.public_id)
    return company


class RegistryViewSet(ReadViewSet):
    """Pages by keyset, never counted; `as_of` is the moment to ask from the next time (`changed_since`)."""

    pagination_class = KeysetPages
    keyset = ("pk",)
    pinned: dict[str, str] = {}
    lookup_field = "public_id"
    lookup_value_regex = NUMBER_REGEX

    @cached_property
    def as_of(self) -> datetime:
        return timezone.now()

    @property
    def scope(self) -> Scope:
        return self.request.scope  # type: ignore[attr-defined, no-any-return]


def in_place(queryset: QuerySet[Any], path: str, code: str) -> QuerySet[Any]:
    """Rows of companies (`path` leads there) with a workplace in a 시·도 or 시·군·구."""
    places = Workplace.objects.filter(Q(region__code=code) | Q(region__parent__code=code))
    return queryset.filter(**{f"{path}__in": places.values("company")})
