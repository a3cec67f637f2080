"""재판정 검토: the frozen round is calculated again with today's figures, and whoever must look is told (method §8).

The debt is a fact of the round (`review_owed_at`), written with the figures. The past is never touched: a review is a
row beside the decision. Between two and many workers one looks at a round; a lost message is made good by the sweep.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis import rules
from crisis.enums import REVIEW_NEXT_STATES, DeterminationState, ReviewState, RoundState, Stage
from crisis.models import Determination, Observation, ObservationBatch, Review, Round, Run
from crisis.rules.months import first_month
from crisis.services import run_inputs
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.services import notify, settle_notices
from portal.kernel.dates import month_of
from portal.kernel.db import advisory_lock, try_advisory_lock
from portal.kernel.errors import Refusal
from portal.kernel.queue import defer

ROBUST = "ROBUST"
OBSERVATIONS_LOCK = "crisis.observations"
_SHOWN_ROWS = 60


def _window(round: Round) -> tuple[Any, Any]:
    """The first and the last month whose figures a round is calculated from."""
    last = run_inputs.reference_index(round)
    return month_of(first_month(last)), month_of(last)


def owe_reviews(batch: ObservationBatch, now: datetime) -> int:
    """Note which decided rounds a batch reaches back into. Called inside the transaction that records the batch."""
    span = Observation.objects.filter(batch=batch).aggregate(first=Min("period"), last=Max("period"))
    if span["first"] is None:
        return 0
    decided = Determination.objects.confirmed().filter(round=OuterRef("pk"))
    rounds = Round.objects.filter(Exists(decided), state=RoundState.EVALUATED).order_by("pk")
    reached = [one.pk for one in rounds if _overlaps(_window(one), (span["first"], span["last"]))]
    if reached:
        list(Round.objects.select_for_update(no_key=True).filter(pk__in=reached).order_by("pk").values_list("pk"))
        Round.objects.filter(pk__in=reached).update(review_owed_at=now, updated_at=now)
        defer("crisis.tasks.review_owed_rounds")
    return len(reached)


def _overlaps(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    return bool(one[0] <= other[1] and other[0] <= one[1])


def review_owed_rounds() -> int:
    """Look at every round that owes a review, oldest first. Returns how many reviews were raised."""
    return sum(review_round(round_id=key) for key in Round.objects.owing_a_review().values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class _Look:
    """What one look at a round is based on."""

    run: Run
    seq_high: int
    known_at: datetime


def review_round(*, round_id: int) -> int:
    """Calculate a decided round again with the figures known now. Returns how many reviews it raised.

    A review is raised where the raw stage of a determined area would be another and the new one is robust; one still
    waiting that no longer holds is resolved. 0 also when another worker is at it.
    """
    with transaction.atomic():
        advisory_lock(OBSERVATIONS_LOCK)  # waits for writers under way, as the freeze of a run does
        high = Observation.objects.aggregate(high=Max("pk"))["high"] or 0
        now = timezone.now()
    with transaction.atomic():
        if not try_advisory_lock(f"crisis.review.{round_id}"):
            return 0
        round = Round.objects.select_related("rule_set").get(pk=round_id)
        run = round.runs.official().done().select_related("round", "rule_set").first()
        if run is None or round.review_owed_at is None:
            return 0
        look = _Look(run, high, now)
        decided = list(
            Determination.objects.confirmed().filter(round=round).select_related("area__region", "result", "round")
        )
        changed = _changed(look, since=run.seq_high or 0)
        raised = 0
        if decided and changed.exists():
            again = _again(look, {one.area.code for one in decided})
            for one in decided:
                raised += _compare(look, one, again.get(one.area.code), changed)
        Round.objects.filter(pk=round_id, review_owed_at=round.review_owed_at).update(review_owed_at=None)
        Round.objects.filter(pk=round_id).update(reviewed_seq=high, updated_at=timezone.now())
    return raised


def _changed(look: _Look, *, since: int) -> QuerySet[Observation]:
    """Rows of the round's own window and indicators that were recorded after it was calculated."""
    first, last = _window(look.run.round)
    codes = look.run.rule_set.parsed.series_codes
    rows = Observation.objects.filter(pk__gt=since, pk__lte=look.seq_high, indicator__code__in=codes)
    return rows.filter(period__gte=first, period__lte=last, known_at__lte=look.known_at)


def _again(look: _Look, wanted: set[str]) -> dict[str, rules.AreaResult]:
    """The results of the 시·도 that hold a wanted area, by area code: the frozen round with today's figures."""
    run = look.run
    tree, reference = run_inputs.as_tree(run.tree), run_inputs.reference_index(run.round)
    rule_set = run.rule_set.parsed
    winners = run_inputs.readings(
        codes=list(tree.codes), rule_set=rule_set, reference_month=reference, known_at=look.known_at,
        seq_high=look.seq_high,
    )  # fmt: skip
    national = rules.national_reference(rules.build_panel(tree, rule_set, winners, reference))
    previous = run_inputs.previous_stages(run)
    found: dict[str, rules.AreaResult] = {}
    for top in run_inputs.shard_tops(tree):
        nodes = tree.subtree(top)
        if wanted.isdisjoint(node.code for node in nodes):
            continue
        part = rules.build_panel(nodes, rule_set, winners, reference)
        found.update({result.code: result for result in rules.evaluate(part, national, previous=previous)})
    return found


def _compare(look: _Look, one: Determination, again: rules.AreaResult | None, changed: QuerySet[Observation]) -> int:
    """1 if a review was raised for the determination; a waiting one that no longer holds is resolved."""
    public = again.public() if again is not None else None
    differs = (
        public is not None
        and public["raw_stage"] is not None
        and public["raw_stage"] != one.result.raw_stage
        and public["badge"] == ROBUST
    )
    digest = rules.digest(public) if public is not None else ""
    for waiting in Review.objects.open().select_for_update(no_key=True).filter(determination=one):
        if differs and waiting.digest == digest:
            return 0
        waiting.state = ReviewState.RESOLVED
        waiting.save(update_fields=["state", "updated_at"])
        settle_notices(f"review:{waiting.pk}")
    if not differs or public is None or Review.objects.filter(determination=one, digest=digest).exists():
        return 0
    review = Review.objects.create(
        determination=one, area=one.area, seq_high=look.seq_high, known_at=look.known_at,
        old_stage=one.result.raw_stage, new_stage=public["raw_stage"], old_rci=one.result.rci,
        new_rci=None if public["RCI"] is None else Decimal(public["RCI"]), public=public, digest=digest,
        changed=_rows(changed, one),
    )  # fmt: skip
    notify(
        kind="review",
        key=f"review:{review.pk}",
        title=_("%(area)s %(round)s 재판정 검토: 자료가 바뀌어 산출 단계가 %(old)s에서 %(new)s(으)로 달라집니다")
        % {
            "area": one.area.name_ko,
            "round": one.round.title,
            "old": Stage(review.old_stage).label if review.old_stage else _("판정보류"),
            "new": Stage(review.new_stage).label,
        },
        url=reverse("crisis:review", args=[review.pk]),
        regions=[one.area.region_id],
        capability=Capability.PREPARE_DECISIONS,
    )
    return 1


def _rows(changed: QuerySet[Observation], one: Determination) -> list[dict[str, Any]]:
    """The area's own changed rows, the newest first: what an officer looks at. Ancestors and the nation also count."""
    own = changed.filter(area=one.area).select_related("indicator").order_by("-pk")[:_SHOWN_ROWS]
    return [
        {
            "seq": row.pk,
            "indicator": row.indicator.code,
            "name": row.indicator.name_ko,
            "period": row.period.isoformat()[:7],
            "value": None if row.value is None else format(row.value.normalize(), "f"),
            "unit": row.unit,
            "status": row.status,
            "known_at": row.known_at.isoformat(),
        }
        for row in own
    ]


@transaction.atomic
def keep_decision(*, review: Review, reason: str, actor: User) -> Review:
    """The decision stands although the figures changed; the reason is kept. To correct it, `table_correction`."""
    review = (
        Review.objects.select_for_update(no_key=True, of=("self",))
        .select_related("area__region", "determination")
        .get(pk=review.pk)
    )
    if ReviewState.KEPT not in REVIEW_NEXT_STATES[review.state]:
        raise Refusal("review_decided", "이미 처리된 재판정 검토입니다.")
    if not reason.strip():
        raise Refusal("reason_needed", "결정을 유지하는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    if review.determination.corrections.filter(state=DeterminationState.DRAFT).exists():
        raise Refusal("correction_tabled", "이 결정의 정정이 심의 중입니다. 먼저 그 안건을 의결하거나 거두어 주세요.")
    with deed("decide_review", actor=actor, reason=reason) as done:
        review.state, review.reason = ReviewState.KEPT, reason.strip()
        review.decided_at, review.decided_by = timezone.now(), actor
        review.full_clean(exclude=["public", "changed"])
        review.save()
        done.about(review, region=review.area.region, kept=True)
        settle_notices(f"review:{review.pk}")
    return review
