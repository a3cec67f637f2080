"""Input of validation: shape only, no decisions."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisis.enums import AreaLevel, RoundState, Stage
from crisis.models import Area, Round, RuleSet
from crisis.services.area_names import AreaNames
from crisis.validation.enums import CalibrationSource, EventKind, RatingReason
from crisis.validation.models import Panel
from crisis.validation.rules.levels import Level
from portal.directory.enums import RegionLevel
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.intake import cells
from portal.kernel.forms import BaseForm, DateInput

MOST_LEVELS = 7


class DeleteForm(BaseForm):
    """Why a draft is thrown away, and the draft as its reader saw it."""

    reason = forms.CharField(
        label=gettext_lazy("지우는 사유"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def clean_seen(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError as error:
            raise forms.ValidationError(_("화면을 새로 열어 다시 해 주세요.")) from error


class ApproveForm(BaseForm):
    """The paper and the day."""

    start = forms.DateField(
        label=gettext_lazy("적용 시작일"),
        widget=DateInput,
        help_text=gettext_lazy("이미 산출한 회차의 기준월보다 뒤여야 합니다. 지난 판정은 바뀌지 않습니다."),
    )
    number = forms.CharField(label=gettext_lazy("문서 번호"), max_length=60)
    title = forms.CharField(label=gettext_lazy("문서 제목"), max_length=120)
    file = forms.FileField(
        label=gettext_lazy("승인 문서 파일"), help_text=gettext_lazy("PDF, HWPX 등. 올린 그대로 보관합니다.")
    )


class ImportForm(BaseForm):
    """A rule set as a JSON file."""

    title = forms.CharField(label=gettext_lazy("이름"), max_length=120)
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("판정 단위"), choices=AreaLevel.choices, widget=forms.CheckboxSelectMultiple
    )
    file = forms.FileField(label=gettext_lazy("판정 기준 JSON"), widget=forms.FileInput(attrs={"accept": ".json"}))


class CompareForm(BaseForm):
    """Two rule sets."""

    a = forms.ModelChoiceField(
        label=gettext_lazy("앞의 기준"), queryset=RuleSet.objects.none(), to_field_name="version", empty_label=None
    )
    b = forms.ModelChoiceField(
        label=gettext_lazy("뒤의 기준"), queryset=RuleSet.objects.none(), to_field_name="version", empty_label=None
    )

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("a", "b"):
            self.fields[name].queryset = RuleSet.objects.visible_to(scope)  # type: ignore[attr-defined]


def _level_choices(rule_set: RuleSet) -> list[tuple[str, Any]]:
    """The decided levels first, the nation never: a back-test needs more than one area."""
    order = [AreaLevel.SIGUNGU, AreaLevel.CLUSTER, AreaLevel.SIDO]
    return [(str(level), level.label) for level in order if level in rule_set.levels]


class CalibrationForm(BaseForm):
    """Which past rounds, which areas, how round."""

    source = forms.ChoiceField(
        label=gettext_lazy("값의 출처"), choices=CalibrationSource.choices, widget=forms.RadioSelect,
        initial=CalibrationSource.STORED,
        help_text=gettext_lazy("λ, k, 견주는 기간을 바꾼 초안은 다시 계산해야 그 초안의 값이 됩니다."),
    )  # fmt: skip
    level = forms.ChoiceField(label=gettext_lazy("판정 단위"))
    first_round = forms.ModelChoiceField(
        label=gettext_lazy("첫 회차"), queryset=Round.objects.none(), to_field_name="code", empty_label=None
    )
    last_round = forms.ModelChoiceField(
        label=gettext_lazy("마지막 회차"), queryset=Round.objects.none(), to_field_name="code", empty_label=None
    )
    step = forms.DecimalField(
        label=gettext_lazy("반올림 단위"), min_value=0.001, max_digits=6, decimal_places=3, initial="0.5",
        help_text=gettext_lazy("기준점을 이 단위로 맞춥니다. 예: 0.5"),
    )  # fmt: skip

    def __init__(self, *args: Any, rule_set: RuleSet, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["level"].choices = _level_choices(rule_set)  # type: ignore[attr-defined]
        judged = Round.objects.filter(state=RoundState.EVALUATED).order_by("reference_month")
        codes = list(judged.values_list("code", flat=True))
        for name, code in (("first_round", codes[0] if codes else ""), ("last_round", codes[-1] if codes else "")):
            self.fields[name].queryset = judged  # type: ignore[attr-defined]
            self.fields[name].initial = code


class BackTestForm(BaseForm):
    """On what, and which rounds are measured."""

    panel = forms.ModelChoiceField(
        label=gettext_lazy("자료"), queryset=Panel.objects.none(), required=False,
        empty_label=gettext_lazy("포털의 지난 회차"),
        help_text=gettext_lazy("포털 자료의 정답은 다른 부처의 지정과 확인된 폐쇄·감원입니다."),
    )  # fmt: skip
    level = forms.ChoiceField(
        label=gettext_lazy("판정 단위"), required=False,
        help_text=gettext_lazy("검증 자료를 고르면 그 자료의 단위를 씁니다."),
    )  # fmt: skip
    first_round = forms.CharField(
        label=gettext_lazy("재는 첫 회차"), max_length=20, required=False,
        help_text=gettext_lazy("비우면 처음부터. 기준점을 정한 회차 뒤를 적으면 표본 밖의 수치가 됩니다."),
    )  # fmt: skip
    last_round = forms.CharField(label=gettext_lazy("재는 마지막 회차"), max_length=20, required=False)
    horizon = forms.IntegerField(
        label=gettext_lazy("내다보는 기간(개월)"), min_value=1, max_value=60, initial=12,
        help_text=gettext_lazy("포털 자료에만 씁니다. 검증 자료에는 정답이 들어 있습니다."),
    )  # fmt: skip

    def __init__(self, *args: Any, rule_set: RuleSet, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["panel"].queryset = Panel.objects.visible_to(scope)  # type: ignore[attr-defined]
        self.fields["level"].choices = _level_choices(rule_set)  # type: ignore[attr-defined]


class PanelForm(BaseForm):
    """The files of a panel."""

    title = forms.CharField(label=gettext_lazy("이름"), max_length=120)
    source = forms.CharField(label=gettext_lazy("출처"), max_length=200)
    level = forms.ChoiceField(label=gettext_lazy("판정 단위"), choices=AreaLevel.choices, initial=AreaLevel.SIGUNGU)
    areas = forms.FileField(label=gettext_lazy("지역"), help_text="area, parent, level")
    observations = forms.FileField(
        label=gettext_lazy("관측값"),
        help_text="area, indicator, period, value, known_at, status[, unit, seq, verified, batch]",
    )
    rounds = forms.FileField(label=gettext_lazy("회차"), help_text="round, reference_month, cutoff")
    labels = forms.FileField(
        label=gettext_lazy("정답"), help_text=gettext_lazy("round, area, y(1 위기, 0 아님, 빈칸 모름)[, in_crisis_now]")
    )
    episodes = forms.FileField(
        label=gettext_lazy("위기 기간"),
        required=False,
        help_text=gettext_lazy("area, onset, end. 선행 기간을 재는 데 씁니다."),
    )


class RatingForm(BaseForm):
    """Useful or not, and why."""

    useful = forms.ChoiceField(
        label=gettext_lazy("이 경보는"), widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("유용했습니다")), ("no", gettext_lazy("유용하지 않았습니다"))],
    )  # fmt: skip
    reason = forms.ChoiceField(label=gettext_lazy("사유"), choices=RatingReason.choices)
    note = forms.CharField(label=gettext_lazy("비고"), max_length=300, required=False)


class IncidentForm(BaseForm):
    """What happened, where, when, and how it is known."""

    area = forms.CharField(
        label=gettext_lazy("지역"), max_length=120, help_text=gettext_lazy("지역코드나 이름. 예: 경상남도 거제시")
    )
    kind = forms.ChoiceField(label=gettext_lazy("종류"), choices=EventKind.choices)
    occurred_on = forms.DateField(label=gettext_lazy("일어난 날"), widget=DateInput)
    title = forms.CharField(label=gettext_lazy("내용"), max_length=120)
    workers = forms.IntegerField(label=gettext_lazy("영향받은 종사자(명)"), min_value=0, required=False)
    source = forms.CharField(label=gettext_lazy("근거"), max_length=200, help_text=gettext_lazy("문서 번호, 보도 등"))

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        self.names = AreaNames.writable_by(scope)

    def clean_area(self) -> Area:
        try:
            return self.names.find(self.cleaned_data["area"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class WithdrawForm(BaseForm):
    reason = forms.CharField(label=gettext_lazy("거두는 사유"), max_length=200)


class SchemeForm(BaseForm):
    """A 시·도's table: up to seven labels, each inside a legal stage."""

    region = forms.ModelChoiceField(
        label=gettext_lazy("시·도"), queryset=Region.objects.none(), to_field_name="code", empty_label=None
    )
    title = forms.CharField(label=gettext_lazy("이름"), max_length=80)
    document = forms.CharField(label=gettext_lazy("근거 문서"), max_length=200)
    start = forms.DateField(label=gettext_lazy("적용 시작일"), widget=DateInput)

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        today = timezone.localdate()
        mine = Region.objects.filter(scope.regions("pk"), level=RegionLevel.SIDO, effective__contains=today)
        self.fields["region"].queryset = mine.order_by("code")  # type: ignore[attr-defined]
        for number in range(1, MOST_LEVELS + 1):
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("%(n)s번째 이름") % {"n": number}, max_length=20, required=False
            )
            self.fields[f"stage_{number}"] = forms.ChoiceField(
                label=_("%(n)s번째 법정 단계") % {"n": number}, choices=Stage.choices, required=False
            )
            self.fields[f"lowest_{number}"] = forms.CharField(
                label=_("%(n)s번째 하한 지수") % {"n": number}, max_length=8, required=False
            )
            self.fields[f"note_{number}"] = forms.CharField(
                label=_("%(n)s번째에서 하는 일") % {"n": number}, max_length=200, required=False
            )

    def rows(self) -> list[list[Any]]:
        """The fields of each line of the table."""
        return [
            [self[f"{name}_{number}"] for name in ("name", "stage", "lowest", "note")]
            for number in range(1, MOST_LEVELS + 1)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        levels, notes = [], []
        for number in range(1, MOST_LEVELS + 1):
            name = data.get(f"name_{number}", "").strip()
            if not name:
                continue
            try:
                lowest = cells.number(text) if (text := data.get(f"lowest_{number}", "").strip()) else None
            except ValueError as error:
                self.add_error(f"lowest_{number}", str(error))
                continue
            levels.append(Level(number, name, data.get(f"stage_{number}") or Stage.GOOD, lowest))
            notes.append(data.get(f"note_{number}", ""))
        if not levels:
            self.add_error(None, _("단계의 이름을 적어 주세요."))
        return data | {"levels": levels, "notes": notes}


class EndForm(BaseForm):
    end = forms.DateField(
        label=gettext_lazy("끝나는 날"), widget=DateInput, help_text=gettext_lazy("이날부터는 적용하지 않습니다.")
    )
