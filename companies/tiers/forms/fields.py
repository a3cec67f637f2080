"""Fields the forms of tiers share."""

from typing import Any

from django import forms
from django.utils import timezone

from companies.tiers.models import CriteriaSet
from portal.directory.enums import RegionLevel
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.forms import DateInput


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=help_text, widget=DateInput())


def text_field(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


def sidos(scope: Scope) -> Any:
    """The 시·도 of today that a scope reaches."""
    rows = Region.objects.visible_to(scope).of_level(RegionLevel.SIDO)
    return rows.in_force_on(timezone.localdate()).order_by("scheme", "code")


def every_sido() -> Any:
    """The 시·도 of today, everywhere: for agreements across regions."""
    rows = Region.objects.of_level(RegionLevel.SIDO).in_force_on(timezone.localdate())
    return rows.order_by("scheme", "code")


def officers(scope: Scope) -> Any:
    """Who may be put in charge of a firm: active people the scope reaches."""
    return User.objects.visible_to(scope).filter(is_active=True).order_by("name", "login_id")


class CriteriaField(forms.ModelChoiceField):
    def label_from_instance(self, criteria: CriteriaSet) -> str:  # type: ignore[override]
        mark = "" if criteria.state == "ADOPTED" else f" · {criteria.get_state_display()}"
        return f"{criteria.title} ({criteria.code}{mark})"
