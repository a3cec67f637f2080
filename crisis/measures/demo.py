"""Demo: a fund's client system and its officer, who may ask about entitlements, marked 예시. Twice changes nothing.

Nothing else is invented: entitlements follow from the demo's decisions and the shipped catalogue.
"""

from datetime import date

from django.conf import settings
from django.db import transaction

from crisis.measures.loaders import load_measures
from portal.directory.audit import deed
from portal.directory.enums import Role
from portal.directory.models import Organization, User
from portal.directory.services import grant_membership

BODY = "KOSME"
PEOPLE = (
    ("api-kosme", "중진공 연계 시스템(예시)", Role.API_CLIENT),
    ("finance", "금융담당(예시)", Role.FINANCE),
)
SINCE = date(2023, 4, 6)


@transaction.atomic
def load_measures_demo() -> int:
    """Returns how many accounts were made: those not there already, or none when the body is not."""
    load_measures()
    body = Organization.objects.filter(code=BODY).first()
    if body is None:
        return 0
    made = 0
    for login, name, role in PEOPLE:
        if User.objects.filter(login_id=login).exists():
            continue
        with deed("load_demo", actor=None):
            user = User.objects.create_user(login, settings.PORTAL_DEMO_PASSWORD, name=name, is_demo=True)
        grant_membership(user=user, organization=body, role=role, start=SINCE, actor=None, reason="예시 자료")
        made += 1
    return made
