"""What every deed here needs: who may, which place, the row held, the dates in order."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Region, User
from portal.directory.scope import scope_of
from portal.kernel.dates import period
from portal.kernel.errors import Refusal


def needs_holder(actor: User, capability: str, region_ids: Iterable[int]) -> None:
    """Say no to whoever does not hold the capability in every one of the regions."""
    mine = scope_of(actor).within(capability)
    if not all(mine.holds(pk) for pk in region_ids):
        raise Refusal("out_of_scope", _("관할 시·군·구의 일이 아니거나 이 일을 할 권한이 없습니다."))


def needs_ministry(actor: User) -> None:
    """Only the ministry lists regions, agrees and accepts."""
    if not scope_of(actor).within(Capability.AGREE_FUND_PROJECTS).nationwide:
        raise Refusal("not_the_ministry", _("본부 담당자만 할 수 있는 일입니다."))


def needs_sigungu(*regions: Region) -> None:
    """Everything here lies in a 시·군·구."""
    if wrong := [region for region in regions if region.level != RegionLevel.SIGUNGU]:
        text = _("%(names)s은(는) 시·군·구가 아닙니다.") % {"names": ", ".join(str(region) for region in wrong)}
        raise Refusal("not_a_sigungu", text, {"region": text})


def span(first: date | None, last: date | None) -> Any:
    """A period by its first and last day, both included. Refusal when they are the wrong way round."""
    if first is not None and last is not None and last < first:
        text = _("마지막 날이 첫날보다 앞섭니다.")
        raise Refusal("dates", text, {"last": text, "ends_on": text})
    return period(first, last + timedelta(days=1) if last else None)


def last_day(effective: Any) -> date | None:
    """The last day of a period; None while it is open."""
    return effective.upper - timedelta(days=1) if effective.upper else None


def put(row: Model, facts: Mapping[str, Any], allowed: Iterable[str]) -> bool:
    """Set those of the facts that may be set; whether any of them differs."""
    different = {name: facts[name] for name in allowed if name in facts and getattr(row, name) != facts[name]}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def keep(row: Any) -> None:
    """Save under the next version."""
    if row.pk:
        row.version += 1
    row.full_clean()
    row.save()


def in_words(fault: ValidationError) -> str:
    """What a constraint says, in one line, for deeds that are no form."""
    return " ".join(fault.messages)
