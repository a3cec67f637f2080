"""Who may enter, as whom, with which key."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from portal.directory.audit import deed
from portal.directory.authentication import new_key
from portal.directory.models import ClientToken, Membership, Organization, User
from portal.kernel.dates import period
from portal.kernel.errors import Refusal


@transaction.atomic
def grant_membership(
    *,
    user: User,
    organization: Organization,
    role: str,
    start: date,
    end: date | None = None,
    actor: User | None,
    reason: str,
) -> Membership:
    """Let somebody work for a body in a role from `start` up to, not including, `end`."""
    with deed("grant_membership", actor=actor, reason=reason) as done:
        membership = Membership(user=user, organization=organization, role=role, effective=period(start, end))
        membership.full_clean()
        membership.save()
        done.about(membership, role=role, user=user.login_id, organization=organization.code)
    return membership


@transaction.atomic
def issue_client_token(
    *, user: User, name: str, expires_at: datetime | None, actor: User | None
) -> tuple[ClientToken, str]:
    """Issue a key for a client system. The key itself is returned here once and kept nowhere."""
    if not user.memberships.current().exists():
        raise Refusal("no_membership", "소속이 없는 연계 계정에는 인증키를 발급할 수 없습니다.")
    key, prefix, digest = new_key()
    with deed("issue_client_token", actor=actor) as done:
        token = ClientToken.objects.create(user=user, name=name, prefix=prefix, digest=digest, expires_at=expires_at)
        done.about(token, prefix=prefix)
    return token, key


@transaction.atomic
def revoke_client_token(*, token: ClientToken, actor: User, reason: str) -> ClientToken:
    """Make a key useless from now on."""
    token = ClientToken.objects.select_for_update(no_key=True).get(pk=token.pk)
    if token.revoked_at:
        raise Refusal("already_revoked", "이미 폐기된 인증키입니다.")
    with deed("revoke_client_token", actor=actor, reason=reason) as done:
        token.revoked_at, token.revoked_by = timezone.now(), actor
        token.save(update_fields=["revoked_at", "revoked_by", "updated_at"])
        done.about(token, prefix=token.prefix)
    return token
