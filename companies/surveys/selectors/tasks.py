"""What waits for somebody in the surveys."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.surveys.enums import SubmissionState
from companies.surveys.models import LockException, SurveyRound, Target
from companies.surveys.selectors.windows import Calendar
from portal.directory.enums import Capability
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.kernel.todo import Todo

SOON = timedelta(days=7)
_LOOK_BACK = timedelta(days=60)
"""Rounds closed longer ago are looked at only where an exception is in force."""


def todo(scope: Scope) -> Iterator[Todo]:
    """For whoever enters: due soon, late, returned; for whoever reviews: waiting for approval."""
    entering = scope.within(Capability.ENTER_SURVEYS)
    if not entering.is_empty:
        yield from _to_enter(entering)
    reviewing = scope.within(Capability.REVIEW_SURVEYS)
    if not reviewing.is_empty:
        waiting = Target.objects.visible_to(reviewing).filter(submission__state=SubmissionState.SUBMITTED)
        if count := waiting.count():
            yield Todo(_("승인을 기다리는 조사표"), f"{reverse('surveys:targets')}?state=SUBMITTED", count)


def _to_enter(scope: Scope) -> Iterator[Todo]:
    today = timezone.localdate()
    reopened = LockException.objects.filter(round=OuterRef("pk"), effective__contains=today)
    rounds = list(
        SurveyRound.objects.filter(Q(opens_on__lte=today) | Q(windows__opens_on__lte=today))
        .filter(Q(closes_on__gte=today - _LOOK_BACK) | Q(windows__closes_on__gte=today) | Exists(reopened))
        .distinct()
    )
    if not rounds:
        return
    calendar = Calendar(rounds, today)
    open_cells, returned = _open_cells(scope, calendar), 0
    late: Counter[int] = Counter()
    soon: dict[int, _Soon] = {}
    for round_id, due, state, count in open_cells:
        returned += count if state == SubmissionState.RETURNED else 0
        if today > due:
            late[round_id] += count
        elif due - today <= SOON:
            told = soon.setdefault(round_id, _Soon(0, due))
            told.count, told.due = told.count + count, min(told.due, due)
    base = reverse("surveys:targets")
    for pk, count in late.items():
        survey = calendar.rounds[pk]
        text = _("%(round)s: 기한이 지난 조사표") % {"round": survey}
        yield Todo(text, f"{base}?round={survey.code}&state=OVERDUE", count, calendar.common(pk).due)
    for pk, told in soon.items():
        survey = calendar.rounds[pk]
        text = _("%(round)s: 기한이 다가온 조사표") % {"round": survey}
        yield Todo(text, f"{base}?round={survey.code}&state=MISSING", told.count, told.due)
    if returned:
        yield Todo(_("고쳐서 다시 낼 조사표"), f"{base}?state=RETURNED", returned)


@dataclass(slots=True)
class _Soon:
    count: int
    due: date


def _open_cells(scope: Scope, calendar: Calendar) -> Iterator[tuple[int, date, str | None, int]]:
    """What may be written today and is not handed in: round, due date, state, how many. Three queries.

    Counted by region, whose dates its targets share; only targets with exceptions of their own are looked at singly.
    """
    missing = Target.objects.visible_to(scope).filter(round__in=calendar.rounds).missing().order_by()
    cells = list(missing.values_list("round", "region", "submission__state").annotate(n=Count("pk")))
    regions = Region.objects.in_bulk({region for _round, region, _state, _count in cells})
    for round_id, region_id, state, count in cells:
        entry = calendar.entry_of(round_id, regions[region_id])
        if entry.is_open:
            yield round_id, entry.window.due, state, count
    if not calendar.excepted:
        return
    for target in missing.filter(pk__in=calendar.excepted).select_related("region", "submission"):
        if not calendar.entry_of(target.round_id, target.region).is_open:
            submission = getattr(target, "submission", None)
            yield target.round_id, calendar.entry(target).window.due, submission and submission.state, 1
