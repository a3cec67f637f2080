"""Query helpers for dated rows."""

from datetime import date
from typing import Self

from django.db import models


class DatedQuerySet(models.QuerySet):
    """Rows with an `effective` date range."""

    def in_force_on(self, day: date) -> Self:
        return self.filter(effective__contains=day)
