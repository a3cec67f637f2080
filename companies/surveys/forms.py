"""Shape and validity of input. The sheet's form is made from its definition."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from companies.models import Cluster, Company
from companies.surveys.enums import LegalHead, Mark, TargetKind
from companies.surveys.models import FieldMark, SurveyForm
from companies.surveys.rules import answers as rules
from companies.surveys.rules.definition import Definition, Field
from companies.surveys.wording import shown
from portal.directory.enums import RegionLevel
from portal.directory.models import Region
from portal.kernel.forms import BaseForm, DateInput

PREFIX = "f_"
_SHORT_TEXT = frozenset({"main_product", "export_market"})


class AnswerField(forms.CharField):
    """One question: takes what people write, cleans to the kept value."""

    def __init__(self, field: Field) -> None:
        self.question = field
        widget: forms.Widget = forms.TextInput()
        if field.kind == "CHOICE":
            widget = forms.Select(choices=[("", _("고르세요")), *field.choices])
        elif field.kind == "TEXT":
            widget = forms.Textarea(attrs={"rows": 3})
        elif field.is_numeric:
            widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "class": "num"})
        label = f"{field.header} *" if field.required else field.header
        super().__init__(label=label, required=False, help_text=field.help, widget=widget)

    def clean(self, value: Any) -> Any:
        try:
            return rules.read(self.question, value)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault

    def prepare_value(self, value: Any) -> Any:
        return value


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page shows it: its bound control, the reviewer's word on it, what is kept.

    `earlier` is what was handed in the time before, where that differs.
    """

    code: str
    label: str
    control: Any
    mark: FieldMark | None
    shown: str
    earlier: str = ""


class AnswerForm(BaseForm):
    """The sheet. `seen`: the version the writer had before their eyes. `answers()`: kept values by field code."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Any = None,
        *,
        definition: Definition,
        kept: Mapping[str, Any],
        seen: int,
        marks: Mapping[str, FieldMark] | None = None,
        earlier: Mapping[str, Any] | None = None,
    ) -> None:
        self.definition, self.kept, self.marks, self.earlier = definition, kept, marks or {}, earlier
        initial: dict[str, Any] = {"seen": seen}
        for field in definition.fields:
            value = kept.get(field.code)
            initial[PREFIX + field.code] = value if field.kind == "CHOICE" else rules.written(field, value)
        super().__init__(data, initial=initial)
        for field in definition.fields:
            self.fields[PREFIX + field.code] = AnswerField(field)
            if (mark := self.marks.get(field.code)) and mark.mark != Mark.OK:
                # At the control itself, so that it is read out with it.
                said = format_html("<strong>{}: {}</strong>", mark.get_mark_display(), mark.comment)
                self.fields[PREFIX + field.code].help_text = format_html("{} {}", said, field.help)

    def answers(self) -> dict[str, Any]:
        """After `is_valid`: what was answered."""
        found = {code: self.cleaned_data.get(PREFIX + code) for code in self.definition.by_code}
        return {code: value for code, value in found.items() if value is not None}

    def tell(self, faults: Mapping[str, str]) -> None:
        """Put faults by field code at their controls."""
        for code, text in faults.items():
            self.add_error(PREFIX + code if code in self.definition.by_code else None, text)

    @property
    def sections(self) -> Iterator[tuple[str, list[Asked]]]:
        """Questions under their legal heads, in the form's order."""
        groups: dict[str, list[Asked]] = {}
        for field in self.definition.fields:
            now = self.kept.get(field.code)
            before = now if self.earlier is None else self.earlier.get(field.code)
            asked = Asked(
                field.code,
                field.header,
                self[PREFIX + field.code],
                self.marks.get(field.code),
                shown(field, now),
                "" if before == now else shown(field, before) or "–",
            )
            groups.setdefault(str(LegalHead(field.head).label), []).append(asked)
        yield from groups.items()


class MarksForm(BaseForm):
    """The reviewer's words: a mark and a comment for each field."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    comment = forms.CharField(
        label=_("돌려보내는 사유"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("고칠 항목을 표시했으면 비워도 됩니다."),
    )

    def __init__(self, data: Any = None, *, definition: Definition, marks: Mapping[str, FieldMark], seen: int) -> None:
        self.definition = definition
        initial: dict[str, Any] = {"seen": seen}
        for code, mark in marks.items():
            if mark.version == seen:  # what was said of an earlier version is shown, not said again
                initial[f"m_{code}"], initial[f"c_{code}"] = mark.mark, mark.comment
        super().__init__(data, initial=initial)
        for field in definition.fields:
            name = {"name": field.label}
            self.fields[f"m_{field.code}"] = forms.ChoiceField(
                label=_("%(name)s 표시") % name, choices=[("", "–"), *Mark.choices], required=False
            )
            self.fields[f"c_{field.code}"] = forms.CharField(
                label=_("%(name)s 의견") % name, max_length=500, required=False
            )

    def marks(self) -> dict[str, tuple[str, str]]:
        data = self.cleaned_data
        return {code: (data[f"m_{code}"], data[f"c_{code}"]) for code in self.definition.by_code}

    def tell(self, faults: Mapping[str, str]) -> None:
        for code, text in faults.items():
            self.add_error(f"c_{code}" if code in self.definition.by_code else "comment", text)


class DatesForm(BaseForm):
    """Three dates in order."""

    opens_on = forms.DateField(label=_("여는 날"), widget=DateInput)
    due_on = forms.DateField(
        label=_("제출 기한"), widget=DateInput, help_text=_("쉬는 날이면 다음 근무일로 넘어갑니다.")
    )
    closes_on = forms.DateField(label=_("마감일"), widget=DateInput, help_text=_("이날이 지나면 적을 수 없습니다."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        dates = [data.get(name) for name in ("opens_on", "due_on", "closes_on")]
        if all(dates) and dates != sorted(dates):  # type: ignore[type-var]
            self.add_error("due_on", _("여는 날, 제출 기한, 마감일은 이 순서여야 합니다."))
        return data


class RoundForm(DatesForm):
    code = forms.SlugField(label=_("회차 코드"), max_length=20, help_text=_("영문과 숫자. 예: fact-2026"))
    title = forms.CharField(label=_("회차 이름"), max_length=80)
    form = forms.ModelChoiceField(
        label=_("양식"), queryset=SurveyForm.objects.order_by("code", "-version"), empty_label=_("고르세요")
    )
    year = forms.IntegerField(label=_("조사 대상 연도"), min_value=2000, max_value=2100)
    purpose = forms.CharField(
        label=_("조사 계획"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("기간·목적·대상·내용(영 제37조)"),
    )
    field_order = ["code", "title", "form", "year", "opens_on", "due_on", "closes_on", "purpose"]


def _provinces() -> QuerySet[Region]:
    return Region.objects.of_level(RegionLevel.SIDO).select_related("parent").order_by("code")


class WindowForm(DatesForm):
    region = forms.ModelChoiceField(label=_("시·도"), queryset=Region.objects.none(), empty_label=_("고르세요"))
    reason = forms.CharField(label=_("사유"), max_length=200)
    field_order = ["region", "opens_on", "due_on", "closes_on", "reason"]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["region"].queryset = _provinces()  # type: ignore[attr-defined]


class ExceptionForm(BaseForm):
    """For a region, or for one company by its number."""

    region = forms.ModelChoiceField(
        label=_("시·도 전체"), queryset=Region.objects.none(), required=False, empty_label=_("고르세요")
    )
    business_number = forms.CharField(label=_("한 기업의 사업자등록번호"), max_length=14, required=False)
    until = forms.DateField(
        label=_("이날까지"),
        widget=DateInput,
        help_text=_("마감한 뒤에도 적고 낼 수 있으며, 늦게 낸 것으로 표시됩니다."),
    )
    reason = forms.CharField(label=_("사유"), max_length=200)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["region"].queryset = _provinces()  # type: ignore[attr-defined]

    def clean_business_number(self) -> str:
        return re.sub(r"\D", "", self.cleaned_data["business_number"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("region")) == bool(data.get("business_number")):
            self.add_error("region", _("시·도와 사업자등록번호 가운데 하나만 적어 주세요."))
        return data


class TargetsForm(BaseForm):
    """Companies by their numbers, or every operating tenant of a cluster."""

    numbers = forms.CharField(
        label=_("사업자등록번호"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("한 줄에 하나씩. 엑셀의 열을 그대로 붙여 넣을 수 있습니다."),
    )
    cluster = forms.CharField(
        label=_("밀집지역 코드"),
        required=False,
        max_length=12,
        help_text=_("적으면 지금 입주한 가동 기업 모두를 넣습니다. 코드는 ‘밀집지역 입주기업’에 있습니다."),
    )
    kind = forms.ChoiceField(label=_("구분"), choices=TargetKind.choices, initial=TargetKind.SAMPLE)

    def clean_numbers(self) -> list[str]:
        written = [re.sub(r"\D", "", line) for line in self.cleaned_data["numbers"].split()]
        if wrong := [number for number in written if number and len(number) != 10]:
            raise ValidationError(_("10자리가 아닌 번호가 있습니다: %s") % ", ".join(wrong[:10]))
        return list(dict.fromkeys(filter(None, written)))

    def clean_cluster(self) -> Cluster | None:
        code = self.cleaned_data["cluster"].strip().upper()
        if not code:
            return None
        found = Cluster.objects.filter(code=code).first()
        if found is None:
            raise ValidationError(_("‘%s’은(는) 없는 밀집지역 코드입니다.") % code)
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("numbers") and not data.get("cluster"):
            self.add_error("numbers", _("사업자등록번호나 밀집지역 코드 가운데 하나는 적어 주세요."))
        if data.get("numbers"):
            places = Company.objects.not_merged().filter(workplaces__business_number__in=data["numbers"])
            found = set(places.values_list("workplaces__business_number", flat=True))
            if missing := [number for number in data["numbers"] if number not in found]:
                text = _("등록되지 않은 사업자등록번호 %(count)s개: %(numbers)s")
                self.add_error("numbers", text % {"count": len(missing), "numbers": ", ".join(missing[:10])})
        return data

    def companies(self) -> QuerySet[Company]:
        """After `is_valid`: the companies meant, each once."""
        found = Company.objects.not_merged().operating()
        if self.cleaned_data["cluster"]:
            return found.filter(workplaces__cluster_memberships__cluster=self.cleaned_data["cluster"]).distinct()
        return found.filter(workplaces__business_number__in=self.cleaned_data["numbers"]).distinct()


class RemovalForm(BaseForm):
    """A company leaves a round, for a reason."""

    reason = forms.CharField(label=_("빼는 사유"), max_length=200)
