"""Query parameters shared by the endpoints of every app."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from portal.kernel.dates import KST, end_of_day, parse_month

#: Rows written by a transaction that began earlier and ended later are caught by looking back this far.
OVERLAP = timedelta(minutes=10)


class MonthFormField(forms.CharField):
    """`2025-09` or `2025Q3` as the first day of the month (of the quarter's last month)."""

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        month = parse_month(text)
        if month is None:
            raise forms.ValidationError(_("기간은 2025-09 또는 2025Q3처럼 적어 주세요."), code="invalid")
        return month


class MomentFormField(forms.CharField):
    """A moment in ISO 8601; a bare day means its beginning, or its last instant with `end=True`. Seoul unless said."""

    def __init__(self, *, end: bool = False, **kwargs: Any) -> None:
        self.end = end
        super().__init__(**kwargs)

    def clean(self, value: Any) -> datetime | None:
        # An unescaped `+09:00` in a query string arrives as a blank.
        text = super().clean(value)
        if not text:
            return None
        text = text.strip().replace(" ", "+") if "T" in text else text.strip()
        try:
            day = parse_date(text)
            moment = parse_datetime(text) if day is None else None
        except ValueError:
            day = moment = None
        if day is not None:
            return end_of_day(day) if self.end else datetime.combine(day, time(), tzinfo=KST)
        if moment is None:
            raise forms.ValidationError(
                _("일시는 2026-01-31 또는 2026-01-31T09:00:00+09:00처럼 적어 주세요."), code="invalid"
            )
        return moment if timezone.is_aware(moment) else moment.replace(tzinfo=KST)


class MonthFilter(filters.CharFilter):
    field_class = MonthFormField


class MomentFilter(filters.IsoDateTimeFilter):
    field_class = MomentFormField


class CodesFilter(filters.BaseInFilter, filters.CharFilter):
    """One or more codes, separated by commas."""


class StrictChoices(filters.ChoiceFilter):
    """One of the listed values; anything else is refused with the values that exist."""

    def __init__(self, field_name: str | None = None, *, choices: Any, **kwargs: Any) -> None:
        pairs = list(getattr(choices, "choices", choices))
        values = [str(value) for value, _label in pairs]
        if "null_value" in kwargs:
            values.append(kwargs["null_value"])
        text = format_lazy("{} {}", _("쓸 수 있는 값:"), ", ".join(values))
        kwargs.setdefault("error_messages", {"invalid_choice": text})
        super().__init__(field_name, choices=pairs, **kwargs)


class FilterSet(filters.FilterSet):
    """A filter set whose methods may ask for other parameters' values.

    Only the filters that were asked for are made: building the whole form costs more than reading the rows.
    """

    base_filters: dict[str, Any]

    def __init__(self, data: Any = None, queryset: Any = None, **more: Any) -> None:
        self.base_filters = {name: each for name, each in type(self).base_filters.items() if name in (data or ())}
        super().__init__(data, queryset, **more)

    def value(self, name: str, default: Any = None) -> Any:
        """The cleaned value of another parameter."""
        found = self.form.cleaned_data.get(name)
        return default if found in (None, "") else found

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.prepare(super().filter_queryset(queryset))

    def prepare(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What the list needs whether or not a parameter was given."""
        return queryset


class ChangedSinceFilter(MomentFilter):
    """Rows changed since a moment, looking back a little further so that nothing slips between two calls."""

    def filter(self, qs: QuerySet[Any], value: datetime | None) -> QuerySet[Any]:
        return qs if value is None else qs.filter(**{f"{self.field_name}__gte": value - OVERLAP})
