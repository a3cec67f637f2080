"""What every deed on a case needs: the lock, who may do it and for which body, the record that gives nothing away."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from network.difficulties.models import Case, Handover, Referent
from network.difficulties.models.base import OFFICER_ROLES
from portal.directory.audit import deed
from portal.directory.enums import Capability, Role
from portal.directory.models import Membership, Organization, User
from portal.directory.scope import Scope, scope_of
from portal.directory.services import notify
from portal.kernel.errors import ChangedMeanwhile, Refusal


def locked(case: Case) -> Case:
    """The case with its row held: whoever changes anything of a case queues here."""
    return Case.objects.select_for_update(no_key=True, of=("self",)).select_related("region", "company").get(pk=case.pk)


def held_open(case: Case, actor: User) -> Case:
    """The case, locked, open and seen by the actor. Refuses otherwise: to who does not see it, it does not exist."""
    case = locked(case)
    refuse_unseen(case, actor)
    if not case.is_open:
        raise Refusal("case_closed", "종결한 사례는 고칠 수 없습니다. 다시 열면 새 사례로 이어집니다.")
    return case


def refuse_unseen(case: Case, actor: User) -> None:
    if not Case.objects.visible_to(scope_of(actor)).filter(pk=case.pk).exists():
        raise Refusal("out_of_scope", "없는 사례이거나 볼 수 없는 사례입니다.")


def refuse_stale(case: Case, seen: int) -> None:
    if case.version != seen:
        raise ChangedMeanwhile(case)


def keep(case: Case) -> None:
    """Save under the next version."""
    case.version += 1
    case.full_clean()
    case.save()


def managed(scope: Scope) -> frozenset[int]:
    """The bodies for which somebody may work on cases."""
    return scope.within(Capability.MANAGE_DIFFICULTIES).organization_ids


def lead_of(case: Case) -> Referent:
    """Who leads now, or led last."""
    return Referent.objects.current().leading().select_related("organization", "user").get(case=case)


def acting_body(case: Case, actor: User) -> Organization:
    """The body on the case for which the actor works; the one they are themselves in charge for, if several.

    Refuses whoever works for none of the bodies on it: seeing a case is not working on it.
    """
    mine = Referent.objects.current().filter(case=case, organization__in=managed(scope_of(actor)))
    rows = sorted(mine.select_related("organization"), key=lambda row: (row.user_id != actor.pk, row.organization_id))
    if not rows:
        raise Refusal("not_on_the_case", "이 사례를 맡은 기관만 할 수 있습니다. 먼저 우리 기관의 담당을 정해 주세요.")
    return rows[0].organization


def is_of_lead(case: Case, scope: Scope) -> bool:
    """Whether somebody works for the body that leads."""
    leads = Referent.objects.current().leading()
    return leads.filter(case=case, organization__in=managed(scope)).exists()


def needs_lead(case: Case, actor: User) -> None:
    if not is_of_lead(case, scope_of(actor)):
        raise Refusal("not_the_lead", "주담당 기관만 할 수 있는 일입니다.")


def officers_of(organization: Organization | int) -> QuerySet[User]:
    """The people of a body who may be in charge of a case today."""
    members = Membership.objects.current().filter(organization=organization, role__in=OFFICER_ROLES)
    return User.objects.filter(is_active=True, pk__in=members.values("user")).order_by("name", "pk")


def refuse_no_officer(organization: Organization, user: User, field: str) -> None:
    if not officers_of(organization).filter(pk=user.pk).exists():
        text = f"{user.name}은(는) 지금 {organization.name_ko}에서 사례를 맡을 수 있는 사람이 아닙니다."
        raise Refusal("no_officer", text, fields={field: text})


def heads_of(organization_id: int) -> list[User]:
    heads = Membership.objects.current().filter(organization=organization_id, role=Role.OFFICE_HEAD)
    return list(User.objects.filter(is_active=True, pk__in=heads.values("user")))


def case_url(case: Case) -> str:
    return reverse("difficulties:case", args=[case.code])


def tell(case: Case, what: str, title: str, *, users: list[User], due: Any = None) -> int:
    """A notice with the number of the case and never the name of the firm: notices are mailed."""
    return notify(
        kind="difficulty_case", key=f"difficulty:{case.code}:{what}"[:160], title=title, url=case_url(case),
        users=users, due=due,
    )  # fmt: skip


def offered(case: Case) -> Handover | None:
    return Handover.objects.offered().filter(case=case).first()


@contextmanager
def recorded(verb: str, case: Case, *, actor: User | None, **facts: Any) -> Iterator[None]:
    """Do a deed on a case under its name.

    The record of deeds is read by more people than the case: it keeps the number and plain facts, no words of the case;
    of a confidential one it names no region either, so that only who oversees the whole country meets it.
    """
    with deed(verb, actor=actor) as done:
        yield
        done.about(case, region=None if case.confidential else case.region, **facts)


def now_after(moment: datetime) -> datetime:
    """Now, or the instant after `moment` where the clock has not moved: a period is never empty."""
    return max(timezone.now(), moment + timedelta(microseconds=1))
