"""Forms of designations and growth strategies."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.tiers.enums import CancelGround, Support, TargetMeasure, Tier
from companies.tiers.forms.fields import day_field, every_sido, officers, sidos, text_field
from portal.directory.models import Organization, Region, User
from portal.directory.scope import Scope
from portal.kernel.forms import BaseForm


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
        fields["officer"].queryset = officers(scope)

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


class OfficerForm(BaseForm):
    """Another officer in charge."""

    officer = forms.ModelChoiceField(label=_("새 전담"), queryset=User.objects.none())

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["officer"].queryset = officers(scope)  # type: ignore[attr-defined]


class PartnerForm(BaseForm):
    """A region that takes part in a supra-regional firm."""

    region = forms.ModelChoiceField(label=_("함께하는 시·도"), queryset=Region.objects.none())
    start = day_field(_("언제부터"))
    end = day_field(_("언제까지(그날은 빼고)"), required=False)
    document = forms.CharField(label=_("협약·근거 문서"), max_length=200)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["region"].queryset = every_sido()  # type: ignore[attr-defined]


class PartnerEndForm(BaseForm):
    end = day_field(_("끝나는 날(이날부터 빠집니다)"))


class TargetForm(BaseForm):
    """A region's target of a tier."""

    region = forms.ModelChoiceField(label=_("시·도"), queryset=Region.objects.none())
    year = forms.IntegerField(label=_("언제까지(연도)"), min_value=2023, max_value=2100)
    tier = forms.ChoiceField(label=_("등급"), choices=Tier.choices)
    measure = forms.ChoiceField(label=_("세는 법"), choices=TargetMeasure.choices)
    count = forms.IntegerField(label=_("목표 기업 수"), min_value=0, max_value=1_000_000)
    source = forms.CharField(label=_("근거 문서"), max_length=200)
    note = text_field(_("비고"), required=False, rows=2)

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["region"].queryset = sidos(scope)  # type: ignore[attr-defined]
