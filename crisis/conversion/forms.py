"""Shape and validity of input. Money is typed in 백만원 and kept in won."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from companies import rules as registry
from companies.models import Company
from companies.page_forms import Digits, IndustryField
from crisis.conversion.enums import BUDGETS, EDITION_WORDS, ConversionKind, GoalMeasure, Subject
from crisis.conversion.models import Diagnosis, EditionMember, Milestone, PlanEdition, PlanMember
from portal.directory.scope import Scope
from portal.kernel.forms import BaseForm, DateInput, MillionField, SeenForm, millions

MONEY_WORDS = {
    "national": _("국비"), "sido": _("시·도비"), "sigungu": _("시·군·구비"), "loan": _("정책융자"), "own": _("자부담"),
}  # fmt: skip


def long(label: Any, *, required: bool = True, rows: int = 4, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=5000, widget=widget, help_text=help_text)


def day(label: Any, *, required: bool = True, help_text: Any = "", today: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=DateInput, help_text=help_text,
        initial=timezone.localdate if today else None,
    )  # fmt: skip


def share(label: Any, *, required: bool = False) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"step": "0.01", "min": "0", "max": "100"})
    return forms.DecimalField(
        label=label, required=required, min_value=Decimal(0), max_value=Decimal(100), max_digits=5, decimal_places=2,
        widget=widget,
    )  # fmt: skip


class CompanyField(Digits):
    """A company by the business number of one of its workplaces; `within` narrows to a scope. Cleans to the company."""

    def __init__(self, **kwargs: Any) -> None:
        self.within: Scope | None = None
        kwargs.setdefault("help_text", _("사업자등록번호 10자리. 기업 화면에서 시작하면 채워져 있습니다."))
        super().__init__(registry.business_number, **kwargs)

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if not number:
            return None
        rows = Company.objects.not_merged().filter(workplaces__business_number=number)
        found = (rows if self.within is None else rows.visible_to(self.within)).first()
        if found is None:
            raise ValidationError(_now("이 번호의 기업이 없습니다. 번호를 확인하거나 기업을 먼저 등록해 주세요."))
        return found


def number_of(company: Company) -> str:
    """The business number by which a company is entered."""
    rows = company.workplaces.exclude(business_number="").order_by("-is_headquarters", "pk")  # type: ignore[attr-defined]
    return str(rows.values_list("business_number", flat=True).first() or "")


class DiagnosisForm(BaseForm):
    company = CompanyField(label=_("기업"))
    subjects = forms.MultipleChoiceField(
        label=_("진단 분야"), choices=Subject, widget=forms.CheckboxSelectMultiple, initial=[Subject.CONVERSION]
    )
    reason = long(_("신청 사유"), help_text=_("매출·고용의 변화, 기업이 바라는 방향"))

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["company"].within = scope  # type: ignore[attr-defined]


class FileForm(BaseForm):
    title = forms.CharField(label=_("제목"), max_length=120)
    file = forms.FileField(label=_("파일"))


class NewPlanForm(BaseForm):
    company = CompanyField(label=_("대표기업"))
    title = forms.CharField(label=_("계획 이름"), max_length=120)
    kind = forms.ChoiceField(label=_("유형"), choices=ConversionKind)
    starts_on = day(_("시작일"))
    ends_on = day(_("종료일"))
    diagnosis = forms.CharField(
        label=_("구조혁신 진단"), required=False, max_length=30, help_text=_("진단 번호. 예: CD-2026-0001")
    )

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        self.scope = scope
        self.fields["company"].within = scope  # type: ignore[attr-defined]

    def clean_diagnosis(self) -> Diagnosis | None:
        code = self.cleaned_data["diagnosis"].strip()
        if not code:
            return None
        found = Diagnosis.objects.visible_to(self.scope).filter(code=code, state="DONE").first()
        if found is None:
            raise ValidationError(_now("마친 진단 가운데 이 번호가 없습니다."))
        return found


class EditionForm(SeenForm):
    """What an edition says: texts, period, money by source, goals."""

    title = forms.CharField(label=_("계획 이름"), max_length=120)
    kind = forms.ChoiceField(label=_("유형"), choices=ConversionKind)
    starts_on = day(_("시작일"))
    ends_on = day(_("종료일"))
    background = long(_("추진 배경"), required=False, help_text=_("지금 사업이 어려운 까닭과 진단 결과"))
    content = long(_("전환 내용"), required=False, help_text=_("새 제품·서비스와 만들고 파는 방법"))
    effect = long(_("기대 효과"), required=False)
    eligibility_note = long(
        _("신청 자격 확인"), required=False, rows=2,
        help_text=_("중소기업 여부나 업력이 등록되어 있지 않으면 어떻게 확인했는지 적어 주세요."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, edition: PlanEdition) -> None:
        names = ("kind", "starts_on", "ends_on", "eligibility_note", *EDITION_WORDS)
        initial: dict[str, Any] = {name: getattr(edition, name) for name in names}
        initial |= {"seen": edition.plan.version, "title": edition.plan.title}
        initial |= {f"budget_{source}": millions(getattr(edition, f"budget_{source}")) for source in BUDGETS}
        for goal in edition.goals.all():
            initial |= {f"{goal.measure}_base": goal.base, f"{goal.measure}_target": goal.target}
        super().__init__(data, initial=initial)
        for source in BUDGETS:
            self.fields[f"budget_{source}"] = MillionField(label=_now("%s(백만원)") % MONEY_WORDS[source])
        for measure in GoalMeasure:
            self.fields[f"{measure}_base"] = share(_now("%s 지금(%%)") % measure.label)
            self.fields[f"{measure}_target"] = share(_now("%s 목표(%%)") % measure.label)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for measure in GoalMeasure:
            base, target = cleaned.get(f"{measure}_base"), cleaned.get(f"{measure}_target")
            if (base is None) != (target is None):
                missing = "base" if base is None else "target"
                self.add_error(f"{measure}_{missing}", _now("지금과 목표를 함께 적어 주세요."))
        return cleaned

    @property
    def money(self) -> list[Any]:
        return [self[f"budget_{source}"] for source in BUDGETS]

    @property
    def goals(self) -> list[Any]:
        return [self[f"{measure}_{part}"] for measure in GoalMeasure for part in ("base", "target")]

    def facts(self) -> dict[str, Any]:
        """The keyword arguments of `save_edition` but the plan and the actor."""
        data = self.cleaned_data
        goals = {
            str(one): None if data[f"{one}_base"] is None else (data[f"{one}_base"], data[f"{one}_target"])
            for one in GoalMeasure
        }
        leave = {"seen", *(f"{one}_{part}" for one in GoalMeasure for part in ("base", "target"))}
        facts = {name: value for name, value in data.items() if name not in leave}
        return {"facts": facts, "goals": goals, "seen": data["seen"]}


class MemberForm(SeenForm):
    """A firm of the plan. The firm itself is asked for only when it is new."""

    company = CompanyField(label=_("기업"))
    part = forms.CharField(label=_("맡은 일"), max_length=200, required=False)
    from_industry = IndustryField(label=_("지금 업종"), required=False)
    to_industry = IndustryField(
        label=_("새 업종"), required=False, help_text=_("업종 변경·추가일 때만 적습니다. 산업분류 코드 2~5자리")
    )

    def __init__(self, data: Any = None, *, version: int, said: EditionMember | None = None) -> None:
        initial: dict[str, Any] = {"seen": version}
        if said is not None:
            initial |= {
                "part": said.part,
                "from_industry": said.from_industry or "",
                "to_industry": said.to_industry or "",
            }
        super().__init__(data, initial=initial)
        if said is not None:
            del self.fields["company"]


class MilestoneForm(SeenForm):
    title = forms.CharField(label=_("추진 단계"), max_length=120)
    text = long(_("내용"), required=False, rows=3)
    due = day(_("기한"), help_text=_("쉬는 날이면 다음 근무일로 옮겨집니다."))

    def __init__(self, data: Any = None, *, version: int, milestone: Milestone | None = None) -> None:
        initial: dict[str, Any] = {"seen": version}
        if milestone is not None:
            initial |= {"title": milestone.title, "text": milestone.text, "due": milestone.legal_due}
        super().__init__(data, initial=initial)


class MemberChoice(forms.ModelChoiceField):
    """A member of the plan that has not left."""

    def __init__(self, **more: Any) -> None:
        super().__init__(queryset=PlanMember.objects.none(), **more)
