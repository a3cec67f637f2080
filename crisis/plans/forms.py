"""Shape and validity of input. Money is typed in 백만원 and kept in won."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crisis.plans.enums import MEASURE_FIELDS, PLAN_FIELDS, SOURCE_WORDS, SOURCES, Finding, MeasureKind, Rating
from crisis.plans.models import MeasureTarget, Obligation, Plan, PlanMeasure, QuarterlyReport
from portal.directory.models import Organization
from portal.kernel.exports import plain
from portal.kernel.forms import BaseForm, DateInput, MillionField, SeenForm, millions

SPARE_TARGETS, MOST_TARGETS = 3, 10


def _long(label: Any, rows: int = 5, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=5000, widget=widget, help_text=help_text)


class PlanForm(SeenForm):
    title = forms.CharField(label=_("계획 이름"), max_length=120)
    starts_on = forms.DateField(label=_("시작일"), widget=DateInput, help_text=_("이날부터 1년이 계획 기간입니다."))
    diagnosis = _long(_("위기 원인과 현황"), help_text=_("어느 업종·기업에서 무엇이 왜 나빠졌는지"))
    goal = _long(_("목표"), 3, help_text=_("1년 뒤 어떤 지표가 어디까지 나아지는지"))
    structure = _long(_("추진체계"), 3, help_text=_("참여 기관과 역할, 점검 방법"))

    FACTS = ("title", "starts_on", "diagnosis", "goal", "structure")

    @classmethod
    def of(cls, plan: Plan) -> "PlanForm":
        return cls(initial={"seen": plan.version, **{name: getattr(plan, name) for name in cls.FACTS}})

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.FACTS}


class AreasField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.area.name_ko} · {obj.get_stage_display()} · {obj.due_on:%Y-%m-%d}"


class NewPlanForm(BaseForm):
    obligations = AreasField(label=_("계획에 담을 지역"), queryset=Obligation.objects.none())
    title = forms.CharField(label=_("계획 이름"), max_length=120)
    starts_on = forms.DateField(label=_("시작일"), widget=DateInput, help_text=_("이날부터 1년이 계획 기간입니다."))

    def __init__(self, *args: Any, obligations: QuerySet[Obligation], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["obligations"].queryset = obligations  # type: ignore[attr-defined]


class AreasForm(SeenForm):
    obligations = AreasField(label=_("계획에 담을 지역"), queryset=Obligation.objects.none(), required=False)

    def __init__(self, *args: Any, obligations: QuerySet[Obligation], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["obligations"].queryset = obligations  # type: ignore[attr-defined]


class MeasureForm(SeenForm):
    """A measure with its money by source and its indicators, a line each."""

    kind = forms.ChoiceField(label=_("구분"), choices=MeasureKind.choices)
    title = forms.CharField(label=_("과제 이름"), max_length=120)
    content = _long(_("내용"), 4, required=True)
    lead_name = forms.CharField(label=_("주관 기관"), max_length=80)
    partners = forms.CharField(label=_("참여 기관"), max_length=200, required=False)
    starts_on = forms.DateField(label=_("시작일"), widget=DateInput)
    ends_on = forms.DateField(label=_("종료일"), widget=DateInput)

    FACTS = ("kind", "title", "content", "lead_name", "partners", "starts_on", "ends_on")

    def __init__(self, data: Any = None, *, plan: Plan, measure: PlanMeasure | None = None) -> None:
        targets = list(measure.targets.all()) if measure else []
        initial: dict[str, Any] = {"seen": measure.version if measure else 0}
        if measure:
            initial |= {name: getattr(measure, name) for name in self.FACTS}
            initial |= {f"budget_{source}": millions(getattr(measure, f"budget_{source}")) for source in SOURCES}
        else:
            initial |= {"starts_on": plan.starts_on, "ends_on": plan.ends_on}
        self.lines = min(len(targets) + SPARE_TARGETS, MOST_TARGETS)
        for at, target in enumerate(targets):
            initial |= {
                f"t{at}_name": target.name, f"t{at}_unit": target.unit, f"t{at}_target": plain(target.target),
                f"t{at}_baseline": "" if target.baseline is None else plain(target.baseline),
            }  # fmt: skip
        super().__init__(data, initial=initial)
        for source in SOURCES:
            self.fields[f"budget_{source}"] = MillionField(label=_("%s(백만원)") % SOURCE_WORDS[source])
        for at in range(self.lines):
            self._add_line(at)

    def _add_line(self, at: int) -> None:
        number = at + 1
        words = {"name": _("지표 %s 이름"), "unit": _("지표 %s 단위"), "baseline": _("지표 %s 현재값"),
                 "target": _("지표 %s 목표값")}  # fmt: skip
        for part, label in words.items():
            attrs = {"aria-label": label % number}
            common: dict[str, Any] = {"label": label % number, "required": False}
            if part in {"name", "unit"}:
                length = 80 if part == "name" else 20
                field: forms.Field = forms.CharField(max_length=length, widget=forms.TextInput(attrs=attrs), **common)
            else:
                field = forms.DecimalField(
                    max_digits=18, decimal_places=2, widget=forms.TextInput(attrs=attrs | {"class": "num"}), **common
                )
            self.fields[f"t{at}_{part}"] = field

    @property
    def rows(self) -> Iterable[list[Any]]:
        """The lines of indicators as bound fields."""
        for at in range(self.lines):
            yield [self[f"t{at}_{part}"] for part in ("name", "unit", "baseline", "target")]

    @property
    def money(self) -> list[Any]:
        return [self[f"budget_{source}"] for source in SOURCES]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _now("종료일이 시작일보다 앞섭니다."))
        for at in range(self.lines):
            name, target = data.get(f"t{at}_name"), data.get(f"t{at}_target")
            if name and target is None and f"t{at}_target" not in self.errors:
                self.add_error(f"t{at}_target", _now("지표 %(number)s의 목표값을 적어 주세요.") % {"number": at + 1})
            if target is not None and not name:
                self.add_error(f"t{at}_name", _now("지표 %(number)s의 이름을 적어 주세요.") % {"number": at + 1})
        return data

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        name = data["lead_name"].strip()
        found = {field: data[field] for field in self.FACTS} | {"lead_name": name}
        found |= {f"budget_{source}": data[f"budget_{source}"] for source in SOURCES}
        found["lead"] = Organization.objects.filter(Q(name_ko=name) | Q(short_name_ko=name)).order_by("code").first()
        return found

    def targets(self) -> list[dict[str, Any]]:
        data = self.cleaned_data
        return [
            {part: data[f"t{at}_{part}"] for part in ("name", "unit", "baseline", "target")}
            for at in range(self.lines)
            if data[f"t{at}_name"]
        ]


class CommentForm(BaseForm):
    """A word on one field: `place` is a field of the plan, or `<measure number>:<field>`."""

    place = forms.ChoiceField(label=_("어느 항목"))
    text = forms.CharField(label=_("보완할 내용"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, measures: Iterable[PlanMeasure]) -> None:
        super().__init__(data)
        self.measures = {one.number: one for one in measures}
        groups: list[Any] = [(_("계획"), [(field.value, field.label) for field in PLAN_FIELDS])]
        groups += [
            (str(one), [(f"{number}:{field.value}", field.label) for field in MEASURE_FIELDS])
            for number, one in self.measures.items()
        ]
        self.fields["place"].choices = groups  # type: ignore[attr-defined]

    def where(self) -> tuple[PlanMeasure | None, str]:
        number, mark, field = self.cleaned_data["place"].partition(":")
        return (self.measures[int(number)], field) if mark else (None, number)


class ReasonForm(SeenForm):
    reason = _long(_("사유"), 3, required=True)


class SureForm(SeenForm):
    """Nothing to say, only to be sure of."""


class OpinionForm(SeenForm):
    opinion = _long(_("검토 의견"), 4, required=True)


class ReturnForm(SeenForm):
    comment = _long(_("돌려보내는 사유"), 3, help_text=_("항목에 의견을 달았으면 비워도 됩니다."))


class EvaluationForm(SeenForm):
    outcome = _long(_("성과"), 5, required=True, help_text=_("목표와 견준 결과"))
    lessons = _long(_("남은 과제와 교훈"), 4, required=True)
    early_reason = _long(_("일찍 끝내는 사유"), 3, help_text=_("계획 기간이 끝나기 전이면 적어 주세요."))


class CloseForm(SeenForm):
    rating = forms.ChoiceField(label=_("종합 평가"), choices=Rating.choices, widget=forms.RadioSelect)
    note = _long(_("평가 의견"), 3)


class CheckForm(SeenForm):
    finding = forms.ChoiceField(label=_("점검 결과"), choices=Finding.choices, widget=forms.RadioSelect)
    note = _long(_("점검 내용"), 3, help_text=_("보고와 다르거나 확인하지 못했으면 꼭 적어 주세요."))


class RateForm(SeenForm):
    rating = forms.ChoiceField(label=_("평가"), choices=Rating.choices, widget=forms.RadioSelect)
    note = _long(_("평가 의견"), 3, help_text=_("미흡이면 까닭을 꼭 적어 주세요."))


class ReportReturnForm(SeenForm):
    comment = _long(_("돌려보내는 사유"), 3, required=True)


class ReportForm(SeenForm):
    """One quarter of one measure."""

    result = _long(_("추진 실적"), 5)
    problems = _long(_("문제점과 대책"), 3)

    def __init__(self, data: Any = None, *, report: QuarterlyReport, targets: list[MeasureTarget]) -> None:
        self.targets = targets
        known = {one.target_id: one.value for one in report.results.all()}
        initial: dict[str, Any] = {"seen": report.version, "result": report.result, "problems": report.problems}
        initial |= {f"spent_{source}": millions(getattr(report, f"spent_{source}")) for source in SOURCES}
        initial |= {f"v{one.pk}": plain(known[one.pk]) for one in targets if one.pk in known}
        super().__init__(data, initial=initial)
        for source in SOURCES:
            self.fields[f"spent_{source}"] = MillionField(label=_("%s 집행(백만원)") % SOURCE_WORDS[source])
        for one in targets:
            unit = f"({one.unit})" if one.unit else ""
            self.fields[f"v{one.pk}"] = forms.DecimalField(
                label=f"{one.name}{unit}", required=False, max_digits=18, decimal_places=2,
                widget=forms.TextInput(attrs={"class": "num", "inputmode": "decimal"}),
                help_text=_("목표 %s") % plain(one.target),
            )  # fmt: skip

    @property
    def money(self) -> list[Any]:
        return [self[f"spent_{source}"] for source in SOURCES]

    @property
    def figures(self) -> list[Any]:
        return [self[f"v{one.pk}"] for one in self.targets]

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "spent": {source: data[f"spent_{source}"] for source in SOURCES},
            "result": data["result"],
            "problems": data["problems"],
            "values": {one.pk: data[f"v{one.pk}"] for one in self.targets},
        }


class EvidenceForm(BaseForm):
    file = forms.FileField(label=_("증빙 파일"))
    note = forms.CharField(label=_("설명"), max_length=120, required=False)


class ReleaseForm(BaseForm):
    reason = _long(_("해제하는 사유"), 3, required=True)
