"""Forms in the look of the portal: Django's own rendering, KRDS's classes, faults tied to their fields.

`FORM_RENDERER = "portal.kernel.forms.KrdsRenderer"` dresses every form of the project; `BaseForm` and `BaseModelForm`
add what a renderer cannot set.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import ChangedMeanwhile, Refusal
from portal.kernel.exports import plain

T = TypeVar("T")

#: Django's template → ours.
_TEMPLATES = {
    "django/forms/errors/list/default.html": "krds/errors.html",
    "django/forms/errors/list/ul.html": "krds/errors.html",
    "django/forms/widgets/radio.html": "krds/choices.html",
    "django/forms/widgets/checkbox_select.html": "krds/choices.html",
}
_INPUTS = {"text", "number", "email", "url", "password", "search", "tel", "date", "time", "datetime-local", "file"}


def _dress(widget: dict[str, Any]) -> None:
    """Give a widget's context its KRDS class, sub-widgets included."""
    name, attrs = widget.get("template_name", ""), widget.setdefault("attrs", {})
    if name.endswith("/select.html"):
        attrs["class"] = f"krds-form-select {attrs.get('class', '')}".rstrip()
    elif name.endswith("/textarea.html") or widget.get("type") in _INPUTS:
        attrs["class"] = f"krds-input {attrs.get('class', '')}".rstrip()
    for part in widget.get("subwidgets", ()):
        if isinstance(part, dict):
            _dress(part)


class KrdsRenderer(TemplatesSetting):
    """Renders forms through the project's templates, with KRDS classes on every widget."""

    form_template_name = "krds/form.html"
    field_template_name = "krds/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        if "widget" in context:
            _dress(context["widget"])
        return SafeString(super().render(_TEMPLATES.get(template_name, template_name), context, request))


class KrdsErrors(ErrorList):
    """A field's faults as the box its control names in `aria-describedby`."""

    template_name = "krds/errors.html"


class _Dressed:
    """No colon after labels; faults as `KrdsErrors`; controls not told twice that they are required."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("error_class", KrdsErrors)
        super().__init__(*args, **kwargs)


class BaseForm(_Dressed, forms.Form):
    """The form every page starts from."""


class BaseModelForm(_Dressed, forms.ModelForm):  # type: ignore[type-arg]
    """The model form every page starts from."""


class SeenForm(BaseForm):
    """A form that remembers which version its writer had before their eyes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def tell(form: forms.Form, fault: Refusal | ValidationError) -> None:
    """Put the words of a refusal, or of a constraint of the table, at the fields they concern or above the form."""
    if isinstance(fault, Refusal):
        told: Mapping[str, Any] = fault.fields
        if not any(name in form.fields for name in told):
            form.add_error(None, fault.message)
            told = {name: text for name, text in told.items() if text != fault.message}
    else:
        told = getattr(fault, "message_dict", None) or {"": fault.messages}
    for name, text in told.items():
        form.add_error(name if name in form.fields else None, text)


def tried(
    form: forms.Form, act: Callable[[], T], *, passing: tuple[type[Refusal], ...] = (ChangedMeanwhile,)
) -> T | None:
    """What the deed returns; None when it refused, which the form then tells.

    The deed runs in a savepoint, so that the page after a refusal still has a database to read. `passing`: what goes on
    to the page, which knows how to show both versions; with `()` that too is told at the form.
    """
    try:
        with transaction.atomic():
            return act()
    except passing:
        raise
    except (Refusal, ValidationError) as fault:
        tell(form, fault)
    return None


def done(form: forms.Form, act: Callable[[], Any], *, passing: tuple[type[Refusal], ...] = (ChangedMeanwhile,)) -> bool:
    """Like `tried`, for deeds that need not return anything: whether it was done."""
    tried(form, act, passing=passing)
    return not form.errors


def conflicts(mine: forms.Form, now: forms.Form, *, leave: Sequence[str] = ("seen",)) -> list[tuple[str, str, str]]:
    """(label, what stands, what was written) of the fields in which a bound form differs from the row as it stands."""
    found = []
    for name, field in mine.fields.items():
        if name in leave:
            continue
        written = str(mine.data.get(name, "")).strip().replace("\r\n", "\n")
        standing = now.initial.get(name, "")
        text = standing.isoformat() if hasattr(standing, "isoformat") else str("" if standing is None else standing)
        if written != text.strip().replace("\r\n", "\n"):
            found.append((str(field.label), text, written))
    return found


def again(request: HttpRequest, version: int) -> QueryDict:
    """What was posted, under the version that stands now."""
    data = request.POST.copy()
    data["seen"] = str(version)
    return data


class DateInput(forms.DateInput):
    """The browser's own day picker; the value travels as `2026-01-31` whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class MonthWidget(forms.MultiWidget):
    """Year and month as two lists: `type=month` is missing in two browsers and English in a third."""

    template_name = "krds/month.html"
    use_fieldset = True

    def __init__(self, years: Iterable[int], attrs: dict[str, Any] | None = None) -> None:
        blank = [("", "----")]
        year = forms.Select(attrs={"aria-label": _("연도")}, choices=blank + [(str(y), f"{y}") for y in years])
        month = forms.Select(attrs={"aria-label": _("월")}, choices=blank + [(str(m), f"{m}") for m in range(1, 13)])
        super().__init__({"year": year, "month": month}, attrs)

    def decompress(self, value: date | None) -> list[str]:
        return [str(value.year), str(value.month)] if value else ["", ""]


class MonthField(forms.MultiValueField):
    """A month, as the first day of it. `years` are offered as given; without it, this year back to 2008."""

    def __init__(self, *, years: Iterable[int] | None = None, **kwargs: Any) -> None:
        offered = list(years) if years is not None else list(range(timezone.localdate().year, 2007, -1))
        parts = (forms.IntegerField(min_value=1900, max_value=2200), forms.IntegerField(min_value=1, max_value=12))
        kwargs.setdefault("widget", MonthWidget(offered))
        super().__init__(fields=parts, **kwargs)

    def compress(self, data_list: list[int]) -> date | None:
        return date(data_list[0], data_list[1], 1) if data_list else None


MILLION = 1_000_000


class MillionField(forms.CharField):
    """Money typed in 백만원 (`1,234.5`), cleaned to whole won. Empty is nought."""

    def __init__(self, *, label: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})
        super().__init__(label=label, required=False, max_length=24, widget=widget)

    def clean(self, value: Any) -> Any:
        text = re.sub(r"[,\s]", "", super().clean(value) or "") or "0"
        try:
            won = Decimal(text) * MILLION
        except InvalidOperation as fault:
            raise ValidationError(_now("숫자로 적어 주세요. 예: 1,234.5")) from fault
        if not won.is_finite() or won < 0 or won != won.to_integral_value():
            raise ValidationError(_now("0 이상이고 1원 단위까지만 적어 주세요."))
        if won >= 10**17:
            raise ValidationError(_now("금액이 너무 큽니다. 단위(백만원)를 확인해 주세요."))
        return int(won)


def millions(won: int) -> str:
    """Won as they are typed: 1234500000 → `1234.5`."""
    return plain(Decimal(won) / MILLION)
