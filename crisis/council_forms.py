"""Input of rounds, meetings and decisions: shape only, no decisions."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crisis.enums import AreaLevel, FloorKind, ReasonCode, Stage
from crisis.models import Area, Result, Round
from network.enums import BallotChoice, RecusalKind, SeatPosition
from network.models import Council, Meeting, Seat
from network.papers import ACCEPTED
from network.rules import Tally, Vote
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


class BallotForm(BaseForm):
    """The vote by name: a choice and, if wanted, an opinion of every member who may vote, and what was said."""

    minutes = forms.CharField(
        label=_("심의 요지"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("무엇을 논의해 어떻게 정했는지 적습니다. 결정 보관본에 그대로 남습니다."),
    )

    def __init__(self, *args: Any, voters: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.voters = voters
        for seat in voters:
            label = _("%(name)s 표결") % {"name": seat.name}
            self.fields[f"choice_{seat.pk}"] = forms.ChoiceField(
                label=label,
                choices=BallotChoice.choices,
                initial=BallotChoice.FOR,
                widget=forms.Select(attrs={"aria-label": label}),
            )
            opinion = _("%(name)s 소수 의견") % {"name": seat.name}
            self.fields[f"dissent_{seat.pk}"] = forms.CharField(
                label=opinion, required=False, max_length=2000, widget=forms.TextInput(attrs={"aria-label": opinion})
            )

    @property
    def rows(self) -> list[tuple[Seat, forms.BoundField, forms.BoundField]]:
        return [(seat, self[f"choice_{seat.pk}"], self[f"dissent_{seat.pk}"]) for seat in self.voters]

    @property
    def votes(self) -> list[Vote]:
        data = self.cleaned_data
        return [Vote(seat.pk, data[f"choice_{seat.pk}"], data[f"dissent_{seat.pk}"]) for seat in self.voters]


class RecusalForm(BaseForm):
    seat = forms.ModelChoiceField(label=_("위원"), queryset=Seat.objects.none())
    kind = forms.ChoiceField(label=_("구분"), choices=RecusalKind.choices)
    reason = forms.CharField(label=_("사유"), max_length=300)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = meeting.council.seats.in_force_on(meeting.held_on).exclude(position=SeatPosition.SECRETARY)
        self.fields["seat"].queryset = seats  # type: ignore[attr-defined]


class CloseForm(BaseForm):
    minutes = forms.CharField(label=_("회의록"), widget=forms.Textarea(attrs={"rows": 5}))


class MinutesForm(BaseForm):
    minutes = forms.CharField(label=_("회의록"), widget=forms.Textarea(attrs={"rows": 12}))
    file = forms.FileField(
        label=_("서명한 회의록 파일"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("PDF, 한글, 그림 파일. 승인하면 파일의 해시가 보관본에 남습니다."),
    )


class FieldCaseForm(BaseForm):
    """An area whose data allow no stage, put before the council on field evidence."""

    area = forms.ModelChoiceField(label=_("지역"), queryset=Result.objects.none())
    stage = forms.ChoiceField(label=_("결정안"), choices=Stage.choices, widget=forms.RadioSelect)
    reason_code = forms.ChoiceField(
        label=_("사유 코드"), choices=ReasonCode.choices, initial=ReasonCode.NO_DATA_FIELD_EVIDENCE
    )
    reason_text = forms.CharField(label=_("사유"), widget=forms.Textarea(attrs={"rows": 3}))
    field_survey = forms.CharField(
        label=_("현장조사 근거"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("언제 누가 어디를 조사했고 무엇을 확인했는지 적습니다."),
    )

    def __init__(self, *args: Any, areas: QuerySet[Result], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["area"])
        field.queryset = areas
        field.label_from_instance = lambda obj: f"{obj.run.round} · {obj.area.name}"  # type: ignore[assignment,method-assign]


class CorrectionForm(StageForm):
    meeting = forms.ModelChoiceField(label=_("상정할 회의"), queryset=Meeting.objects.none(), empty_label=None)
    start = forms.DateField(
        label=_("정정 적용일"),
        widget=DateInput,
        help_text=_("그 결정이 적용되기 시작한 날이면 처음부터, 뒤의 날이면 그날부터 정정됩니다."),
    )
    correction_reason = forms.CharField(
        label=_("정정 사유"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("무엇이 잘못되었고 어떻게 확인했는지 적습니다."),
    )
    field_order = ("meeting", "stage", "start", "correction_reason")

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]


class FloorForm(BaseForm):
    area = forms.ModelChoiceField(
        label=_("지역"),
        queryset=Area.objects.none(),
        to_field_name="code",
        empty_label=_("고르세요"),
        error_messages={"invalid_choice": _("없거나 관할 밖의 지역입니다. 목록에서 골라 주세요.")},
    )
    kind = forms.ChoiceField(label=_("사유"), choices=FloorKind.choices)
    stage = forms.ChoiceField(
        label=_("하한 단계"),
        required=False,
        choices=[("", _("주요 기업 이탈은 비중으로 정해집니다")), *Stage.choices[1:]],
    )
    share = forms.DecimalField(
        label=_("지역 고용에서 차지하는 비중(%)"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=_("주요 기업 이탈·감축일 때만. 10% 이상이면 주의, 30% 이상이면 심각이 하한입니다(정책 기본값)."),
    )
    start = forms.DateField(label=_("시작일"), widget=DateInput)
    end = forms.DateField(
        label=_("끝나는 날"),
        widget=DateInput,
        required=False,
        help_text=_("정해져 있을 때만. 그날부터 적용되지 않습니다."),
    )
    evidence = forms.CharField(
        label=_("근거"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("언제 무슨 일이 있었고 어느 자료로 확인되는지 적습니다."),
    )
    file = forms.FileField(label=_("근거 파일"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPTED}))

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["area"])
        own = Area.objects.writable_by(scope).in_force_on(timezone.localdate())
        field.queryset = own.of_level(AreaLevel.SIGUNGU, AreaLevel.CLUSTER).order_by("code")
        field.label_from_instance = lambda obj: f"{obj.name} ({obj.code})"  # type: ignore[assignment,method-assign]


class EndFloorForm(BaseForm):
    on = forms.DateField(
        label=_("적용이 끝나는 날"),
        widget=DateInput,
        help_text=_("이날부터 적용되지 않습니다. 시작일이나 그 앞의 날을 적으면 잘못 등록한 것으로 취소됩니다."),
    )
    reason = forms.CharField(label=_("사유"), widget=forms.Textarea(attrs={"rows": 3}))


class KeepForm(BaseForm):
    reason = forms.CharField(
        label=_("결정을 유지하는 사유"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("바뀐 자료를 어떻게 확인했고 왜 결정을 바꾸지 않는지 적습니다."),
    )


class WithdrawForm(BaseForm):
    reason = forms.CharField(label=_("거두는 사유"), max_length=300)
