"""Companies as the pages' tests need them: entered through the registry's own services, so that the index knows them."""

from itertools import count
from typing import Any

from companies import services
from companies.models import Company
from portal.directory.models import Region
from tests.factories.companies import business_number

_serial = count(5_000)


def registered(name: str, region: Region, *, number: str = "", actor: Any = None, **facts: Any) -> Company:
    """A company with its headquarters in a 시·군·구."""
    return services.register_company(
        facts={"name_ko": name, **facts},
        business_number=number or business_number(next(_serial)),
        region=region,
        accept_duplicates=True,
        actor=actor,
    )
