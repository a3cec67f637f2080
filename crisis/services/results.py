"""From the engine's results to rows."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crisis import rules
from crisis.enums import RunKind
from crisis.models import Area, Result, Run


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def result_rows(run: Run, results: Iterable[rules.AreaResult]) -> list[Result]:
    """Unsaved rows of a run, with the stage and index of the run before beside each."""
    found = {result.code: result.public() for result in results}
    areas = dict(Area.objects.filter(code__in=found).values_list("code", "pk"))
    before: dict[int, tuple[str | None, Decimal | None]] = {}
    if run.previous_id:
        rows = Result.objects.filter(run=run.previous_id, area__in=areas.values())
        before = {pk: (stage, rci) for pk, stage, rci in rows.values_list("area_id", "model_stage", "rci")}
    return [_row(run, areas[code], public, *before.get(areas[code], (None, None))) for code, public in found.items()]


def _row(
    run: Run, area_id: int, public: dict[str, Any], previous_stage: str | None, previous_rci: Decimal | None
) -> Result:
    return Result(
        run=run,
        area_id=area_id,
        public=public,
        digest=rules.digest(public),
        official=run.kind == RunKind.OFFICIAL,
        status=public["status"],
        grade=public["grade"],
        coverage=Decimal(public["coverage"]),
        ca=_number(public["CA"]),
        cr=_number(public["CR"]),
        rci=_number(public["RCI"]),
        view=public["view"] or "",
        raw_stage=public["raw_stage"],
        model_stage=public["model_stage"],
        previous_stage=previous_stage,
        previous_rci=previous_rci,
        held=bool(public["held"]),
        watch=public["watch"],
        rho=_number(public["rho"]),
        badge=public["badge"] or "",
    )
