"""What falls due each morning: told once before and once after, to whoever answers for it."""

from datetime import date

from django.utils import timezone

from network.difficulties.models import Action, FollowUp, Referent
from network.difficulties.models.referent import ReferentQuerySet
from network.difficulties.services.common import heads_of, tell
from portal.directory.models import Holiday, User
from portal.kernel.deadlines import add_working_days

SOON = 3
"""Working days before a due day."""


def watch_cases(*, today: date | None = None) -> int:
    """Tell of actions due soon or late and of later looks that are due. Running it twice tells nothing twice.

    Returns how many people learned of something. An absent referent's notices go to the head of their body.
    """
    today = today or timezone.localdate()
    soon = add_working_days(today, SOON, Holiday.objects.days())
    told = 0
    actions = Action.objects.unfinished().filter(due_on__lte=soon).select_related("case")
    people = _answering(Referent.objects.current().open())
    for action in actions.order_by("due_on", "pk"):
        users = people.get((action.case_id, action.organization_id), [])
        late = action.due_on < today
        title = f"사례 {action.case.code}의 조치 기한이 {'지났습니다' if late else '다가옵니다'}."
        told += tell(action.case, f"{'late' if late else 'soon'}:{action.pk}", title, users=users, due=action.due_on)
    looks = list(FollowUp.objects.due_by(soon).select_related("case"))
    leads = Referent.objects.current().leading().filter(case__in=[look.case_id for look in looks])
    leading = {case: users for (case, _), users in _answering(leads).items()}
    for look in looks:
        title = f"사례 {look.case.code}을(를) 종결한 지 {look.months}개월이 됩니다. 그 뒤를 확인해 주세요."
        told += tell(look.case, f"look:{look.pk}", title, users=leading.get(look.case_id, []), due=look.due_on)
    return told


def _answering(rows: ReferentQuerySet) -> dict[tuple[int, int], list[User]]:
    """By case and body: its referent, or the heads of the body while the referent is away."""
    away = set(rows.away().values_list("pk", flat=True))
    found = {}
    for row in rows.select_related("user"):
        found[row.case_id, row.organization_id] = heads_of(row.organization_id) if row.pk in away else [row.user]
    return found
