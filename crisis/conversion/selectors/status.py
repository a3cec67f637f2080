"""Numbers of business conversion by 시·도, of one year or of all."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from crisis.conversion.enums import DiagnosisState, PlanState
from crisis.conversion.models import ConversionPlan, Diagnosis, FollowUp, Milestone, PlanMember
from portal.directory.models import Region
from portal.directory.scope import Scope


@dataclass(slots=True)
class Line:
    """A 시·도 (None: all together). `single` and `joint` are plans begun; the rest counts by the day of its own deed.

    `firms` are members that have not left, of plans once approved. `late`: steps past their day, as of today.
    """

    region: Region | None
    requested: int = 0
    diagnosed: int = 0
    single: int = 0
    joint: int = 0
    approved: int = 0
    firms: int = 0
    running: int = 0
    completed: int = 0
    reached: int = 0
    cancelled: int = 0
    late: int = 0
    follow_late: int = 0


NUMBERS = tuple(one.name for one in fields(Line) if one.name != "region")


def _counts(rows: QuerySet[Any], path: str) -> Iterable[tuple[int, int]]:
    found = rows.order_by().values(path).annotate(n=Count("pk", distinct=True))
    return [(one[path], one["n"]) for one in found]


def overview(scope: Scope, today: date, year: int | None = None) -> tuple[list[Line], Line]:
    """Lines of the 시·도 with anything to tell, and their sum. Twelve queries whatever the number of rows."""
    diagnoses = Diagnosis.objects.visible_to(scope)
    plans = ConversionPlan.objects.visible_to(scope)
    asked, ended, begun, approved, closed = diagnoses, diagnoses, plans, plans.filter(approved_on__isnull=False), plans
    cancelled = plans.filter(state=PlanState.CANCELLED)
    if year is not None:
        asked, ended = diagnoses.filter(requested_on__year=year), diagnoses.filter(finished_on__year=year)
        begun, approved = plans.filter(created_at__year=year), approved.filter(approved_on__year=year)
        closed, cancelled = plans.filter(completion__decided_on__year=year), cancelled.filter(cancelled_on__year=year)
    done = closed.filter(state=PlanState.COMPLETED)
    members = PlanMember.objects.current().filter(plan__in=approved)
    late = Milestone.objects.overdue_on(today).filter(edition__plan__in=plans)
    follow = FollowUp.objects.overdue_on(today).filter(plan__in=plans)
    counted = {
        "requested": _counts(asked, "sido"),
        "diagnosed": _counts(ended.filter(state=DiagnosisState.DONE), "sido"),
        "single": _counts(begun.filter(joint=False), "sido"),
        "joint": _counts(begun.filter(joint=True), "sido"),
        "approved": _counts(approved, "sido"),
        "firms": _counts(members, "plan__sido"),
        "running": _counts(approved.running(), "sido"),
        "completed": _counts(done, "sido"),
        "reached": _counts(done.filter(completion__reached=True), "sido"),
        "cancelled": _counts(cancelled, "sido"),
        "late": _counts(late, "edition__plan__sido"),
        "follow_late": _counts(follow, "plan__sido"),
    }
    total = Line(None)
    numbers: dict[int, dict[str, int]] = {}
    for name, pairs in counted.items():
        for region_id, count in pairs:
            numbers.setdefault(region_id, {})[name] = count
            setattr(total, name, getattr(total, name) + count)
    regions = Region.objects.filter(pk__in=numbers).order_by("scheme", "code")
    return [Line(region, **numbers[region.pk]) for region in regions], total


def years(scope: Scope) -> list[int]:
    """The years anything was asked for or begun in, the newest first."""
    found = {one.year for one in Diagnosis.objects.visible_to(scope).order_by().dates("requested_on", "year")}
    plans = ConversionPlan.objects.visible_to(scope).order_by()
    found |= {one.year for one in plans.filter(approved_on__isnull=False).dates("approved_on", "year")}
    found |= {one.year for one in plans.datetimes("created_at", "year")}
    return sorted(found, reverse=True)
