"""The search box: areas, regions, bodies and clusters by name, code or other name, inside the reader's scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from companies.models import Cluster
from crisis.enums import AreaLevel
from crisis.models import Area
from portal.directory.models import Organization, Region, RegionName
from portal.directory.scope import Scope

MOST = 20


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of finds: at most twenty, and whether there are more."""

    kind: str
    found: list[Any]
    more: bool


def _said(words: Iterable[str], *fields: str, extra: Any = None) -> Q:
    """Every word occurs in one of the fields, whatever the case."""

    def anywhere(word: str) -> Q:
        said = reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields))
        return said | Q(extra(word)) if extra else said

    return reduce(and_, (anywhere(word) for word in words))


def _nearest(rows: QuerySet[Any], text: str, name: str, code: str) -> QuerySet[Any]:
    """The exact name or code first, then names that begin with the text, then by name."""
    near = Case(
        When(Q(**{f"{code}__iexact": text}) | Q(**{name: text}), then=Value(0)),
        When(Q(**{f"{name}__istartswith": text}), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.annotate(near=near).order_by("near", name, code)


def _group(kind: str, rows: QuerySet[Any]) -> Group:
    found = list(rows[: MOST + 1])
    return Group(kind, found[:MOST], len(found) > MOST)


def _other_names(path: str) -> Any:
    return lambda word: Exists(RegionName.objects.filter(region=OuterRef(path), name__icontains=word))


def search(scope: Scope, text: str) -> list[Group]:
    """Groups with at least one find, in the order in which people look: areas, clusters, regions, bodies."""
    words = text.split()
    areas = Area.objects.visible_to(scope).select_related("region__parent").filter(
        _said(words, "name_ko", "name_en", "code", "region__name_ko", "region__short_name_ko",
              "region__parent__name_ko", "region__parent__short_name_ko", extra=_other_names("region"))
    )  # fmt: skip
    clusters = Cluster.objects.visible_to(scope).select_related("region__parent").filter(
        _said(words, "name_ko", "name_en", "code", "region__name_ko", "region__parent__name_ko")
    )  # fmt: skip
    regions = Region.objects.visible_to(scope).select_related("parent").filter(
        _said(words, "name_ko", "name_en", "short_name_ko", "code", "parent__name_ko", "parent__short_name_ko",
              extra=_other_names("pk"))
    )  # fmt: skip
    bodies = Organization.objects.visible_to(scope).filter(
        _said(words, "name_ko", "name_en", "short_name_ko", "code")
    )  # fmt: skip
    groups = [
        _group("areas", _nearest(areas.exclude(level=AreaLevel.CLUSTER), text, "name_ko", "code")),
        _group("clusters", _nearest(clusters, text, "name_ko", "code")),
        _group("regions", _nearest(regions, text, "name_ko", "code")),
        _group("organizations", _nearest(bodies, text, "name_ko", "code")),
    ]
    return [group for group in groups if group.found]
