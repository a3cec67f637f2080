"""Floors are opened with evidence and ended with a reason; nothing about them is ever deleted."""

from datetime import date
from decimal import Decimal
from typing import cast

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from crisis.enums import FloorKind
from crisis.models import Area, Designation, Floor
from crisis.rules import council
from network.papers import check_paper
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.dates import period
from portal.kernel.errors import Refusal


@transaction.atomic
def open_floor(
    *,
    area: Area,
    kind: str,
    start: date,
    evidence: str,
    actor: User,
    stage: str = "",
    share: Decimal | None = None,
    designation: Designation | None = None,
    end: date | None = None,
    file: File | None = None,
    is_demo: bool = False,
) -> Floor:
    """Enter a floor that holds from `start` up to, not including, `end` (None: until it is ended).

    For ANCHOR_LOSS the stage follows from `share`, the per cent of the area's employment that is lost; below 10 % there
    is no floor and it is refused. Otherwise `stage` is CAUTION or SEVERE.
    """
    faults: dict[str, str] = {}
    if not evidence.strip():
        faults["evidence"] = "근거를 적어 주세요. 언제, 무엇이, 어느 자료로 확인되는지 씁니다."
    if end is not None and end <= start:
        faults["end"] = "종료일은 시작일보다 뒤여야 합니다."
    if kind == FloorKind.ANCHOR_LOSS:
        if share is None:
            faults["share"] = "지역 고용에서 차지하는 비중(%)을 적어 주세요."
        else:
            stage = council.anchor_loss_stage(share) or ""
            if not stage:
                faults["share"] = f"비중이 {council.ANCHOR_LOSS_CAUTION}% 이상일 때만 하한 사유가 됩니다."
    elif not stage:
        faults["stage"] = "하한 단계를 골라 주세요."
    if faults:
        raise Refusal("floor_incomplete", " ".join(faults.values()), faults)
    paper = check_paper(file) if file is not None else None
    floor = Floor(
        area=area,
        kind=kind,
        stage=stage,
        effective=period(start, end),
        share=share if kind == FloorKind.ANCHOR_LOSS else None,
        designation=designation if kind == FloorKind.OTHER_DESIGNATION else None,
        evidence=evidence.strip(),
        entered_by=actor,
        is_demo=is_demo,
    )
    if paper is not None:
        floor.evidence_filename, floor.evidence_sha256 = paper.filename, paper.sha256
        floor.evidence_file.save("", paper.content, save=False)
    try:
        with deed("open_floor", actor=actor) as done:
            floor.full_clean()
            floor.save()
            done.about(floor, region=area.region, kind=kind, stage=stage)
    except BaseException:
        if paper is not None:
            floor.evidence_file.storage.delete(cast(str, floor.evidence_file.name))
        raise
    return floor


@transaction.atomic
def end_floor(*, floor: Floor, on: date, reason: str, actor: User) -> Floor:
    """The floor holds no longer from the day `on`. On or before its first day: it was entered by mistake and is voided.

    What was proposed and decided while it held stays as it was.
    """
    floor = Floor.objects.select_for_update(no_key=True, of=("self",)).select_related("area__region").get(pk=floor.pk)
    if floor.is_ended:
        raise Refusal("floor_ended", "이미 끝난 하한 사유입니다.")
    if not reason.strip():
        raise Refusal("reason_needed", "끝내는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    start, end = floor.effective.lower, floor.effective.upper
    if end is not None and on > end:
        sentence = f"이미 {end:%Y-%m-%d}에 끝나기로 한 하한 사유입니다. 그 전의 날을 적어 주세요."
        raise Refusal("floor_ends_sooner", sentence, {"on": sentence})
    with deed("end_floor", actor=actor, reason=reason) as done:
        floor.voided = on <= start
        if not floor.voided:
            floor.effective = period(start, on)
        floor.ended_at, floor.ended_by, floor.end_reason = timezone.now(), actor, reason.strip()
        floor.full_clean()
        floor.save()
        done.about(floor, region=floor.area.region, on=on.isoformat(), voided=floor.voided)
    return floor
