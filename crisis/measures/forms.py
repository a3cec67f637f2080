"""Shape and validity of input."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crisis.measures.enums import MeasureKind, StatusCode
from crisis.measures.models import PreferentialMeasure
from portal.directory.enums import RegionLevel
from portal.directory.models import Organization, Region
from portal.directory.scope import Scope
from portal.kernel.forms import BaseForm, DateInput

MOST_TYPED = 100


def measure_choices() -> list[tuple[str, Any]]:
    """(code, name) of every measure, its newest name."""
    return [
        ("", _("모든 제도")),
        *dict(PreferentialMeasure.objects.order_by("code", "effective").values_list("code", "name_ko")).items(),
    ]


class AskForm(BaseForm):
    """Business numbers, a day, and as known when."""

    numbers = forms.CharField(
        label=_("사업자등록번호"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("한 줄에 하나씩 100개까지. 엑셀의 열을 그대로 붙여 넣을 수 있습니다."),
    )
    day = forms.DateField(label=_("확인할 날"), widget=DateInput)
    measure = forms.ChoiceField(label=_("우대 제도"), required=False, choices=measure_choices)
    known = forms.DateField(
        label=_("이날까지 알려진 대로"), required=False, widget=DateInput,
        help_text=_("비우면 지금까지 정정된 내용으로 답합니다."),
    )  # fmt: skip

    def clean_numbers(self) -> list[str]:
        written = [re.sub(r"\D", "", part) for part in self.cleaned_data["numbers"].split()]
        found = list(dict.fromkeys(filter(None, written)))
        if wrong := [number for number in found if len(number) != 10 or not number.isascii()]:
            raise ValidationError(_now("10자리가 아닌 번호가 있습니다: %s") % ", ".join(wrong[:10]))
        if not found:
            raise ValidationError(_now("사업자등록번호를 적어 주세요."))
        if len(found) > MOST_TYPED:
            raise ValidationError(_now("화면에서는 100개까지 물을 수 있습니다. 더 많으면 API를 써 주세요."))
        return found


class AreasFilter(BaseForm):
    """Which entitled areas to list."""

    on = forms.DateField(label=_("기준일"), required=False, widget=DateInput)
    region = forms.ChoiceField(label=_("시·도"), required=False)
    measure = forms.ChoiceField(label=_("우대 제도"), required=False, choices=measure_choices)
    status = forms.ChoiceField(label=_("단계·지정"), required=False, choices=[("", _("전체")), *StatusCode.choices])
    known = forms.DateField(label=_("이날까지 알려진 대로"), required=False, widget=DateInput)

    def __init__(self, data: Any, *, scope: Scope, everywhere: bool) -> None:
        super().__init__(data)
        provinces = Region.objects.of_level(RegionLevel.SIDO)
        if not everywhere:
            provinces = provinces.visible_to(scope)
        choices = [(region.code, region.name) for region in provinces.order_by("code")]
        self.fields["region"].choices = [("", _("전체")), *choices]  # type: ignore[attr-defined]


class MeasureForm(BaseForm):
    """The terms of a measure from a day on."""

    code = forms.RegexField(
        label=_("제도 코드"), regex=r"^[A-Z][A-Z0-9-]{1,23}$", help_text=_("영문 대문자와 숫자, 붙임표. 예: KOSME-LEAP")
    )
    start = forms.DateField(label=_("이날부터"), widget=DateInput)
    kind = forms.ChoiceField(label=_("구분"), choices=MeasureKind.choices)
    name_ko = forms.CharField(label=_("이름"), max_length=80)
    name_en = forms.CharField(label=_("영문 이름"), max_length=120, required=False)
    provider_name = forms.CharField(label=_("운영 기관"), max_length=80)
    benefit = forms.CharField(label=_("우대 내용"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    basis = forms.CharField(label=_("근거"), max_length=300)
    statuses = forms.MultipleChoiceField(
        label=_("대상이 되는 단계·지정"), choices=StatusCode.choices, widget=forms.CheckboxSelectMultiple
    )
    lag_before_days = forms.IntegerField(
        label=_("시작 유예(일)"),
        min_value=0,
        max_value=3650,
        initial=0,
        help_text=_("단계·지정이 시작하고 이만큼 지나야 대상이 됩니다."),
    )
    lag_after_days = forms.IntegerField(
        label=_("종료 뒤 유지(일)"),
        min_value=0,
        max_value=3650,
        initial=0,
        help_text=_("단계·지정이 끝난 뒤에도 이만큼은 대상입니다."),
    )
    outside_capital = forms.BooleanField(label=_("비수도권만"), required=False)
    provisional = forms.BooleanField(label=_("잠정(공식 조건을 확인하지 못함)"), required=False)
    note = forms.CharField(label=_("비고"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    FACTS = (
        "kind", "name_ko", "name_en", "provider_name", "benefit", "basis", "statuses", "lag_before_days",
        "lag_after_days", "outside_capital", "provisional", "note",
    )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        found = {name: self.cleaned_data[name] for name in self.FACTS}
        name = found["provider_name"].strip()
        body = Organization.objects.filter(Q(name_ko=name) | Q(short_name_ko=name)).order_by("code").first()
        return found | {"provider": body, "provider_name": name}


class EndForm(BaseForm):
    end = forms.DateField(label=_("이날부터 대상이 아님"), widget=DateInput)
    reason = forms.CharField(label=_("사유"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
