"""Forms of tiers: shape and validity of input, no decisions."""

import json
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.tiers.enums import (
    NUMBER_FACTS,
    CancelGround,
    CaseKind,
    Fact,
    Opinion,
    Programme,
    Support,
    Tier,
)
from companies.tiers.models import CriteriaSet
from companies.tiers.services import Resolution
from portal.directory.enums import RegionLevel
from portal.directory.models import Organization, Region, User
from portal.directory.scope import Scope
from portal.kernel.forms import BaseForm, DateInput

Text = forms.Textarea(attrs={"rows": 4})


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


class RegionField(forms.ModelChoiceField):
    """A 시·도 of the reader's scope; empty (if allowed) is the whole country."""

    def __init__(self, *, scope: Scope, **more: Any) -> None:
        more.setdefault("label", _("시·도"))
        super().__init__(queryset=sidos(scope), **more)


class CriteriaField(forms.ModelChoiceField):
    def label_from_instance(self, criteria: CriteriaSet) -> str:  # type: ignore[override]
        mark = "" if criteria.state == "ADOPTED" else f" · {criteria.get_state_display()}"
        return f"{criteria.title} ({criteria.code}{mark})"


# --- cases -----------------------------------------------------------------------------------------------------------
class CaseForm(BaseForm):
    """Open a case by hand."""

    kind = forms.ChoiceField(label=_("심사 종류"), choices=[])
    region = forms.ModelChoiceField(label=_("관할 시·도"), queryset=Region.objects.none())
    criteria = CriteriaField(
        label=_("적용 기준"),
        queryset=CriteriaSet.objects.none(),
        required=False,
        help_text=_("신규 선정·승급은 기준의 등급을 심사합니다. 취소에는 없어도 됩니다."),
    )
    to_tier = forms.ChoiceField(
        label=_("하향할 등급"), required=False, help_text=_("하향에서만 씁니다. 비우면 한 단계 아래입니다.")
    )
    ground = forms.ChoiceField(label=_("취소 사유"), required=False, help_text=_("취소에서만 씁니다."))
    on = day_field(_("판정 기준일"))
    base_year = forms.IntegerField(
        label=_("기준 연도"), min_value=2000, max_value=2100, help_text=_("마지막으로 결산한 사업연도")
    )
    request_text = text_field(_("신청·제기 내용"), required=False)

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        none = [("", _("고르지 않음"))]
        fields["kind"].choices = [(kind, kind.label) for kind in CaseKind if kind != CaseKind.APPEAL]
        fields["region"].queryset = sidos(scope)
        today = timezone.localdate()
        fields["criteria"].queryset = CriteriaSet.objects.visible_to(scope).in_force_on(today).exclude(tier="")
        fields["to_tier"].choices = none + list(Tier.choices)
        fields["ground"].choices = none + list(CancelGround.choices)


class BareForm(BaseForm):
    """A deed that needs no words."""


class ReasonForm(BaseForm):
    reason = text_field(_("사유"))


class ReviewForm(BaseForm):
    opinion = forms.ChoiceField(label=_("검토 의견"), choices=Opinion.choices)
    text = text_field(_("검토 내용"), help_text=_("현장 확인, 자료 확인, 배제 사유 확인 결과를 적으세요."))


class HearingForm(BaseForm):
    on = day_field(_("의견청취일"))
    notice = forms.CharField(label=_("통지 문서"), max_length=200, help_text=_("문서번호와 날짜"))


class RecordForm(BaseForm):
    record = text_field(_("기업의 의견"), help_text=_("의견을 내지 않았으면 그 사실을 적으세요."))


class RejectForm(BaseForm):
    text = text_field(_("불승인 사유"))


class AppealForm(BaseForm):
    request_text = text_field(_("이의 내용"))


class ApproveForm(BaseForm):
    """The decision, and the council's resolution where there is one."""

    start = day_field(_("효력 시작일"))
    end = day_field(_("효력이 끝난 다음 날"), required=False, help_text=_("정하지 않으면 다음 결정까지입니다."))
    text = text_field(_("결정 사유"), required=False, help_text=_("기준 판정과 다르게 결정하면 꼭 적어야 합니다."))
    resolution_council = forms.CharField(label=_("의결한 협의회"), max_length=80, required=False)
    resolution_meeting = forms.CharField(label=_("회의 차수"), max_length=40, required=False)
    resolution_item = forms.CharField(label=_("안건"), max_length=120, required=False)
    resolution_on = day_field(_("의결일"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        parts = {name: data.get(f"resolution_{name}") for name in ("council", "item", "on")}
        if any(parts.values()):
            for name, value in parts.items():
                if not value and f"resolution_{name}" not in self.errors:
                    self.add_error(f"resolution_{name}", _("의결은 협의회, 안건, 의결일을 함께 적어 주세요."))
        return data

    @property
    def resolution(self) -> Resolution | None:
        data = self.cleaned_data
        if not data["resolution_council"]:
            return None
        return Resolution(
            council=data["resolution_council"],
            item=data["resolution_item"],
            on=data["resolution_on"],
            meeting=data["resolution_meeting"],
        )


class FactForm(BaseForm):
    """Something stated with a document."""

    code = forms.ChoiceField(label=_("항목"), choices=Fact.choices)
    flag = forms.ChoiceField(
        label=_("확인 결과"), required=False, choices=[("", _("고르지 않음")), ("yes", _("예")), ("no", _("아니오"))]
    )
    number = forms.DecimalField(label=_("값"), required=False, max_digits=18, decimal_places=4)
    start = day_field(_("언제부터"))
    end = day_field(_("언제까지(그날은 빼고)"), required=False)
    document = forms.CharField(label=_("확인 서류"), max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        numeric = data.get("code") in NUMBER_FACTS
        field = "number" if numeric else "flag"
        if data.get("code") and data.get(field) in (None, "") and field not in self.errors:
            self.add_error(field, _("이 항목의 값을 적어 주세요."))
        data["value"] = data.get("number") if numeric else data.get("flag") == "yes"
        return data


# --- criteria --------------------------------------------------------------------------------------------------------
class JsonField(forms.CharField):
    """JSON as text, told where it breaks."""

    widget = forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "p-code"})

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise forms.ValidationError(
                _("%(line)s번째 줄 %(column)s번째 글자에서 JSON을 읽을 수 없습니다."),
                params={"line": error.lineno, "column": error.colno},
            ) from error


class CriteriaForm(BaseForm):
    code = forms.SlugField(label=_("기준 번호"), max_length=60, help_text=_("예: jeonbuk-2027-potential-1"))
    title = forms.CharField(label=_("이름"), max_length=120)
    programme = forms.ChoiceField(label=_("사업"), choices=Programme.choices)
    tier = forms.ChoiceField(label=_("등급"), choices=Tier.choices)
    region = forms.ModelChoiceField(
        label=_("시·도"), queryset=Region.objects.none(), required=False, empty_label=_("전국")
    )
    start = day_field(_("적용 시작일"))
    end = day_field(_("적용이 끝난 다음 날"), required=False)
    term_years = forms.IntegerField(label=_("등급 유효 기간(년)"), min_value=1, max_value=10, required=False)
    needs_resolution = forms.BooleanField(label=_("지원협의회 의결을 거침"), required=False)
    body = JsonField(label=_("조건(JSON)"))
    source = forms.CharField(label=_("출처"), max_length=200, required=False)
    note = text_field(_("비고"), required=False, rows=2)

    def __init__(self, *args: Any, scope: Scope, editing: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["region"].queryset = sidos(scope)
        if not scope.nationwide:
            fields["region"].required, fields["region"].empty_label = True, _("고르세요")
        if editing:
            del fields["code"]
            fields["seen"] = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] <= data["start"]:
            self.add_error("end", _("적용 시작일보다 늦어야 합니다."))
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


# --- designations and strategies ------------------------------------------------------------------------------------
class DesignationForm(BaseForm):
    region = forms.ModelChoiceField(label=_("선정 시·도"), queryset=Region.objects.none())
    start = day_field(_("유효 기간 시작일"), help_text=_("유효 기간은 3년입니다."))
    notice = forms.CharField(label=_("선정 고시"), max_length=120)
    evaluation = forms.CharField(label=_("평가·검증 근거"), max_length=200)
    reason = text_field(_("선정 사유"))

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["region"].queryset = sidos(scope).filter(Q(capital_area=False))  # type: ignore[attr-defined]


class ExtendForm(BaseForm):
    until = day_field(_("연장 기간이 끝난 다음 날"))
    document = forms.CharField(label=_("재평가 근거"), max_length=200)


class CancelForm(BaseForm):
    on = day_field(_("취소일"))
    ground = forms.ChoiceField(label=_("사유 구분"), choices=CancelGround.choices)
    reason = text_field(_("취소 사유"))
    hearing_record = text_field(
        _("기업의 의견"), help_text=_("취소에 앞서 들은 의견. 내지 않았으면 그 사실을 적으세요.")
    )


class ReturnForm(BaseForm):
    on = day_field(_("선정서 반납일"))


class ReportForm(BaseForm):
    difficulties = text_field(_("애로사항"), required=False)
    demands = text_field(_("지원 수요"), required=False)
    results = text_field(_("지원 실적과 성과"))
    council = forms.CharField(label=_("보고한 협의회·회의"), max_length=120)


class StrategyForm(BaseForm):
    region = forms.ModelChoiceField(label=_("관할 시·도"), queryset=Region.objects.none())
    tier = forms.ChoiceField(label=_("등급"), choices=Tier.choices)
    officer = forms.ModelChoiceField(label=_("전담"), queryset=User.objects.none())
    goal = text_field(_("목표"))
    diagnosis = text_field(_("진단"), required=False)
    start = day_field(_("시작일"))
    end = day_field(_("끝나는 날"))

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["region"].queryset = sidos(scope)
        fields["officer"].queryset = User.objects.visible_to(scope).filter(is_active=True).order_by("name", "login_id")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if isinstance(start, date) and isinstance(end, date) and end < start:
            self.add_error("end", _("시작일보다 빠를 수 없습니다."))
        return data


class StepForm(BaseForm):
    support = forms.ChoiceField(label=_("지원 종류"), choices=Support.choices)
    title = forms.CharField(label=_("내용"), max_length=160)
    agency = forms.ModelChoiceField(label=_("지원 기관"), queryset=Organization.objects.none(), required=False)
    due_on = day_field(_("기한"))

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["agency"].queryset = Organization.objects.visible_to(scope)  # type: ignore[attr-defined]


class CloseStepForm(BaseForm):
    outcome = forms.ChoiceField(label=_("어떻게 됐나요"), choices=[("done", _("완료")), ("dropped", _("취소"))])
    on = day_field(_("날짜"))
    result = text_field(_("결과"))


class ResultForm(BaseForm):
    result = text_field(_("결과"))
