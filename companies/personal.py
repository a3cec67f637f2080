"""People named in the registry: representatives and contacts are masked unless somebody may see them, and did ask.

mask("representative", "홍길동, John Smith")        # 홍○○, J○○○
shown(company, names=True)                          # the fields as they are; False: masked
record_view(company=…, actor=…)                     # the audit event of each look at them
"""

import re
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from companies.models import Company
from portal.directory.audit import deed
from portal.directory.models import User
from portal.directory.scope import Scope

FIELDS = ("representative", "contact_name", "phone", "email")
"""Fields of a company that name a person or reach one."""
_HIDDEN = "○"
_SEVERAL = re.compile(r"(\s*[,·/;]\s*| 외 )")


def _mask_name(name: str) -> str:
    """The first character and as many circles as belong to a name: `홍○○`."""
    bare = name.strip()
    return f"{bare[0]}{_HIDDEN * min(max(len(bare) - 1, 1), 3)}" if bare else ""


def mask(field: str, value: str) -> str:
    """A personal value as those see it who may not: which kind of value it is stays plain, whose does not."""
    text = str(value or "")
    if not text:
        return ""
    if field == "phone":
        return re.sub(r"\d", _HIDDEN, text[3:]).join([text[:3], ""]) if len(text) > 3 else _HIDDEN * 3
    if field == "email":
        user, _at, host = text.partition("@")
        return f"{user[:1]}{_HIDDEN * 3}@{host}" if host else _HIDDEN * 3
    return "".join(part if at % 2 else _mask_name(part) for at, part in enumerate(_SEVERAL.split(text)))


def shown(company: Company, *, plainly: bool) -> dict[str, str]:
    """The personal fields of a company, as they are or masked."""
    return {name: getattr(company, name) if plainly else mask(name, getattr(company, name)) for name in FIELDS}


def within(companies: QuerySet[Company], scope: Scope, capability: str) -> QuerySet[Company]:
    """Those of the companies that lie where the capability holds."""
    return companies.visible_to(scope.within(capability)) if scope.can(capability) else companies.none()  # type: ignore[attr-defined]


def holds(company: Company, scope: Scope, capability: str) -> bool:
    """Whether the scope has the capability for this company."""
    if not scope.can(capability):
        return False
    part = scope.within(capability)
    return part.nationwide or Company.objects.visible_to(part).filter(pk=company.pk).exists()


@transaction.atomic
def record_view(*, company: Company, actor: User, by: str = "page", **facts: Any) -> None:
    """Write down that somebody looked at the people of a company."""
    with deed("view_personal", actor=actor) as done:
        place = company.workplaces.order_by("-is_headquarters", "pk").select_related("region").first()
        done.about(company, region=place.region if place else None, by=by, fields=list(FIELDS), **facts)
