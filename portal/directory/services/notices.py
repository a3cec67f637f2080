"""Tell people: in the portal at once, by one mail a working day, and never twice."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import get_connection, send_mail
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal.directory.enums import ROLE_CAPABILITIES
from portal.directory.models import Holiday, Notice, Organization, User
from portal.kernel.deadlines import is_day_off

LONGEST_MAIL = 50

# Whoever works, on this day, in one of these roles for a body that answers for one of these regions, for their 시·도 or
# for what they have become since; without regions, whoever works in one of these roles anywhere.
_HOLDERS = """
WITH RECURSIVE above(region) AS (
    SELECT unnest(%(regions)s::bigint[])
    UNION
    SELECT next.region
      FROM above
      JOIN LATERAL (
            SELECT parent_id AS region FROM directory_region WHERE id = above.region AND parent_id IS NOT NULL
            UNION ALL
            SELECT successor_id FROM directory_regionsuccession WHERE predecessor_id = above.region
      ) next ON TRUE
)
SELECT DISTINCT m.user_id
  FROM directory_membership m
  JOIN directory_user u ON u.id = m.user_id AND u.is_active
 WHERE m.effective @> %(day)s::date
   AND m.role = ANY(%(roles)s)
   AND (%(organizations)s::bigint[] IS NULL OR m.organization_id = ANY(%(organizations)s::bigint[]))
   AND (%(regions)s::bigint[] IS NULL OR EXISTS (
        SELECT 1 FROM directory_jurisdiction j JOIN above ON above.region = j.region_id
         WHERE j.organization_id = m.organization_id AND j.effective @> %(day)s::date))
"""


def _holders(
    capability: str | None, *, regions: Collection[int] | None = None, organizations: Collection[int] | None = None
) -> set[int]:
    """Primary keys of the people who hold a capability there today; of everyone there when none is named."""
    roles = [role for role, held in ROLE_CAPABILITIES.items() if capability is None or capability in held]
    facts: dict[str, Any] = {
        "day": timezone.localdate(),
        "roles": [str(role) for role in roles],
        "regions": None if regions is None else list(regions),
        "organizations": None if organizations is None else list(organizations),
    }
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, facts)
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def notify(
    *,
    kind: str,
    key: str,
    title: str,
    url: str,
    regions: Iterable[int] | None = None,
    capability: str | None = None,
    users: Iterable[User] = (),
    organizations: Iterable[Organization] = (),
    due: date | None = None,
) -> int:
    """Tell everyone concerned, once: a second call with the same `key` tells only whom it had not reached.

    Concerned are: whoever holds `capability` for one of the `regions` (given as primary keys; a region, its 시·도 or its
    successor), or anywhere when `regions` is None; the named `users`; and, of the named `organizations`, whoever holds
    `capability` there (everyone when none is named). Returns how many people learned of it just now.
    """
    reached = {user.pk for user in users}
    bodies = [body.pk for body in organizations]
    if bodies:
        reached |= _holders(capability, organizations=bodies)
    if capability is not None and (regions is not None or not bodies):
        reached |= _holders(capability, regions=None if regions is None else list(regions))
    facts = {"kind": kind, "key": key, "title": title, "url": url, "due": due, "created_at": timezone.now()}
    known = set(Notice.objects.filter(key=key, recipient__in=reached).values_list("recipient_id", flat=True))
    rows = [Notice(recipient_id=person, **facts) for person in sorted(reached - known)]
    for row in rows[:1]:
        row.full_clean(exclude=["recipient"], validate_unique=False, validate_constraints=False)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def settle_notices(*keys: str) -> int:
    """There is nothing left to do about these: they stop asking for attention and are not mailed any more."""
    return Notice.objects.filter(key__in=keys, settled_at=None).update(settled_at=timezone.now())


def mark_read(*, notices: Iterable[Notice]) -> int:
    """Read now, where they were not. The caller has fetched them through `visible_to`."""
    return Notice.objects.filter(pk__in=[one.pk for one in notices], read_at=None).update(read_at=timezone.now())


def mail_notices() -> int:
    """Send each person one mail with what they have not read yet. Returns how many mails went out.

    Nothing goes out on a day off, nor without a mail server (`PORTAL_EMAIL_HOST`). The rows are claimed before the mail
    goes: should the server fail, the claim is taken back and the next sweep tries again.
    """
    if not settings.PORTAL_MAILS or is_day_off(timezone.localdate(), Holiday.objects.days()):
        return 0
    owed: dict[int, list[Notice]] = defaultdict(list)
    for notice in Notice.objects.owing_mail().select_related("recipient").order_by("due", "pk")[:5000]:
        owed[notice.recipient_id].append(notice)
    server = get_connection()
    sent = 0
    for notices in owed.values():
        claimed = Notice.objects.filter(pk__in=[one.pk for one in notices], mailed_at=None)
        if claimed.update(mailed_at=timezone.now()) != len(notices):
            continue  # another worker is at it
        try:
            _mail(notices, server)
        except OSError:
            Notice.objects.filter(pk__in=[one.pk for one in notices]).update(mailed_at=None)
            raise
        sent += 1
    return sent


def _mail(notices: list[Notice], server: object) -> None:
    """Titles and due dates only: what a mail says is read outside the portal, so it says little."""
    with override("ko"):
        lines = [
            "· " + one.title + (f" ({_('기한')} {one.due:%Y-%m-%d})" if one.due else "")
            for one in notices[:LONGEST_MAIL]
        ]
        if len(notices) > LONGEST_MAIL:
            lines.append(_("그 밖에 %(n)s건") % {"n": len(notices) - LONGEST_MAIL})
        count = len(notices)
        subject = ngettext("[%(name)s] 새 알림 %(n)s건", "[%(name)s] 새 알림 %(n)s건", count) % {
            "name": settings.PORTAL_NAME,
            "n": count,
        }
        body = "\n".join([*lines, "", _("포털에 로그인해 ‘알림’에서 확인해 주세요.")])
        send_mail(subject, body, None, [notices[0].recipient.email], connection=server)  # type: ignore[arg-type]
