"""What other schemes designated after a round: context beside our stages, never mixed with them."""

from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone

from crisis.models import Designation

#: A designation whose end nobody recorded is taken to hold for a year.
UNKNOWN_END = timedelta(days=365)


def horizon(cutoff_day: date) -> date:
    """The last day on which a designation counts as following a round with this cut-off: twelve months on."""
    leap_day = (cutoff_day.month, cutoff_day.day) == (2, 29)
    return cutoff_day.replace(year=cutoff_day.year + 1, day=28 if leap_day else cutoff_day.day)


def cutoff_day(round: Any) -> date:
    """The day of the cut-off in Korea."""
    return timezone.localtime(round.cutoff).date()


def later_designations(round: Any) -> ArraySubquery:
    """Per area (`OuterRef("area_id")`): what started within twelve months after the cut-off, as
    `{scheme, site, start, authority, confidence}`, the earliest first."""
    day = cutoff_day(round)
    rows = Designation.objects.filter(area=OuterRef("area_id"), start__gt=day, start__lte=horizon(day))
    return ArraySubquery(
        rows.order_by("start", "scheme").values(
            entry=JSONObject(scheme="scheme", site="site", start="start", authority="authority",
                             confidence="confidence")
        )
    )  # fmt: skip


def designated_later(round: Any) -> Exists:
    """Whether an area (`OuterRef("area_id")`) was designated within twelve months after the cut-off."""
    day = cutoff_day(round)
    return Exists(Designation.objects.filter(area=OuterRef("area_id"), start__gt=day, start__lte=horizon(day)))


def designated_already(round: Any) -> Exists:
    """Whether an area (`OuterRef("area_id")`) stood under a designation on the day of the cut-off."""
    day = cutoff_day(round)
    holds = Q(end_last_known__gte=day) | Q(end_last_known=None, start__gt=day - UNKNOWN_END)
    return Exists(Designation.objects.filter(holds, area=OuterRef("area_id"), start__lte=day))


def of_area(area: Any) -> list[Designation]:
    """Every recorded designation of one area, newest first."""
    return list(Designation.objects.filter(area=area).order_by(F("start").desc(), "scheme"))
