"""Who may manage conversion plans of a place, and what each of them has in hand."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from crisis.conversion.enums import IN_EXECUTION
from crisis.conversion.models import ManagerTerm, Milestone
from portal.directory.enums import ROLE_CAPABILITIES, Capability
from portal.directory.models import Jurisdiction, Membership, Region, User
from portal.directory.scope import Scope

WORKING_ROLES = sorted(role for role, held in ROLE_CAPABILITIES.items() if Capability.WORK_CONVERSION in held)


def candidates(region: Region, day: date) -> QuerySet[User]:
    """People who handle conversion on a day for a body that answers for the region or its 시·도."""
    places = [region.pk, *([region.parent_id] if region.parent_id else [])]
    here = Jurisdiction.objects.filter(
        organization=OuterRef("organization"), region__in=places, effective__contains=day
    )
    working = Membership.objects.filter(
        Exists(here), user=OuterRef("pk"), role__in=WORKING_ROLES, effective__contains=day
    )
    return User.objects.filter(Exists(working), is_active=True).order_by("name", "login_id")


@dataclass(slots=True)
class Load:
    """What a manager has in hand on a day."""

    manager: User
    body: str = ""
    plans: int = 0
    firms: int = 0
    late: int = 0


def loads(scope: Scope, day: date) -> list[Load]:
    """The managers of running plans the reader may see, the busiest first: three queries."""
    terms = ManagerTerm.objects.visible_to(scope).in_force_on(day).filter(plan__state__in=IN_EXECUTION)
    late: dict[int, int] = {}
    for plan_id in Milestone.objects.overdue_on(day).values_list("edition__plan_id", flat=True):
        late[plan_id] = late.get(plan_id, 0) + 1
    found: dict[int, Load] = {}
    for term in terms.select_related("manager").prefetch_related("plan__members"):
        load = found.setdefault(term.manager_id, Load(term.manager))
        load.plans += 1
        load.firms += sum(one.left_on is None for one in term.plan.members.all())
        load.late += late.get(term.plan_id, 0)
    bodies = Membership.objects.filter(user__in=found, effective__contains=day).select_related("organization")
    for membership in bodies.order_by("pk"):
        found[membership.user_id].body = membership.organization.name
    return sorted(found.values(), key=lambda load: (-load.plans, load.manager.name))
