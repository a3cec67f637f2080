"""What the workbench itself knows to wait for an area: remarks the council has not been told, an agenda without it."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crisis import waiting
from crisis.enums import DeterminationState, RunKind
from crisis.models import Determination, Result, Run
from crisis.selectors import floors_of
from crisis.waiting import Asked, Wait
from crisis.workbench.models import Comment
from crisis.workbench.selectors.desk import ALARMED, OK, day_of, shown_run


def of_areas(asked: Asked) -> dict[int, list[Wait]]:
    """Field surveys of the watched and the held back, remarks for a council that has not met on the area, alarmed areas
    (by the model or by a floor) that stand on no agenda."""
    states = [DeterminationState.DRAFT, DeterminationState.CONFIRMED]
    tabled = set(
        Determination.objects.filter(round=asked.round, area__in=asked.areas, state__in=states).values_list(
            "area", flat=True
        )
    )
    told = dict.fromkeys(asked.areas, 0)
    remarks = Comment.objects.standing().filter(round=asked.round, area__in=asked.areas, for_council=True)
    for area in remarks.values_list("area", flat=True):
        told[area] += 1
    run = shown_run(asked.round)
    floors = floors_of(asked.areas, day_of(asked.round, asked.newest))
    found: dict[int, list[Wait]] = {}
    for row in _results(run, asked):
        said = _survey(row)
        if row.area_id not in tabled:
            if count := told.get(row.area_id):
                text = ngettext("협의회에 알릴 의견 %(n)s건", "협의회에 알릴 의견 %(n)s건", count) % {"n": count}
                sheet = reverse("workbench:sheet", args=[asked.round.code, row.area.code])
                said.append(Wait(text, f"{sheet}#comments"))
            alarmed = row.status == OK and row.model_stage in ALARMED
            if run is not None and run.kind == RunKind.OFFICIAL and (alarmed or row.area_id in floors):
                said.append(Wait(_("안건 상정")))
        if said:
            found[row.area_id] = said
    return found


def _results(run: Run | None, asked: Asked) -> list[Result]:
    rows = Result.objects.filter(run=run, area__in=asked.areas).select_related("area")
    return list(rows.only("watch", "status", "model_stage", "area__code"))


def _survey(row: Result) -> list[Wait]:
    """Said here only until the surveys themselves are asked."""
    if waiting.is_answered(waiting.SURVEY):
        return []
    if row.watch:
        return [Wait(_("현장조사(관찰)"))]
    return [Wait(_("현장조사(판정보류)"))] if row.status != OK else []
