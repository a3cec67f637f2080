"""Query helpers for dated rows, and the fields of a model by name."""

from datetime import date
from typing import Self

from django.core.exceptions import FieldDoesNotExist
from django.db import models


class DatedQuerySet(models.QuerySet):
    """Rows with an `effective` date range."""

    def in_force_on(self, day: date) -> Self:
        return self.filter(effective__contains=day)


def own_field(model: type[models.Model], name: str) -> models.Field:
    """The field a model itself declares. FieldDoesNotExist for an unknown name and for the far end of a relation."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise FieldDoesNotExist(f"{model._meta.label}.{name} is declared by another model")
    return field
