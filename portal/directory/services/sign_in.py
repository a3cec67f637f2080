"""Coming in and going out, each on record with the address it came from; guessing is stopped after a few tries."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.db import transaction

from portal.directory.audit import deed
from portal.directory.models import User

#: From one address so many times the failures of one account are let through before the address itself is shut out.
ACCOUNTS_PER_ADDRESS = 10


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a try: the person, or how many tries are left, or that the door is shut for a while."""

    user: User | None = None
    locked: bool = False
    left: int = 0


def _key(kind: str, name: str) -> str:
    return f"sign-in:{kind}:{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def _keys(login_id: str, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
    """The two counters of a try and where each of them shuts the door."""
    limit = settings.LOGIN_FAILURE_LIMIT
    return (
        (_key("account", login_id.strip().lower()), limit),
        (_key("address", address), limit * ACCOUNTS_PER_ADDRESS),
    )


def _failed(key: str) -> int:
    """Count one failure and keep the counter for the lock's length from now."""
    cache.add(key, 0, settings.LOGIN_LOCK_SECONDS)
    count = cache.incr(key)
    cache.touch(key, settings.LOGIN_LOCK_SECONDS)
    return count


@transaction.atomic
def attempt_sign_in(*, login_id: str, password: str, address: str) -> Attempt:
    """Check a person's password. After `LOGIN_FAILURE_LIMIT` failures in a row the account stays shut for
    `LOGIN_LOCK_SECONDS`, even for the right password; other accounts tried from the same address are counted too.

    Unknown accounts are counted and answered like known ones, so that nobody learns which exist.
    """
    account, origin = _keys(login_id, address)
    if any(cache.get(key, 0) >= limit for key, limit in (account, origin)):
        return Attempt(locked=True)
    user = authenticate(login_id=login_id, password=password)
    if isinstance(user, User):
        cache.delete(account[0])
        return Attempt(user=user)
    count, _ = _failed(account[0]), _failed(origin[0])
    left = max(0, account[1] - count)
    known = User.objects.filter(login_id=login_id).first()
    if known is not None:
        with deed("sign_in_locked" if not left else "sign_in_failed", actor=None) as done:
            done.about(known, address=address, failures=count)
    return Attempt(locked=not left, left=left)


@transaction.atomic
def note_sign_in(*, user: User, address: str) -> None:
    with deed("sign_in", actor=user) as done:
        done.about(user, address=address)


@transaction.atomic
def note_sign_out(*, user: User, address: str) -> None:
    with deed("sign_out", actor=user) as done:
        done.about(user, address=address)
