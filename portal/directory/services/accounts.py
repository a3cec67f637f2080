"""Accounts of people: made, opened and closed, their memberships ended, their passwords set."""

import secrets
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.directory.audit import deed
from portal.directory.enums import ROLE_CAPABILITIES, Capability
from portal.directory.models import Membership, Organization, User
from portal.directory.services.access import grant_membership
from portal.kernel.db import advisory_lock
from portal.kernel.errors import Refusal

# No 0 O 1 l I: it will be read aloud or copied by hand.
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
#: Whoever takes away the power to manage access holds this lock, so that two cannot take away the last two at once.
LAST_ADMINISTRATOR = "directory.last_administrator"


def temporary_password() -> str:
    """Sixteen letters and digits in groups of four; used once, then replaced by its owner."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


@transaction.atomic
def add_user(
    *, login_id: str, name: str, email: str, organization: Organization, role: str, start: date, end: date | None,
    actor: User, reason: str,
) -> tuple[User, str]:  # fmt: skip
    """Make an account with its first membership. The temporary password is returned here once and kept nowhere.

    Raises ValidationError for a login id already in use, Refusal as `grant_membership` does.
    """
    password = temporary_password()
    with deed("add_user", actor=actor, reason=reason) as done:
        user: User = User.objects.create_user(login_id, password, name=name, email=email, must_change_password=True)
        done.about(user, login_id=login_id)
    grant_membership(
        user=user, organization=organization, role=role, start=start, end=end, actor=actor, reason=reason
    )  # fmt: skip
    return user, password


@transaction.atomic
def give_membership(
    *, user: User, organization: Organization, role: str, start: date, end: date | None, actor: User, reason: str
) -> Membership:
    """`grant_membership` by a person at a desk: nobody gives themselves a role."""
    if user.pk == actor.pk:
        raise Refusal("own_account", _("자기 자신에게 역할을 줄 수 없습니다. 다른 관리자에게 부탁하세요."))
    return grant_membership(
        user=user, organization=organization, role=role, start=start, end=end, actor=actor, reason=reason
    )


@transaction.atomic
def reset_password(*, user: User, actor: User, reason: str) -> str:
    """Give an account a new temporary password, returned here once. All its sessions end."""
    if user.pk == actor.pk:
        raise Refusal("own_account", _("자기 비밀번호는 내 정보에서 바꾸세요."))
    password = temporary_password()
    with deed("reset_password", actor=actor, reason=reason) as done:
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password", "updated_at"])
        done.about(user)
    return password


@transaction.atomic
def change_password(*, user: User, password: str) -> User:
    """Set the password its owner chose. Raises ValidationError if it is too easy or the one in use."""
    if user.check_password(password):
        raise ValidationError(_("지금 쓰는 비밀번호와 다른 것으로 정해 주세요."))
    validate_password(password, user)
    with deed("change_password", actor=user) as done:
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password", "updated_at"])
        done.about(user)
    return user


@transaction.atomic
def set_active(*, user: User, active: bool, actor: User, reason: str) -> User:
    """Open or close an account. Its memberships and its record stay."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.pk == actor.pk:
        raise Refusal("own_account", _("자기 계정은 스스로 열거나 닫을 수 없습니다."))
    if user.is_active == active:
        raise Refusal("unchanged", _("이미 그런 상태입니다."))
    with deed("open_account" if active else "close_account", actor=actor, reason=reason) as done:
        user.is_active = active
        user.save(update_fields=["is_active", "updated_at"])
        done.about(user)
    if not active:
        _refuse_without_administrator()
    return user


@transaction.atomic
def end_membership(*, membership: Membership, last_day: date, actor: User, reason: str) -> Membership:
    """Let a membership end after `last_day`. Refuses a day before it began, one already over, and one's own."""
    membership = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    lower, upper, until = membership.effective.lower, membership.effective.upper, last_day + timedelta(days=1)
    if membership.user_id == actor.pk:
        raise Refusal("own_account", _("자기 소속은 스스로 끝낼 수 없습니다."))
    if lower is not None and until <= lower:
        raise Refusal(
            "before_beginning", _("시작일보다 앞선 날에 끝낼 수 없습니다."), {"last_day": _("시작일 뒤여야 합니다.")}
        )
    if upper is not None and upper <= until:
        raise Refusal("already_ended", _("이미 그날이나 그 전에 끝나는 소속입니다."))
    with deed("end_membership", actor=actor, reason=reason) as done:
        membership.effective = type(membership.effective)(lower, until, "[)")
        membership.full_clean()
        membership.save(update_fields=["effective", "updated_at"])
        done.about(membership, last_day=last_day.isoformat(), user=membership.user.login_id)
    if last_day < timezone.localdate():
        _refuse_without_administrator()
    return membership


def _refuse_without_administrator() -> None:
    """Somebody must be left who can manage access."""
    advisory_lock(LAST_ADMINISTRATOR)
    roles = [role for role, may in ROLE_CAPABILITIES.items() if Capability.MANAGE_ACCESS in may]
    if not Membership.objects.current().filter(Q(role__in=roles), user__is_active=True).exists():
        raise Refusal(
            "last_administrator",
            _("사용자·연계를 관리할 사람이 한 명도 남지 않게 됩니다. 다른 사람을 먼저 정해 주세요."),
        )
