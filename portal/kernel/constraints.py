"""The common shapes of integrity, each with a name and a Korean sentence."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db.models import CheckConstraint, Q


def all_or_none(*fields: str, name: str, message: str) -> CheckConstraint:
    """Either every field is filled, or none of them is."""
    filled = Q(*((f"{field}__isnull", False) for field in fields))
    empty = Q(*((f"{field}__isnull", True) for field in fields))
    return CheckConstraint(condition=filled | empty, name=name, violation_error_message=message)


def exactly_one(*fields: str, name: str, message: str) -> CheckConstraint:
    """One of the fields is filled and the others are not."""
    condition = Q()
    for chosen in fields:
        condition |= Q(*((f"{field}__isnull", field != chosen) for field in fields))
    return CheckConstraint(condition=condition, name=name, violation_error_message=message)


def one_at_a_time(
    *fields: str, period: str = "effective", name: str, message: str, condition: Q | None = None
) -> ExclusionConstraint:
    """Rows that agree in `fields` may not overlap in `period`."""
    expressions = [(field, RangeOperators.EQUAL) for field in fields] + [(period, RangeOperators.OVERLAPS)]
    return ExclusionConstraint(name=name, expressions=expressions, condition=condition, violation_error_message=message)


def text_with(text: str, other: str, *, name: str, message: str) -> CheckConstraint:
    """A text is filled exactly when another field has a value (an empty text is how this house says nothing)."""
    both = ~Q(**{text: ""}) & Q(**{f"{other}__isnull": False})
    return CheckConstraint(
        condition=both | Q(**{text: "", f"{other}__isnull": True}), name=name, violation_error_message=message
    )


def not_blank(field: str, *, name: str, message: str) -> CheckConstraint:
    return CheckConstraint(condition=~Q(**{field: ""}), name=name, violation_error_message=message)
