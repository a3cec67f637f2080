"""What a reader may ask of the dashboards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crisis.enums import AreaLevel, Stage
from portal.kernel.forms import BaseForm

ANY = ("", _("전체"))
ALARM, HELD_BACK = "ALARM", "HOLD"
STAGES = [
    ANY,
    (ALARM, _("주의 이상")),
    (Stage.SEVERE, Stage.SEVERE.label),
    (Stage.CAUTION, Stage.CAUTION.label),
    (Stage.GOOD, Stage.GOOD.label),
    (HELD_BACK, _("판정보류")),
]
GRADES = [ANY, ("A", _("A 충분")), ("B", _("B 보통")), ("C", _("C 제한")), ("D", _("D 부족"))]
BADGES = [ANY, ("ROBUST", _("견고")), ("MODERATE", _("보통")), ("SENSITIVE", _("민감"))]
LATER = [ANY, ("yes", _("지정됨")), ("no", _("지정되지 않음"))]
WATCH = [ANY, ("yes", _("관찰 대상만"))]


class BoardFilter(BaseForm):
    """The list of the board: which level, which stages, whose name."""

    q = forms.CharField(label=_("지역 이름"), required=False, max_length=60)
    level = forms.ChoiceField(label=_("구분"), required=False)
    stage = forms.ChoiceField(label=_("단계"), required=False, choices=STAGES)
    grade = forms.ChoiceField(label=_("자료 등급"), required=False, choices=GRADES)
    badge = forms.ChoiceField(label=_("견고성"), required=False, choices=BADGES)
    watch = forms.ChoiceField(label=_("관찰"), required=False, choices=WATCH)
    later = forms.ChoiceField(label=_("12개월 안 지정"), required=False, choices=LATER)

    def __init__(self, *args: Any, levels: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(level, AreaLevel(level).label) for level in levels]


class SearchForm(BaseForm):
    """The search box in the header."""

    q = forms.CharField(
        label=_("찾을 말"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
        error_messages={"required": _("찾을 말을 적어 주세요. 두 글자부터 찾습니다.")},
    )

    def clean_q(self) -> str:
        words = " ".join(str(self.cleaned_data["q"]).split())
        if len(words) < 2:
            raise forms.ValidationError(_("두 글자 이상 적어 주세요. 예: 거제, R48310, 테크노파크"))
        return words
