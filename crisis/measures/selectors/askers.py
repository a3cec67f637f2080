"""Who may ask whether a firm is entitled, about whom, and how much of the answer they get."""

from dataclasses import dataclass

from portal.directory.enums import Capability, OrganizationKind, Role
from portal.directory.models import Organization
from portal.directory.scope import Scope

FINANCE = (OrganizationKind.FUND, OrganizationKind.CENTRAL_BANK)


@dataclass(frozen=True, slots=True)
class Asker:
    """`everywhere`: about any firm of the country. `within`: else only firms seen in this scope.

    `bare`: the answer names nothing but the entitled places; a firm that is not entitled looks like one nobody knows.
    """

    everywhere: bool
    bare: bool
    within: Scope


def asker_of(scope: Scope) -> Asker | None:
    """None for those who may not ask. Finance bodies ask about everyone and learn the least."""
    asking = scope.within(Capability.CHECK_ENTITLEMENT)
    if not asking.grants:
        return None
    if all(grant.role == Role.FINANCE for grant in asking.grants):
        return Asker(everywhere=True, bare=True, within=asking)
    if asking.nationwide:
        return Asker(everywhere=True, bare=False, within=asking)
    if Organization.objects.filter(pk__in=asking.organization_ids, kind__in=FINANCE).exists():
        return Asker(everywhere=True, bare=True, within=asking)
    return Asker(everywhere=False, bare=False, within=asking)
