"""What waits for somebody in the surveys."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.surveys.enums import SubmissionState
from companies.surveys.models import LockException, SurveyRound, Target
from companies.surveys.selectors.windows import Calendar
from portal.directory.enums import Capability
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
    targets = Target.objects.visible_to(scope).filter(round__in=rounds).missing().select_related("region", "submission")
    late: dict[int, int] = {}
    soon: dict[int, int] = {}
    due: dict[int, object] = {}
    returned = 0
    for target in targets:
        entry = calendar.entry(target)
        if not entry.is_open:
            continue
        returned += getattr(target, "submission", None) is not None and (
            target.submission.state == SubmissionState.RETURNED
        )
        if today > entry.window.due:
            late[target.round_id] = late.get(target.round_id, 0) + 1
        elif entry.window.due - today <= SOON:
            soon[target.round_id] = soon.get(target.round_id, 0) + 1
            due[target.round_id] = min(due.get(target.round_id, entry.window.due), entry.window.due)  # type: ignore[type-var]
    base = reverse("surveys:targets")
    for pk, count in late.items():
        text = _("%(round)s: 기한이 지난 조사표") % {"round": calendar.rounds[pk]}
        yield Todo(text, f"{base}?round={calendar.rounds[pk].code}&state=MISSING", count, calendar.rounds[pk].due_on)
    for pk, count in soon.items():
        text = _("%(round)s: 기한이 다가온 조사표") % {"round": calendar.rounds[pk]}
        yield Todo(text, f"{base}?round={calendar.rounds[pk].code}&state=MISSING", count, due[pk])  # type: ignore[arg-type]
    if returned:
        yield Todo(_("고쳐서 다시 낼 조사표"), f"{base}?state=RETURNED", returned)
