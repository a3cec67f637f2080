"""Shape and validity of input on fund projects and their reports. Money is typed in 백만원 and kept in won."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crisis.declining.enums import (
    IndicatorKind,
    Ministry,
    ProjectField,
    Stance,
    SupportKind,
)
from crisis.declining.forms import FirmForm, RegionField, day_field, long_text, regions_of, short_text
from crisis.declining.models import FundProject, ProjectReport
from portal.directory.scope import Scope
from portal.kernel.exports import plain
from portal.kernel.forms import BaseForm, MillionField, SeenForm, millions


class NewProjectForm(BaseForm):
    region = RegionField()
    name = short_text(_("사업 이름"), 120)
    field = forms.ChoiceField(label=_("분야"), choices=ProjectField)
    starts_on = day_field(_("시작일"), help_text=_("이날의 해가 사업 연도가 됩니다."))
    ends_on = day_field(_("종료일"))

    def __init__(self, data: Any = None, *, scope: Scope) -> None:
        super().__init__(data)
        self.fields["region"].queryset = regions_of(scope)  # type: ignore[attr-defined]


class ProjectForm(SeenForm):
    name = short_text(_("사업 이름"), 120)
    field = forms.ChoiceField(label=_("분야"), choices=ProjectField)
    starts_on = day_field(_("시작일"))
    ends_on = day_field(_("종료일"))
    purpose = long_text(_("목적"), 4, required=False)
    plan = long_text(
        _("중소기업 지원 연계 계획"), 5, required=False,
        help_text=_("기금으로 무엇을 만들고, 어느 부처의 사업화·제품 고도화·인력 교육·자금 지원을 어떻게 잇는지"),
    )  # fmt: skip

    FACTS = ("name", "field", "starts_on", "ends_on", "purpose", "plan")

    @classmethod
    def initial_of(cls, project: FundProject) -> dict[str, Any]:
        return {name: getattr(project, name) for name in cls.FACTS} | {"seen": project.version}


class LinesForm(SeenForm):
    """A table of lines: `columns` say what each line asks. A line whose `key` is left empty is not there."""

    columns: Mapping[str, Any] = {}
    key = ""
    prefix_letter = "l"
    spare, most = 3, 40

    def __init__(self, data: Any = None, *, rows: Sequence[Mapping[str, Any]], seen: int) -> None:
        initial: dict[str, Any] = {"seen": seen}
        for at, row in enumerate(rows):
            initial |= {f"{self.prefix_letter}{at}_{name}": row[name] for name in self.columns}
        super().__init__(data, initial=initial)
        self.count = min(len(rows) + self.spare, self.most)
        for at in range(self.count):
            for name, make in self.columns.items():
                field = make()
                field.required = False
                field.widget.attrs["aria-label"] = _now("%(at)s번째 줄 %(name)s") % {"at": at + 1, "name": field.label}
                self.fields[f"{self.prefix_letter}{at}_{name}"] = field

    @property
    def heads(self) -> list[Any]:
        return [make().label for make in self.columns.values()]

    @property
    def rows(self) -> list[list[Any]]:
        return [[self[f"{self.prefix_letter}{at}_{name}"] for name in self.columns] for at in range(self.count)]

    def needed(self) -> Iterable[str]:
        """Columns that a line must fill."""
        return ()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for at in range(self.count):
            if cleaned.get(f"{self.prefix_letter}{at}_{self.key}"):
                for name in self.needed():
                    where = f"{self.prefix_letter}{at}_{name}"
                    if cleaned.get(where) in (None, "") and where not in self.errors:
                        self.add_error(where, _now("적어 주세요."))
        return cleaned

    def lines(self) -> list[dict[str, Any]]:
        """The lines that are filled, in order."""
        found = []
        for at in range(self.count):
            line = {name: self.cleaned_data.get(f"{self.prefix_letter}{at}_{name}") for name in self.columns}
            if line[self.key]:
                found.append(line)
        return found


def _choice(label: Any, choices: Any) -> Any:
    return lambda: forms.ChoiceField(label=label, choices=[("", "–"), *choices.choices])


class MoneyForm(LinesForm):
    columns = {
        "ministry": _choice(_("재원"), Ministry),
        "year": lambda: forms.IntegerField(label=_("연도"), min_value=2000, max_value=2100),
        "planned": lambda: MillionField(label=_("계획(백만원)")),
    }
    key = "ministry"
    prefix_letter = "m"

    def needed(self) -> Iterable[str]:
        return ("year",)


class SupportsForm(LinesForm):
    columns = {
        "programme": lambda: short_text(_("지원사업"), 120),
        "kind": _choice(_("지원"), SupportKind),
        "ministry": _choice(_("부처"), Ministry),
        "content": lambda: short_text(_("내용"), 300),
    }
    key = "programme"

    def needed(self) -> Iterable[str]:
        return ("kind", "ministry")


class IndicatorsForm(LinesForm):
    columns = {
        "name": lambda: short_text(_("지표"), 80),
        "kind": _choice(_("구분"), IndicatorKind),
        "unit": lambda: short_text(_("단위"), 20),
        "base": lambda: forms.DecimalField(label=_("현재값"), max_digits=18, decimal_places=2),
        "target": lambda: forms.DecimalField(label=_("목표값"), max_digits=18, decimal_places=2),
    }
    key = "name"

    def needed(self) -> Iterable[str]:
        return ("kind", "target")


class ReviewForm(SeenForm):
    ministry = forms.ChoiceField(
        label=_("부처"), choices=[pair for pair in Ministry.choices if pair[0] not in {"LOCAL", "PRIVATE"}]
    )
    stance = forms.ChoiceField(label=_("의견"), choices=Stance)
    comment = long_text(_("검토 의견"), 4, required=False)
    document = short_text(_("문서 번호"), 80, required=False, help_text=_("부처가 보낸 공문의 번호"))
    given_on = day_field(_("의견 낸 날"), today=True)
    bonus_points = forms.DecimalField(
        label=_("기금 평가 가점"), required=False, min_value=0, max_digits=5, decimal_places=2,
        help_text=_("행정안전부가 기금 활용계획을 평가할 때 준 가점"),
    )  # fmt: skip
    bonus_note = short_text(_("가점 근거"), 200, required=False)


class AmountsForm(SeenForm):
    """What is agreed of each purse and year; with `reason` when it changes later."""

    def __init__(self, data: Any = None, *, project: FundProject, changing: bool) -> None:
        self.money = list(project.money.all())
        initial: dict[str, Any] = {"seen": project.version}
        for row in self.money:
            initial[f"a{row.pk}"] = millions(row.agreed if changing else row.planned)
        super().__init__(data, initial=initial)
        for row in self.money:
            self.fields[f"a{row.pk}"] = MillionField(label=_now("%(row)s 합의액(백만원)") % {"row": row})
        if changing:
            self.fields["reason"] = long_text(_("예산을 바꾸는 사유"), 3)

    def amounts(self) -> dict[int, int]:
        return {row.pk: self.cleaned_data[f"a{row.pk}"] for row in self.money}


class ProjectFirmForm(FirmForm):
    kind = forms.ChoiceField(label=_("지원"), choices=SupportKind)
    note = short_text(_("근거·내용"), 200, help_text=_("협약, 선정 공고처럼 무엇을 보았는지"))


class ReportForm(SeenForm):
    result = long_text(_("추진 실적"), 5, required=False)
    problems = long_text(_("문제점과 대책"), 3, required=False)

    def __init__(self, data: Any = None, *, report: ProjectReport) -> None:
        self.purses = [row for row in report.project.money.all() if row.year == report.half.year]
        self.indicators = list(report.project.indicators.all())
        spent = {one.money_id: one.won for one in report.spending.all()}
        values = {one.indicator_id: one.value for one in report.results.all()}
        initial: dict[str, Any] = {"seen": report.version, "result": report.result, "problems": report.problems}
        initial |= {f"s{row.pk}": millions(spent.get(row.pk, 0)) for row in self.purses}
        initial |= {f"v{row.pk}": plain(values[row.pk]) for row in self.indicators if row.pk in values}
        super().__init__(data, initial=initial)
        for row in self.purses:
            self.fields[f"s{row.pk}"] = MillionField(label=row.get_ministry_display())
        for one in self.indicators:
            unit = f"({one.unit})" if one.unit else ""
            self.fields[f"v{one.pk}"] = forms.DecimalField(
                label=f"{one.name}{unit}", required=False, max_digits=18, decimal_places=2
            )

    @property
    def money(self) -> list[Any]:
        return [self[f"s{row.pk}"] for row in self.purses]

    @property
    def figures(self) -> list[Any]:
        return [self[f"v{row.pk}"] for row in self.indicators]

    def spent(self) -> dict[int, int]:
        return {row.pk: self.cleaned_data[f"s{row.pk}"] for row in self.purses}

    def values(self) -> dict[int, Any]:
        return {row.pk: self.cleaned_data[f"v{row.pk}"] for row in self.indicators}


class EvidenceForm(BaseForm):
    file = forms.FileField(label=_("파일"))
    note = short_text(_("설명"), 120, required=False)
