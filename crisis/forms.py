"""Entering one figure: which cell, then what value."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crisis.enums import ObservationStatus
from crisis.models import Area, Indicator
from crisis.services.area_names import AreaNames
from crisis.services.observation_checks import NOTE_LENGTH, Rulebook, value_fault
from portal.directory.scope import Scope
from portal.intake import cells
from portal.kernel.forms import BaseForm, MonthField


class Suggesting(forms.TextInput):
    """A text input with a list to choose from while typing; any spelling the reader knows may be typed as well."""

    template_name = "crisis/observation_area_input.html"

    def __init__(self, options: list[str]) -> None:
        super().__init__({"autocomplete": "off"})
        self.options = options

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"options": self.options, "type": "text"}
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_options"
        return context


class CellForm(BaseForm):
    """Which area, indicator and period. The area is one the scope may write to."""

    area = forms.CharField(label=_("지역"), max_length=120, help_text=_("지역코드나 이름. 예: 경상남도 거제시"))
    indicator = forms.ModelChoiceField(
        label=_("지표"), queryset=Indicator.objects.order_by("code"), to_field_name="code", empty_label=_("고르세요")
    )
    period = MonthField(label=_("기간"), help_text=_("분기 자료는 분기의 마지막 달, 반기 자료는 6월이나 12월"))

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        self.names, self.rulebook = AreaNames.writable_by(scope), Rulebook()
        self.fields["area"].widget = Suggesting(self.names.labels())
        self.fields["area"].widget.attrs["required"] = True

    def clean_area(self) -> Area:
        try:
            return self.names.find(self.cleaned_data["area"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        indicator, period = facts.get("indicator"), facts.get("period")
        if indicator and period and (fault := self.rulebook.period_fault(indicator, period)):
            self.add_error("period", fault)
        return facts


class ValueForm(BaseForm):
    """The value of a chosen cell. `seen` is the row that was on the screen, so that nobody overwrites unseen."""

    value = forms.CharField(
        label=_("값"),
        max_length=40,
        help_text=_("음수는 △나 -를 앞에 붙이고, 값이 없으면(미제공·철회) ‘미제공’이라고 적습니다."),
    )
    unit = forms.ChoiceField(label=_("단위"))
    status = forms.ChoiceField(label=_("구분"), choices=ObservationStatus.choices)
    note = forms.CharField(label=_("비고"), max_length=NOTE_LENGTH, required=False)
    verified = forms.BooleanField(
        label=_("값이 맞음을 확인했습니다"),
        required=False,
        help_text=_("일 년 전보다 크게 달라진 값은 확인하고 비고에 확인한 내용을 적어야 산출에 쓰입니다."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, units: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        cast(forms.ChoiceField, self.fields["unit"]).choices = [(unit, unit) for unit in units]

    def look_again(self, seen: int) -> None:
        """Take the row now on the screen for seen: sent once more, the value is written over it knowingly."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = str(seen)
        self.data = data

    def clean_value(self) -> Decimal | None:
        try:
            value = cells.number(self.cleaned_data["value"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if fault := value_fault(value):
            raise forms.ValidationError(fault)
        return value

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("verified") and not facts.get("note"):
            self.add_error("note", _("무엇으로 확인했는지 비고에 적어 주세요."))
        return facts
