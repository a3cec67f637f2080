"""Somebody asks whether firms are entitled: the answer, and the record that they asked."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crisis.measures.models import PreferentialMeasure
from crisis.measures.selectors import Answer, answers, asker_of
from portal.directory.audit import deed
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.errors import Refusal

MOST_NUMBERS = 1_000


@transaction.atomic
def ask(
    *, numbers: Sequence[str], day: date, measure: str = "", known_at: datetime | None = None, scope: Scope, actor: User
) -> list[Answer]:
    """Answer for each business number (ten digits) and keep on record who asked what, and how many were entitled.

    Refuses whoever may not ask, more than a thousand numbers at once and a measure that does not exist.
    """
    asker = asker_of(scope)
    if asker is None:
        raise Refusal("not_allowed", _("우대 대상을 확인할 권한이 없습니다."))
    if not 1 <= len(numbers) <= MOST_NUMBERS:
        raise Refusal("too_many", _("한 번에 1건부터 %(most)s건까지 물을 수 있습니다.") % {"most": f"{MOST_NUMBERS:,}"})
    if measure and not PreferentialMeasure.objects.of_code(measure).exists():
        raise Refusal("measure_unknown", _("없는 우대 제도입니다."), {"measure": _("없는 우대 제도입니다.")})
    found = answers(numbers, day=day, asker=asker, measure=measure, known_at=known_at)
    with deed("check_entitlement", actor=actor) as done:
        done.about(
            actor,
            numbers=list(numbers),
            day=day.isoformat(),
            measure=measure,
            known_at=known_at.isoformat() if known_at else None,
            entitled=sum(one.entitled for one in found),
            organizations=sorted(asker.within.organization_ids),
        )
    return found
