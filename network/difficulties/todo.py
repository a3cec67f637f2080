"""What waits for somebody in the cases of firms in difficulty."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from network.difficulties.models import Action, Case, FollowUp, Handover, Referent
from network.difficulties.models.case import CaseQuerySet
from portal.directory.enums import Capability, Role
from portal.directory.scope import Scope
from portal.kernel.todo import Waiting


def waiting(scope: Scope) -> Iterator[Waiting]:
    """Leads offered, my body's actions that are late, later looks that are due, cases whose referent is away."""
    bodies = scope.within(Capability.MANAGE_DIFFICULTIES).organization_ids
    if not bodies:
        return
    today = timezone.localdate()
    cases = f"{reverse('difficulties:cases')}?standing="
    offers = Handover.objects.visible_to(scope).offered().filter(to_organization__in=bodies)
    offers = offers.filter(Q(to_user=scope.user_id) | Q(to_user=None))
    yield Waiting(_("답할 인계 제안"), f"{cases}OFFERED", offers)
    mine = Referent.objects.current().open().filter(user=scope.user_id, organization__in=bodies)
    late = Action.objects.overdue_on(today).filter(
        organization__in=bodies, case__in=mine.values("case")
    )  # fmt: skip
    url = f"{reverse('difficulties:actions')}?standing=LATE&mine=true"
    yield Waiting(_("기한이 지난 애로기업 조치"), url, late, "due_on")
    leads = Referent.objects.current().leading().filter(user=scope.user_id, organization__in=bodies)
    looks = FollowUp.objects.due_by(today).filter(case__in=leads.values("case"))
    yield Waiting(_("종결한 사례의 사후 확인"), f"{cases}LOOK", looks, "due_on")
    yield Waiting(_("담당자가 자리를 비운 사례"), f"{cases}AWAY", left_alone(scope))


def left_alone(scope: Scope) -> CaseQuerySet:
    """Open cases, and closed ones that await a later look, whose referent of one of my bodies is away.

    For the head of the body; for its officers where the body has no head on record.
    """
    headed = [grant.organization_id for grant in scope.grants if grant.role == Role.OFFICE_HEAD]
    managed = scope.within(Capability.MANAGE_DIFFICULTIES).organization_ids
    away = Referent.objects.current().away()
    concerned = away.filter(organization__in=headed) | away.without_head().filter(organization__in=managed)
    awaited = Q(state="OPEN") | Q(pk__in=FollowUp.objects.due_by(timezone.localdate()).values("case"))
    return Case.objects.visible_to(scope).filter(awaited, pk__in=concerned.values("case"))
