"""An officer looks at a suspect value and says what it is. The books get a newer row; nothing is changed in place."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis import services
from crisis.enums import BatchKind
from crisis.models import Observation
from crisis.services.observation_checks import NewReading
from crisis.sources.enums import SUSPECT_NEXT_STATES, SuspectState
from crisis.sources.models import SuspectValue
from portal.directory import audit
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import scope_of
from portal.kernel.errors import Refusal

SHORTEST_NOTE = 5


@transaction.atomic
def verify_suspect(*, suspect: SuspectValue, note: str, actor: User) -> Observation:
    """The value is right: the same value again as a verified row with the note. Returns the new row.

    Refuses a missing note, a value already decided on or replaced since, and an area out of the actor's reach.
    """
    return _decide(suspect, SuspectState.VERIFIED, note, actor)


@transaction.atomic
def reject_suspect(*, suspect: SuspectValue, note: str, actor: User) -> Observation:
    """The value is wrong: it is withdrawn by a newer row without a value, until the right one comes."""
    return _decide(suspect, SuspectState.REJECTED, note, actor)


def _decide(suspect: SuspectValue, state: SuspectState, note: str, actor: User) -> Observation:
    note = " ".join(note.split())
    if len(note) < SHORTEST_NOTE:
        text = _("무엇을 보고 확인했는지 %(least)s자 이상 적어 주세요.") % {"least": SHORTEST_NOTE}
        raise Refusal("note_missing", text, {"note": text})
    scope = scope_of(actor).within(Capability.VERIFY_OBSERVATIONS)
    if scope.is_empty or not SuspectValue.objects.writable_by(scope).filter(pk=suspect.pk).exists():
        raise Refusal("out_of_scope", _("관할 지역의 이상값만 확인할 수 있습니다."))
    # The row lock makes the second of two officers wait and then find what the first said.
    suspect = SuspectValue.objects.select_for_update(no_key=True, of=("self",)).get(pk=suspect.pk)
    if state not in SUSPECT_NEXT_STATES[suspect.state]:
        raise Refusal("suspect_decided", _("이미 처리한 값입니다: %(state)s") % {"state": suspect.get_state_display()})
    row = Observation.objects.select_related("area", "indicator").get(pk=suspect.observation_id)
    verified = state == SuspectState.VERIFIED
    with audit.deed("verify_suspect" if verified else "reject_suspect", actor=actor, reason=note) as done:
        suspect.state, suspect.note = state, note
        suspect.decided_by, suspect.decided_at = actor, timezone.now()
        suspect.full_clean()
        suspect.save()
        reading = NewReading(
            area_id=row.area_id, indicator_id=row.indicator_id, period=row.period,
            value=row.value if verified else None, unit=row.unit, status=row.status, verified=verified,
            note=note if verified else _("이상값 반려: %(note)s") % {"note": note}, seen=row.pk,
        )  # fmt: skip
        title = _("이상값 확인: %(row)s") if verified else _("이상값 반려: %(row)s")
        services.record_batch(kind=BatchKind.FORM, title=title % {"row": row}, rows=[reading], actor=actor, reason=note)
        done.about(suspect, region=row.area.region, value=str(row.value), change=str(suspect.change))
    cell = Observation.objects.filter(area=row.area_id, indicator=row.indicator_id, period=row.period)
    return cell.known_by(timezone.now()).get()
