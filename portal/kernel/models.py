"""Bases without tables."""

from django.db import models
from django.utils import timezone


class Timestamped(models.Model):
    """Rows that know when they came and when they last changed, by the application's one clock."""

    created_at = models.DateTimeField("등록 일시", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("수정 일시", auto_now=True)

    class Meta:
        abstract = True
