"""Dated rows in words: `{% load directory %}`."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils.translation import gettext as _

from portal.kernel import display

register = template.Library()


@register.filter
def validity(effective: Any) -> str:
    """`2020. 1. 1. ~ 2026. 6. 30.` for a date range: the last day is the one before its open end. None: `–`."""
    if effective is None:
        return display.MISSING
    if effective.lower is None and effective.upper is None:
        return _("기한 없음")
    start = display.day(effective.lower) if effective.lower else ""
    end = display.day(effective.upper - timedelta(days=1)) if effective.upper else ""
    return f"{start} ~ {end}".strip()
