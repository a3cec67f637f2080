"""The rows of the workbench's list: every area of a level with what a reviewer must know of it, in one query."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, Greatest, JSONObject

from crisis.enums import STAGE_RANK, DeterminationState, Stage
from crisis.models import Determination, Floor, Result
from crisis.workbench.models import Comment
from crisis.workbench.selectors.desk import SHOWN, Desk

#: Stage → rank with 판정보류 below 양호.
NO_STAGE = -1


def _rank(field: str) -> Case:
    whens = [When(**{field: stage}, then=Value(rank)) for stage, rank in STAGE_RANK.items()]
    return Case(*whens, default=Value(NO_STAGE), output_field=IntegerField())


def stage_of(rank: int) -> str | None:
    return next((stage for stage, place in STAGE_RANK.items() if place == rank), None)


def _indicators_that(condition: str) -> Func:
    """How many indicators of a result's record meet a JSON path condition (a constant of this module)."""
    return Func(
        F("public"),
        template=f"jsonb_array_length(jsonb_path_query_array(%(expressions)s, '$.indicators.* ? ({condition})'))",
        output_field=IntegerField(),
    )


def rows(desk: Desk, level: str) -> QuerySet[Result]:
    """The reader's areas of a level in the desk's run.

    `shown` stage; `change` of the index; `floor_rank` and `floors` (`{kind, stage}`) on the desk's day;
    `proposal_rank`, the worse of both; `suspects` waiting for verification and `missing` indicators; `comments` that
    stand and `told` of them for the council; `decided` or `tabled` in this round (`{stage, state, meeting, number}`);
    `in_force`, the stage that holds on the desk's day.
    """
    floors = Floor.objects.active_on(desk.day).filter(area=OuterRef("area_id")).order_by()
    comments = Comment.objects.standing().filter(round=desk.round, area=OuterRef("area_id")).order_by()
    number = {"output_field": IntegerField()}
    counted = comments.values("area").annotate(n=Count("pk")).values("n")
    told = comments.filter(for_council=True).values("area").annotate(n=Count("pk")).values("n")
    of_round = (
        Determination.objects.filter(round=desk.round, area=OuterRef("area_id"))
        .filter(state__in=[DeterminationState.DRAFT, DeterminationState.CONFIRMED])
        .values(entry=JSONObject(stage="stage", proposed="proposed_stage", state="state",
                                 meeting="agenda_item__meeting", number="agenda_item__meeting__number"))
    )  # fmt: skip
    in_force = Determination.objects.in_force_on(desk.day).filter(area=OuterRef("area_id")).values("stage")
    return (
        Result.objects.filter(run=desk.run, area__level=level)
        .visible_to(desk.scope)
        .select_related("area__region__parent")
        .defer("public")
        .annotate(
            shown=SHOWN,
            change=F("rci") - F("previous_rci"),
            margin=KeyTextTransform("margin", "public"),
            carried=KeyTransform("carried", "public"),
            suspects=_indicators_that("@.suspect == true"),
            missing=_indicators_that('@.status == "MISSING"'),
            floors=ArraySubquery(floors.values(entry=JSONObject(kind="kind", stage="stage"))),
            floor_rank=Coalesce(
                Subquery(floors.annotate(rank=_rank("stage")).order_by("-rank").values("rank")[:1]), NO_STAGE
            ),
            stage_rank=Case(When(status="OK", then=_rank("model_stage")), default=Value(NO_STAGE)),
            comments=Coalesce(Subquery(counted, **number), 0),
            told=Coalesce(Subquery(told, **number), 0),
            of_round=Subquery(of_round[:1]),
            in_force=Subquery(in_force[:1]),
        )
        .annotate(proposal_rank=Greatest("stage_rank", "floor_rank"))
    )


IS_ALARMED = Q(proposal_rank__gte=STAGE_RANK[Stage.CAUTION])
CHANGED = Q(shown__isnull=False, previous_stage__isnull=False) & ~Q(shown=F("previous_stage"))


def pick(desk: Desk, level: str, codes: list[str]) -> list[Any]:
    """The rows of some areas by code, the highest index first; codes the reader cannot see are left out."""
    found = rows(desk, level) if level else rows(desk, "")
    return list(found.filter(area__code__in=codes).order_by(F("rci").desc(nulls_last=True), "area__code"))
