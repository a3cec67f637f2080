"""Results derived from the sheets, confirmed, and fed to the indicator as observations of the areas."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from crisis.enums import BatchKind, ObservationStatus
from crisis.fieldwork.enums import CampaignKind, CampaignState, CellKind, UnitState
from crisis.fieldwork.models import Campaign, Confirmation, ResultCell
from crisis.fieldwork.rules import tables
from crisis.fieldwork.services.common import locked, needs_runner, recorded, step
from crisis.models import Area, Indicator
from crisis.services import record_batch
from crisis.services.observation_checks import NewReading
from portal.directory.models import User
from portal.kernel.errors import Refusal


def derive_results(campaign: Campaign) -> int:
    """Make the cells of a campaign from its submitted sheets anew, in the caller's transaction; returns how many."""
    sheets: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for place in campaign.clusters.order_by("cluster__code").values_list("pk", flat=True):
        sheets[place] = []
    submitted = campaign.units.filter(state=UnitState.SUBMITTED).order_by("number")
    for place, answers in submitted.values_list("place", "answers"):
        sheets[place].append(answers)
    found = tables.cells(campaign.form.questionnaire, sheets)
    campaign.cells.all().delete()
    made = ResultCell.objects.bulk_create(
        ResultCell(
            campaign=campaign, place_id=cell.place or None, kind=cell.kind, question=cell.question, option=cell.option,
            label=cell.label[:120], base=cell.base, count=cell.count, value=cell.value, secret=cell.secret,
            spread=cell.spread, position=at,
        )
        for at, cell in enumerate(found)
    )  # fmt: skip
    return len(made)


@transaction.atomic
def confirm_results(*, campaign: Campaign, actor: User, reason: str = "") -> Confirmation:
    """Confirm the results and feed the indicator, all in one transaction; a second time only after a correction.

    A confirmation that finds nothing new returns the last one. One after a correction needs a reason; its changed
    figures are newer observations, the older ones stay. Refuses before the end of entry.
    """
    held = locked(campaign)
    needs_runner(actor, held.sido_id)
    last = held.confirmations.order_by("-number").first()
    results = _as_json(held)
    if held.state == CampaignState.CONFIRMED and last is not None:
        if last.results == results:
            return last
        if not reason.strip():
            raise Refusal(
                "reason_missing", "고친 결과를 다시 확정하는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."}
            )
    else:
        step(held, CampaignState.CONFIRMED)
    with recorded("confirm_results", held, actor=actor, reason=reason):
        readings, fed = _readings(held, last)
        report = record_batch(
            kind=BatchKind.FORM, title=f"실태조사 {held.title}"[:200], rows=readings, actor=actor,
            organization=held.body, reason=reason,
        ) if readings else None  # fmt: skip
        confirmation = Confirmation.objects.create(
            campaign=held, number=(last.number if last else 0) + 1, by=actor, reason=reason.strip(),
            batch=report.batch if report else None, fed=fed, results=results,
        )  # fmt: skip
        held.corrected_at = None
        held.version += 1
        held.full_clean()
        held.save()
    return confirmation


def _as_json(campaign: Campaign) -> list[dict[str, Any]]:
    """The cells as they are confirmed: in order, figures as text."""
    names = ("place__cluster__code", "kind", "question", "option", "base", "count", "value", "secret")
    return [
        {"cluster" if name == "place__cluster__code" else name: str(value) if isinstance(value, Decimal) else value
         for name, value in zip(names, row, strict=True)}
        for row in campaign.cells.order_by("position").values_list(*names)
    ]  # fmt: skip


def _readings(campaign: Campaign, last: Confirmation | None) -> tuple[list[NewReading], list[dict[str, Any]]]:
    """What is recorded, and by cluster what became of it in words. A figure fed before that may no longer be shown
    is withdrawn by a newer, empty observation."""
    form = campaign.form.questionnaire
    why = ""
    indicator = Indicator.objects.filter(code=form.indicator).first() if form.indicator else None
    if not form.indicator:
        why = "이 양식은 지표로 내는 항목을 정하지 않았습니다."
    elif indicator is None:
        why = f"지표 목록에 {form.indicator}이(가) 없습니다."
    elif campaign.kind != CampaignKind.QUARTER or campaign.quarter is None:
        why = "수시 조사는 분기 지표로 내지 않습니다."
    elif campaign.quarter > timezone.localdate():
        raise Refusal(
            "quarter_to_come", "조사 분기의 마지막 달이 아직 오지 않아 지표로 낼 수 없습니다. 그달부터 확정해 주세요."
        )
    places = list(campaign.clusters.select_related("cluster").order_by("cluster__code"))
    areas = {
        area.cluster_id: area
        for area in Area.objects.in_force_on(campaign.quarter or timezone.localdate()).filter(
            cluster__in=[place.cluster_id for place in places]
        )
    }
    cells = {
        cell.place_id: cell for cell in campaign.cells.filter(kind=CellKind.INDEX, question=form.fed_item, option="")
    }
    before = {one["cluster"] for one in last.fed if one["value"] is not None} if last else set()
    readings: list[NewReading] = []
    fed: list[dict[str, Any]] = []
    for place in places:
        cell, area = cells.get(place.pk), areas.get(place.cluster_id)
        value, told = _one(why, cell, area, form.smallest)
        fed.append(
            {"cluster": place.cluster.code, "name": place.cluster.name_ko, "value": None if value is None else str(value),
             "why": told}
        )  # fmt: skip
        withdrawn = value is None and place.cluster.code in before
        if indicator is not None and area is not None and campaign.quarter and (value is not None or withdrawn):
            note = f"{campaign.code} 응답 {cell.base}개" if cell and value is not None else f"{campaign.code} 비공개"
            readings.append(
                NewReading(
                    area_id=area.pk, indicator_id=indicator.pk, period=campaign.quarter, value=value,
                    unit=indicator.unit, status=ObservationStatus.FINAL, note=note,
                )
            )  # fmt: skip
    return readings, fed


def _one(why: str, cell: ResultCell | None, area: Area | None, smallest: int) -> tuple[Decimal | None, str]:
    if why:
        return None, why
    if area is None:
        return None, "통계 지역으로 등록되지 않은 밀집지역입니다."
    if cell is None or cell.value is None:
        return None, "답한 업체가 없습니다."
    if cell.secret:
        return None, f"응답이 적어(또는 다른 곳의 적은 응답을 알 수 있게 되어) 공개하지 않습니다. 기준 {smallest}개"
    return cell.value, "지표로 냈습니다."
