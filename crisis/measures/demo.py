"""Demo: a fund's client system that may ask about entitlements, marked 예시. Loading twice changes nothing.

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

LOGIN, NAME, BODY = "api-kosme", "중진공 연계 시스템(예시)", "KOSME"
SINCE = date(2023, 4, 6)


@transaction.atomic
def load_measures_demo() -> int:
    """Returns how many accounts were made: one, or none when it is there already or the body is not."""
    load_measures()
    body = Organization.objects.filter(code=BODY).first()
    if body is None or User.objects.filter(login_id=LOGIN).exists():
        return 0
    with deed("load_demo", actor=None):
        user = User.objects.create_user(LOGIN, settings.PORTAL_DEMO_PASSWORD, name=NAME, is_demo=True)
    grant_membership(user=user, organization=body, role=Role.API_CLIENT, start=SINCE, actor=None, reason="예시 자료")
    return 1
