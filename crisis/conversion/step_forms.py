"""What each step of a diagnosis, a plan or a milestone asks."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crisis.conversion.enums import Channel, EditionState, Recommendation, Referral
from crisis.conversion.forms import MemberChoice, day, long, share
from crisis.conversion.models import Centre, Diagnosis, PlanGoal, ScoreItem
from crisis.conversion.selectors.managers import candidates
from crisis.conversion.services.common import lead_of, seat_of
from portal.directory.models import User
from portal.kernel.forms import BaseForm


class RowForm(BaseForm):
    """A form about a row, given as `initial["row"]`."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.row: Any = self.initial.pop("row")
        self.adapt()

    def adapt(self) -> None:
        """Fit the fields to the row."""


class SureForm(RowForm):
    """Nothing but the version its writer had before their eyes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReasonForm(SureForm):
    reason = long(_("사유"))


class CommentForm(SureForm):
    comment = long(_("보완할 점"))


class BeginForm(SureForm):
    begun_on = day(_("진단 시작일"), today=True)
    examiner = forms.CharField(label=_("진단 담당"), max_length=60)
    centre = forms.ModelChoiceField(Centre.objects.none(), label=_("구조혁신지원센터"), required=False)

    def adapt(self) -> None:
        field: Any = self.fields["centre"]
        field.queryset = Centre.objects.in_force_on(timezone.localdate())
        field.initial = self.row.centre_id


class FinishForm(SureForm):
    finished_on = day(_("진단 완료일"), today=True)
    recommendation = forms.ChoiceField(label=_("권고"), choices=Recommendation)
    findings = long(_("진단 결과"), rows=6)

    def adapt(self) -> None:
        diagnosis: Diagnosis = self.row
        items = ScoreItem.objects.in_force_on(timezone.localdate()).filter(subject__in=diagnosis.subjects)
        for item in items:
            label = _now("%(subject)s – %(name)s (%(most)s점)") % {
                "subject": item.get_subject_display(), "name": item.name, "most": item.most,
            }  # fmt: skip
            self.fields[f"score_{item.pk}"] = forms.DecimalField(
                label=label, required=False, min_value=Decimal(0), max_value=Decimal(item.most), decimal_places=1
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        scores = {int(name[6:]): points for name, points in given.items() if name.startswith("score_")}
        return {name: value for name, value in given.items() if not name.startswith("score_")} | {"scores": scores}


class ReferForm(SureForm):
    referral = forms.ChoiceField(label=_("연계"), choices=Referral, widget=forms.RadioSelect)
    note = long(_("연계 내용"), required=False, rows=2, help_text=_("이어 주는 지원의 이름, 또는 잇지 않는 까닭"))


class ApproveForm(SureForm):
    approval_number = forms.CharField(label=_("승인 번호"), max_length=60)
    decided_on = day(_("승인일"), today=True)
    reason = long(_("승인 의견"), required=False)


class RefuseForm(SureForm):
    decided_on = day(_("결정일"), today=True)
    reason = long(_("승인하지 않는 사유"))


class CancelForm(SureForm):
    on = day(_("승인 취소일"), today=True)
    reason = long(_("취소 사유"))


class LeaveForm(SureForm):
    member = MemberChoice(label=_("빠지는 기업"))
    on = day(_("빠지는 날"), today=True)
    reason = long(_("사유"), rows=3)
    new_lead = MemberChoice(label=_("새 대표기업"), required=False, help_text=_("대표기업이 빠질 때만 고릅니다."))

    def adapt(self) -> None:
        for name in ("member", "new_lead"):
            self.fields[name].queryset = self.row.members.filter(left_on=None).select_related("company")  # type: ignore[attr-defined]


class ManagerForm(SureForm):
    manager = forms.ModelChoiceField(User.objects.none(), label=_("전담매니저"))
    on = day(_("맡는 날"), today=True)
    note = long(_("인계 내용"), required=False, rows=3, help_text=_("매니저를 바꿀 때 다음 사람에게 넘길 내용"))

    def adapt(self) -> None:
        field: Any = self.fields["manager"]
        field.queryset = candidates(seat_of(lead_of(self.row)), timezone.localdate())


class ContactForm(RowForm):
    on = day(_("접촉일"), today=True)
    channel = forms.ChoiceField(label=_("방법"), choices=Channel)
    text = long(_("내용"))


class CompletionForm(SureForm):
    outcome = long(_("추진 결과"), rows=6)

    def adapt(self) -> None:
        rows = PlanGoal.objects.filter(edition__plan=self.row, edition__state=EditionState.APPROVED)
        for goal in rows:
            label = _now("%(goal)s 실적(%%) – 목표 %(target)s%%") % {"goal": goal, "target": goal.target.normalize()}
            self.fields[goal.measure] = share(label, required=True)
            self.fields[goal.measure].initial = goal.result
        completion = getattr(self.row, "completion", None)
        if completion is not None:
            self.fields["outcome"].initial = completion.outcome

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or self.cleaned_data)
        own = {name: given.pop(name) for name in ("outcome", "seen") if name in given}
        return own | {"results": given}


class ApproveCompletionForm(SureForm):
    decided_on = day(_("완료 승인일"), today=True)
    opinion = long(_("평가 의견"), required=False)


class FollowUpForm(RowForm):
    continuing = forms.TypedChoiceField(
        label=_("새 사업"), choices=[("1", _("계속하고 있음")), ("0", _("그만둠"))], coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )  # fmt: skip
    sales_share = share(_("매출 비중(%)"))
    employee_share = share(_("상시근로자 비중(%)"))
    text = long(_("점검 내용"))


class ReportForm(SureForm):
    result = long(_("추진 실적"), rows=5)

    def adapt(self) -> None:
        self.fields["result"].initial = self.row.result
