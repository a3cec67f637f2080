"""Input of rounds, meetings and decisions: shape only, no decisions."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crisis.enums import ReasonCode, Stage
from crisis.models import Round
from network.models import Council, Meeting
from network.rules import Tally
from portal.directory.scope import Scope
from portal.kernel.forms import BaseForm, DateInput, MonthField


class RoundForm(BaseForm):
    reference_month = MonthField(label=_("기준월"), help_text=_("상반기는 5월, 하반기는 11월이 보통입니다."))
    cutoff = forms.DateField(
        label=_("자료 마감일"), widget=DateInput, help_text=_("이날 자정까지 알려진 자료만 공식 산출에 쓰입니다.")
    )


class MeetingForm(BaseForm):
    council = forms.ModelChoiceField(label=_("협의회"), queryset=Council.objects.none(), empty_label=None)
    held_on = forms.DateField(label=_("회의일"), widget=DateInput)
    place = forms.CharField(label=_("장소"), max_length=100, required=False)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        councils = Council.objects.visible_to(scope).select_related("organization")
        self.fields["council"].queryset = councils  # type: ignore[attr-defined]
        self.fields["held_on"].initial = timezone.localdate


class AttendanceForm(BaseForm):
    present = forms.MultipleChoiceField(label=_("출석 위원"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = [seat for seat in meeting.council.seats.in_force_on(meeting.held_on) if seat.votes]
        self.fields["present"].choices = [(seat.pk, str(seat)) for seat in seats]  # type: ignore[attr-defined]

    def clean_present(self) -> list[int]:
        return [int(value) for value in self.cleaned_data["present"]]


class TableRoundForm(BaseForm):
    round = forms.ModelChoiceField(
        label=_("상정할 회차"), queryset=Round.objects.none(), to_field_name="code", empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = Round.objects.evaluated()  # type: ignore[attr-defined]


class StageForm(BaseForm):
    stage = forms.ChoiceField(label=_("결정 단계"), choices=Stage.choices, widget=forms.RadioSelect)
    reason_code = forms.ChoiceField(
        label=_("사유 코드"),
        required=False,
        choices=[("", _("제안과 같으면 고르지 않습니다")), *ReasonCode.choices],
    )
    reason_text = forms.CharField(label=_("사유"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    field_survey = forms.CharField(
        label=_("현장조사 근거"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("두 단계를 바꾸거나 모형 단계가 없을 때 반드시 적습니다."),
    )


class VoteForm(BaseForm):
    votes_for = forms.IntegerField(label=_("찬성"), min_value=0, max_value=99)
    votes_against = forms.IntegerField(label=_("반대"), min_value=0, max_value=99, initial=0)
    abstentions = forms.IntegerField(label=_("기권"), min_value=0, max_value=99, initial=0)
    dissent = forms.CharField(label=_("소수 의견"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    @property
    def tally(self) -> Tally:
        data = self.cleaned_data
        return Tally(data["votes_for"], data["votes_against"], data["abstentions"])


class CloseForm(BaseForm):
    minutes = forms.CharField(label=_("회의록"), widget=forms.Textarea(attrs={"rows": 5}))


class WithdrawForm(BaseForm):
    reason = forms.CharField(label=_("거두는 사유"), max_length=300)
