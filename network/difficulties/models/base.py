"""What the tables of a case share: seen with their case, and unchanging once it is closed."""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef

from portal.directory.enums import ROLE_CAPABILITIES, Capability, Role
from portal.directory.scope import Scope

# Roles whose people may be in charge of a case. A client system acts for its body but cannot be in charge.
OFFICER_ROLES = tuple(
    sorted(
        str(role)
        for role, held in ROLE_CAPABILITIES.items()
        if Capability.MANAGE_DIFFICULTIES in held and role != Role.API_CLIENT
    )
)


def only_while_open(name: str, operation: Any = None) -> pgtrigger.Trigger:
    """Rows of a case that is closed are neither added nor changed nor taken away, whoever tries and by whatever road."""
    return pgtrigger.Trigger(
        name=f"{name}_only_while_open",
        when=pgtrigger.Before,
        operation=operation or (pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete),
        declare=[("one", "BIGINT")],
        func=(
            "IF TG_OP = 'DELETE' THEN one := OLD.case_id; ELSE one := NEW.case_id; END IF;"
            " IF EXISTS (SELECT 1 FROM difficulties_case c WHERE c.id = one AND c.state = 'CLOSED') THEN"
            " RAISE EXCEPTION 'pgtrigger: a closed case is never edited (%)', TG_TABLE_NAME; END IF;"
            " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
        ),
    )


_LEAD = (
    "IF EXISTS (SELECT 1 FROM difficulties_case c WHERE c.id = $case AND c.state = 'OPEN')"
    " AND NOT EXISTS (SELECT 1 FROM difficulties_referent r"
    " WHERE r.case_id = $case AND r.is_lead AND upper_inf(r.effective)) THEN"
    " RAISE EXCEPTION 'difficulty_case_has_a_lead'; END IF; RETURN NULL;"
)


def keeps_a_lead(name: str, case: str, operation: Any) -> pgtrigger.Trigger:
    """At the end of each transaction an open case has somebody in the lead."""
    return pgtrigger.Trigger(
        name=f"{name}_keeps_a_lead",
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        func=_LEAD.replace("$case", case),
    )


class OfCaseQuerySet(models.QuerySet):
    """Rows that are seen with their case."""

    def visible_to(self, scope: Scope) -> Self:
        from network.difficulties.models.case import Case

        return self.filter(Exists(Case.objects.visible_to(scope).filter(pk=OuterRef("case"))))


class AudienceQuerySet(OfCaseQuerySet):
    """Notes and files: seen with their case, and then by the bodies on it, or by the writer's own body alone.

    Who merely sees the case because the firm lies in their region, the ministry and the auditor included, reads none.
    """

    def visible_to(self, scope: Scope) -> Self:
        from network.difficulties.enums import Audience
        from network.difficulties.models.referent import Referent

        bodies = scope.within(Capability.VIEW_DIFFICULTIES).organization_ids
        on_it = Referent.objects.current().filter(case=OuterRef("case"), organization__in=bodies)
        own = models.Q(organization__in=bodies)
        return super().visible_to(scope).filter(own | models.Q(Exists(on_it), audience=Audience.BODIES))
