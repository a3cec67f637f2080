"""Rows of a list: read straight from the columns, without building model instances.

A `Row` is declared like any serializer, so the OpenAPI document is made from it; its fields name columns only. A list
then costs one `values_list` query and one small dictionary a row, a fraction of what model instances and nested
serializers cost. The same class renders an instance where a detail is shown (`Row(instance).data`), digit for digit.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.kernel.dates import month_text

Convert = Callable[[Any], Any]
# What JSON writes as it is: nothing needs converting.
_PLAIN = (
    serializers.CharField,
    serializers.ChoiceField,
    serializers.BooleanField,
    serializers.IntegerField,
    serializers.JSONField,
)


@extend_schema_field({"type": "string", "pattern": r"^\d{4}-\d{2}$", "example": "2025-09"})
class MonthField(serializers.Field):
    """A month as `2025-09`."""

    def to_representation(self, value: date) -> str:
        return month_text(value)


class ExactField(serializers.DecimalField):
    """A figure as text with all its digits and no trailing noughts: never a float."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(normalize_output=True, **kwargs)


class Code(serializers.CharField):
    """The code of something else; null where there is none."""

    def __init__(self, source: str | None = None, **kwargs: Any) -> None:
        super().__init__(source=source, allow_null=True, **kwargs)


def _column(source: str) -> str:
    """`region.parent.code` → `region__parent__code`; the ends of a range are its transforms."""
    ends = {"lower": "startswith", "upper": "endswith"}
    return "__".join(ends.get(part, part) for part in source.split("."))


class Row(serializers.Serializer):
    """A serializer of plain columns. Every field's source is a column, an annotation or the end of a range."""

    @classmethod
    def names(cls) -> list[str]:
        return list(cls._declared_fields)

    @classmethod
    def select(cls, queryset: QuerySet[Any], names: Sequence[str] | None = None) -> QuerySet[Any]:
        """The columns of the chosen fields (all of them), as tuples."""
        return queryset.values_list(*(column for _, column, _ in _plan(cls, tuple(names or cls.names()))))

    @classmethod
    def render(cls, selected: Iterable[Sequence[Any]], names: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """Selected tuples as JSON-ready dictionaries."""
        plan = _plan(cls, tuple(names or cls.names()))
        keys = [name for name, _, _ in plan]
        converts = [(at, convert) for at, (_, _, convert) in enumerate(plan) if convert is not None]
        rows = []
        for values in selected:
            row = dict(zip(keys, values, strict=True))
            for at, convert in converts:
                if values[at] is not None:
                    row[keys[at]] = convert(values[at])
            rows.append(row)
        return rows


def _moment(value: datetime) -> str:
    """As `DateTimeField` writes it, without its checks: the moments come from the database and are aware."""
    return value.astimezone(timezone.get_current_timezone()).isoformat()


def _convert(field: serializers.Field) -> Convert | None:
    if isinstance(field, _PLAIN):
        return None
    return _moment if isinstance(field, serializers.DateTimeField) else field.to_representation


@cache
def _plan(cls: type[Row], names: tuple[str, ...]) -> tuple[tuple[str, str, Convert | None], ...]:
    """(field, column, conversion or None) of the chosen fields of a row class."""
    fields = cls().fields
    return tuple((name, _column(fields[name].source or name), _convert(fields[name])) for name in names)
