"""What people say of alarms and of what happened in their areas."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from crisis.enums import RunKind, RunState, Stage
from crisis.models import Area, Result
from crisis.validation.enums import USEFUL_REASONS, AlarmKind, RatingReason
from crisis.validation.models import AlarmRating, Incident
from crisis.validation.services.follow_ups import rejoin
from portal.directory.audit import deed
from portal.directory.models import Organization, User
from portal.kernel.errors import Refusal


def alarm_kind(result: Result) -> str | None:
    """What an official result asks attention for; None where it raises no alarm."""
    if result.status == "OK" and result.model_stage in (Stage.SEVERE, Stage.CAUTION):
        return str(result.model_stage)
    return AlarmKind.WATCH if result.watch else None


@transaction.atomic
def rate_alarm(
    *,
    result: Result,
    useful: bool,
    reason: str,
    note: str,
    organization: Organization,
    actor: User,
    is_demo: bool = False,
) -> AlarmRating:
    """Say of an alarm whether it was useful. A body's second word on the same alarm replaces its first."""
    result = Result.objects.select_related("run", "area__region").get(pk=result.pk)
    kind = alarm_kind(result)
    if kind is None or result.run.kind != RunKind.OFFICIAL or result.run.state != RunState.DONE:
        raise Refusal("no_alarm", "공식 산출에서 주의·심각·관찰이 나온 지역만 평가합니다.")
    if reason != RatingReason.OTHER and (RatingReason(reason) in USEFUL_REASONS) != useful:
        raise Refusal(
            "reason_misfit", "사유가 평가와 맞지 않습니다.", {"reason": "고른 평가에 맞는 사유를 골라 주세요."}
        )
    if reason == RatingReason.OTHER and not note.strip():
        raise Refusal("note_needed", "그 밖의 사유는 비고에 적어 주세요.", {"note": "사유를 적어 주세요."})
    with deed("rate_alarm", actor=actor) as done:
        rating = (
            AlarmRating.objects.select_for_update(no_key=True, of=("self",))
            .filter(result=result, organization=organization)
            .first()
        ) or AlarmRating(result=result, organization=organization)
        rating.area, rating.kind, rating.useful, rating.reason = result.area, kind, useful, reason
        rating.note, rating.rated_by, rating.is_demo = note.strip(), actor, is_demo
        rating.full_clean()
        rating.save()
        done.about(rating, region=result.area.region, useful=useful, reason=reason)
    return rating


@transaction.atomic
def document_incident(
    *,
    area: Area,
    kind: str,
    occurred_on: date,
    title: str,
    source: str,
    actor: User,
    workers: int | None = None,
    organization: Organization | None = None,
    is_demo: bool = False,
) -> Incident:
    """Write down what happened in an area. Outcomes already joined that it falls into are joined anew."""
    if occurred_on > timezone.localdate():
        raise Refusal("in_future", "아직 오지 않은 날입니다.", {"occurred_on": "오늘이나 지난 날을 적어 주세요."})
    with deed("document_incident", actor=actor) as done:
        made = Incident(
            area=area, kind=kind, occurred_on=occurred_on, title=title, source=source, workers=workers,
            organization=organization, entered_by=actor, is_demo=is_demo,
        )  # fmt: skip
        made.full_clean()
        made.save()
        done.about(made, region=area.region, kind=kind, on=occurred_on.isoformat())
        rejoin(area=area)
    return made


@transaction.atomic
def withdraw_incident(*, incident: Incident, reason: str, actor: User) -> Incident:
    """Take an event back that was not so. It stays in the books with the reason."""
    incident = Incident.objects.select_for_update(no_key=True, of=("self",)).select_related("area__region").get(
        pk=incident.pk
    )  # fmt: skip
    if incident.withdrawn_at is not None:
        raise Refusal("already_withdrawn", "이미 거둔 사건입니다.")
    if not reason.strip():
        raise Refusal("reason_needed", "거두는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    with deed("withdraw_incident", actor=actor, reason=reason) as done:
        incident.withdrawn_at, incident.withdrawn_by = timezone.now(), actor
        incident.withdrawn_reason = reason.strip()
        incident.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason", "updated_at"])
        done.about(incident, region=incident.area.region)
        rejoin(area=incident.area)
    return incident
