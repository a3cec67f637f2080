"""Forms about one firm's tier: open a case, review it, hear the firm, decide; state a fact."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.tiers.enums import NUMBER_FACTS, CancelGround, CaseKind, Fact, Opinion, Tier
from companies.tiers.forms.fields import CriteriaField, day_field, sidos, text_field
from companies.tiers.models import CriteriaSet
from companies.tiers.services import Resolution
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.kernel.forms import BaseForm


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
