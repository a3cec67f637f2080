"""Forms of criteria sets and of screenings by them."""

import json
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.surveys.models import RegionalIndustry
from companies.tiers.enums import Programme, Tier
from companies.tiers.forms.fields import CriteriaField, day_field, sidos, text_field
from companies.tiers.models import CriteriaSet
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.kernel.forms import BaseForm


class JsonField(forms.CharField):
    """JSON as text, told where it breaks."""

    widget = forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "p-code"})

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str | None) else json.dumps(value, ensure_ascii=False, indent=2)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise forms.ValidationError(
                _("%(line)s번째 줄 %(column)s번째 글자에서 JSON을 읽을 수 없습니다."),
                params={"line": error.lineno, "column": error.colno},
            ) from error


class CodesField(forms.CharField):
    """KSIC codes, apart by commas or blanks."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else ", ".join(value)

    def to_python(self, value: Any) -> Any:
        return [code for code in re.split(r"[\s,]+", super().to_python(value) or "") if code]


class IndustryField(forms.ModelChoiceField):
    """Main and future industries, by the regions they belong to."""

    def __init__(self, **more: Any) -> None:
        rows = RegionalIndustry.objects.prefetch_related("places__region").order_by("code")
        super().__init__(queryset=rows, required=False, empty_label=_("모든 산업"), **more)

    def label_from_instance(self, industry: RegionalIndustry) -> str:  # type: ignore[override]
        places = "·".join(place.region.short_name_ko for place in industry.places.all())
        mark = _("(잠정)") if industry.provisional else ""
        return f"{places} – {industry.name_ko} [{industry.get_kind_display()}]{mark}"


class CriteriaForm(BaseForm):
    code = forms.SlugField(label=_("기준 번호"), max_length=60, help_text=_("예: jeonbuk-2027-potential-1"))
    title = forms.CharField(label=_("이름"), max_length=120)
    programme = forms.ChoiceField(label=_("사업"), choices=Programme.choices)
    tier = forms.ChoiceField(label=_("등급"), choices=Tier.choices)
    region = forms.ModelChoiceField(
        label=_("시·도"), queryset=Region.objects.none(), required=False, empty_label=_("전국")
    )
    industry = IndustryField(label=_("산업"), help_text=_("주축산업이나 미래 신산업 하나에만 쓰는 기준이면 고르세요."))
    industry_codes = CodesField(
        label=_("산업의 표준산업분류 코드"),
        required=False,
        help_text=_("예: 2630, 291. 적은 숫자로 시작하는 업종이 모두 듭니다. 비우면 등록된 코드를 씁니다."),
    )
    start = day_field(_("적용 시작일"))
    end = day_field(_("적용이 끝난 다음 날"), required=False)
    term_years = forms.IntegerField(label=_("등급 유효 기간(년)"), min_value=1, max_value=10, required=False)
    needs_resolution = forms.BooleanField(label=_("지원협의회 의결을 거침"), required=False)
    body = JsonField(
        label=_("조건 원문(JSON)"), required=False, help_text=_("비우면 조건은 다음 화면에서 하나씩 고릅니다.")
    )
    source = forms.CharField(label=_("출처"), max_length=200, required=False)
    note = text_field(_("비고"), required=False, rows=2)

    def __init__(self, *args: Any, scope: Scope, editing: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["region"].queryset = sidos(scope)
        if not scope.nationwide:
            fields["region"].required, fields["region"].empty_label = True, _("고르세요")
        if editing:  # its conditions have a page of their own
            del fields["code"], fields["body"]
            fields["seen"] = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] <= data["start"]:
            self.add_error("end", _("적용 시작일보다 늦어야 합니다."))
        industry = data.get("industry")
        if industry is not None and not data.get("industry_codes"):
            data["industry_codes"] = list(industry.codes.values_list("ksic__code", flat=True))
        return data


class AdoptForm(BaseForm):
    document = forms.CharField(label=_("근거 문서"), max_length=200)
    start = day_field(_("적용 시작일"))
    end = day_field(_("적용이 끝난 다음 날"), required=False)


class RetireForm(BaseForm):
    end = day_field(_("폐지일"), help_text=_("이날부터 쓰지 않습니다."))
    reason = forms.CharField(label=_("사유"), max_length=200)


class CompareForm(BaseForm):
    a = CriteriaField(label=_("기준 가"), queryset=CriteriaSet.objects.none(), to_field_name="code")
    b = CriteriaField(label=_("기준 나"), queryset=CriteriaSet.objects.none(), to_field_name="code")

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("a", "b"):
            self.fields[name].queryset = CriteriaSet.objects.visible_to(scope)  # type: ignore[attr-defined]


class ScreeningForm(BaseForm):
    """Which criteria over which region, on which day."""

    criteria = CriteriaField(label=_("기준"), queryset=CriteriaSet.objects.none(), to_field_name="code")
    compared_with = CriteriaField(
        label=_("견줄 기준"),
        queryset=CriteriaSet.objects.none(),
        to_field_name="code",
        required=False,
        help_text=_("비우면 지금 그 등급인 기업과 견줍니다."),
    )
    region = forms.ModelChoiceField(label=_("시·도"), queryset=Region.objects.none(), required=False)
    on = day_field(_("판정 기준일"))
    base_year = forms.IntegerField(label=_("기준 연도"), min_value=2000, max_value=2100)

    def __init__(self, *args: Any, scope: Scope, what_if: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        rows = CriteriaSet.objects.visible_to(scope).exclude(tier="").order_by("tier", "code")
        fields["criteria"].queryset = rows if what_if else rows.adopted()
        fields["compared_with"].queryset = rows
        fields["region"].queryset = sidos(scope)
        fields["region"].required = not scope.nationwide
        fields["region"].empty_label = _("전국") if scope.nationwide else _("고르세요")
        if not what_if:
            del fields["compared_with"]
