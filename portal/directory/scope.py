"""What somebody may see and do, as a value. QuerySets take a Scope, never a user."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from portal.directory.enums import NATIONWIDE_ROLES, ROLE_CAPABILITIES, OrganizationKind

if TYPE_CHECKING:
    from portal.directory.models import User


@dataclass(frozen=True, slots=True)
class Grant:
    """One membership's worth: its role, where it reaches and what it allows there."""

    role: str
    organization_id: int
    nationwide: bool
    region_ids: frozenset[int]

    @property
    def capabilities(self) -> frozenset[str]:
        return ROLE_CAPABILITIES[self.role]


@dataclass(frozen=True, slots=True)
class Scope:
    """The union of somebody's grants. Rows outside it do not exist for them."""

    nationwide: bool = False
    region_ids: frozenset[int] = frozenset()
    organization_ids: frozenset[int] = frozenset()
    grants: tuple[Grant, ...] = field(default=(), repr=False)
    user_id: int | None = None

    @property
    def is_empty(self) -> bool:
        return not self.nationwide and not self.region_ids and not self.grants

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def regions(self, path: str) -> Q:
        """The rows whose region, reached over `path`, lies in this scope.

        Of the whole country all do, and not by an empty Q: that would vanish in `regions(…) | other`.
        """
        return ~Q(pk__in=()) if self.nationwide else Q(**{f"{path}__in": self.region_ids})

    def can(self, capability: str) -> bool:
        """Whether the capability holds anywhere in this scope."""
        return any(capability in grant.capabilities for grant in self.grants)

    def within(self, capability: str) -> "Scope":
        """The part of this scope in which the capability holds."""
        return _union((grant for grant in self.grants if capability in grant.capabilities), self.user_id)

    def holds(self, region_id: int) -> bool:
        return self.nationwide or region_id in self.region_ids


def _union(grants: Iterable[Grant], user_id: int | None) -> Scope:
    kept = tuple(grants)
    return Scope(
        nationwide=any(grant.nationwide for grant in kept),
        region_ids=frozenset().union(*(grant.region_ids for grant in kept)),
        organization_ids=frozenset(grant.organization_id for grant in kept),
        grants=kept,
        user_id=user_id,
    )


EVERYTHING = Scope(nationwide=True)
NOTHING = Scope()

# From each membership in force over the jurisdictions of its body down to the regions below, and back to what those
# regions were before: an office keeps seeing the history of the places it took over.
_REACH = """
WITH RECURSIVE reach(membership, role, organization, kind, region) AS (
    SELECT m.id, m.role, m.organization_id, o.kind, j.region_id
      FROM directory_membership m
      JOIN directory_organization o ON o.id = m.organization_id
      LEFT JOIN directory_jurisdiction j
        ON j.organization_id = m.organization_id AND j.effective @> %(day)s::date
     WHERE m.user_id = %(user)s AND m.effective @> %(day)s::date
    UNION
    SELECT reach.membership, reach.role, reach.organization, reach.kind, next.region
      FROM reach
      JOIN LATERAL (
            SELECT id AS region FROM directory_region WHERE parent_id = reach.region
            UNION ALL
            SELECT predecessor_id FROM directory_regionsuccession WHERE successor_id = reach.region
      ) next ON TRUE
)
SELECT membership, role, organization, kind, array_agg(region) FILTER (WHERE region IS NOT NULL)
  FROM reach GROUP BY membership, role, organization, kind ORDER BY membership
"""


def scope_of(user: "User", day: date | None = None) -> Scope:
    """The scope of a user on a day (today): one query, empty without a membership in force."""
    if not user.is_authenticated or not user.is_active:
        return NOTHING
    with connection.cursor() as cursor:
        cursor.execute(_REACH, {"user": user.pk, "day": day or timezone.localdate()})
        rows = cursor.fetchall()
    grants = []
    for _, role, organization, kind, regions in rows:
        nationwide = role in NATIONWIDE_ROLES or kind == OrganizationKind.MINISTRY
        grants.append(Grant(role, organization, nationwide, frozenset(regions or ())))
    return _union(grants, user.pk)


_JURISDICTION = """
WITH RECURSIVE reach(region) AS (
    SELECT region_id FROM directory_jurisdiction WHERE organization_id = %(organization)s AND effective @> %(day)s::date
    UNION
    SELECT next.region
      FROM reach
      JOIN LATERAL (
            SELECT id AS region FROM directory_region WHERE parent_id = reach.region
            UNION ALL
            SELECT predecessor_id FROM directory_regionsuccession WHERE successor_id = reach.region
      ) next ON TRUE
)
SELECT region FROM reach
"""


def jurisdiction_of(organization_id: int, day: date) -> Scope:
    """What a body answers for on a day, as a scope: its regions, those below, and what those were before."""
    with connection.cursor() as cursor:
        cursor.execute(_JURISDICTION, {"organization": organization_id, "day": day})
        regions = frozenset(row[0] for row in cursor.fetchall())
    return Scope(region_ids=regions, organization_ids=frozenset({organization_id}))
