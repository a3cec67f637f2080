"""Shape and validity of input. Money is typed in 백만원 and kept in won."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from companies.models import Company, Industry, Workplace
from crisis.declining.enums import (
    MEASURE_NEXT,
    SOURCE_WORDS,
    SOURCES,
    ComplexField,
    DeclineKind,
    ExceptionCode,
    FirmRole,
    MeasureState,
    ResourceKind,
    SupportKind,
    ZoneKind,
)
from crisis.declining.models import ComplexMeasure, LocalResource, SpecialZone
from crisis.declining.services.common import last_day
from portal.directory.enums import RegionLevel
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.kernel.forms import BaseForm, DateInput, MillionField, SeenForm, millions


def long_text(label: Any, rows: int = 4, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=5000, widget=widget, help_text=help_text)


def day_field(label: Any, *, required: bool = True, help_text: Any = "", today: bool = False) -> forms.DateField:
    initial = timezone.localdate if today else None
    return forms.DateField(label=label, required=required, widget=DateInput, help_text=help_text, initial=initial)


def short_text(label: Any, most: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, help_text=help_text)


class RegionField(forms.ModelChoiceField):
    """A 시·군·구 of today within a scope (`regions_of`)."""

    def __init__(self, **more: Any) -> None:
        super().__init__(Region.objects.none(), label=_("시·군·구"), **more)


def regions_of(scope: Scope) -> Any:
    """The 시·군·구 of today within a scope, for a form."""
    rows = Region.objects.in_force_on(timezone.localdate()).of_level(RegionLevel.SIGUNGU).filter(scope.regions("pk"))
    return rows.select_related("parent").order_by("parent__code", "name_ko")


class CompanyField(forms.CharField):
    """A company by the business number of any of its workplaces."""

    scope: Scope

    def __init__(self) -> None:
        super().__init__(
            label=_("사업자등록번호"),
            max_length=14,
            help_text=_("관할 기업의 아무 사업장의 번호 10자리. 예: 124-81-00998"),
        )

    def clean(self, value: Any) -> Any:
        digits = re.sub(r"\D", "", super().clean(value))
        if len(digits) != 10:
            raise ValidationError(_now("사업자등록번호는 숫자 10자리입니다."))
        site = Workplace.objects.filter(business_number=digits).values("company")
        company = Company.objects.visible_to(self.scope).not_merged().filter(pk__in=site).first()
        if company is None:
            raise ValidationError(_now("관할 밖이거나 등록되지 않은 사업자등록번호입니다. 기업을 먼저 등록해 주세요."))
        return company


class PlaceFilterForm(BaseForm):
    """What the list of 시·군·구 is narrowed by."""

    sido = forms.ModelChoiceField(
        Region.objects.none(), label=_("시·도"), required=False, empty_label=_("전체"), to_field_name="code"
    )
    kind = forms.ChoiceField(label=_("구분"), required=False, choices=[("", _("전체")), *DeclineKind.choices])

    def __init__(self, data: Any, *, scope: Scope) -> None:
        super().__init__(data)
        rows = Region.objects.visible_to(scope).of_level(RegionLevel.SIDO).in_force_on(timezone.localdate())
        self.fields["sido"].queryset = rows.select_related("parent").order_by("code")  # type: ignore[attr-defined]


class YearForm(BaseForm):
    """Which year the overview is of."""

    year = forms.TypedChoiceField(label=_("연도"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, years: Sequence[int]) -> None:
        super().__init__(data)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]


class SureForm(SeenForm):
    """Nothing but the version."""


class CommentForm(SeenForm):
    comment = long_text(_("보완할 점"))


class ReasonForm(SeenForm):
    reason = long_text(_("사유"), 3)


class ResultForm(SeenForm):
    result = long_text(_("종료 결과"), 5, help_text=_("무엇을 이루었고 무엇이 남았는지"))


class EndForm(BaseForm):
    last = day_field(_("마지막 날"), today=True)


class StatusForm(BaseForm):
    region = RegionField()
    kind = forms.ChoiceField(label=_("구분"), choices=DeclineKind)
    first = day_field(_("지정일"))
    last = day_field(_("마지막 날"), required=False, help_text=_("끝이 정해지지 않았으면 비웁니다."))
    notice = short_text(_("고시"), 120, required=False)
    source = short_text(_("출처"), 200, help_text=_("어디에서 확인했는지"))
    provisional = forms.BooleanField(label=_("확인 전(잠정)"), required=False)


class StatusEndForm(EndForm):
    reason = short_text(_("끝난 사유"), 200)


class ComplexMeasureForm(SeenForm):
    year = forms.IntegerField(label=_("연도"), min_value=2000, max_value=2100)
    kind = forms.ChoiceField(label=_("분야"), choices=ComplexField)
    need = long_text(_("필요한 것"), 3, help_text=_("입주기업이 무엇을 겪고 무엇을 바라는지"))
    measure = long_text(_("할 일"), 3, required=False)
    lead_name = short_text(_("주관 기관"), 80, required=False)
    state = forms.ChoiceField(label=_("상태"), choices=MeasureState)
    progress = forms.IntegerField(label=_("진행률(%)"), min_value=0, max_value=100, initial=0)
    result = long_text(_("결과"), 3, required=False, help_text=_("완료하려면 적어야 합니다."))
    drop_reason = short_text(_("중단 사유"), 200, required=False, help_text=_("중단할 때만 적습니다."))

    WORDS = ("year", "kind", "need", "measure", "lead_name", "progress", "result", "drop_reason")

    def __init__(self, data: Any = None, *, measure: ComplexMeasure | None = None) -> None:
        initial: dict[str, Any] = {"seen": 0, "year": timezone.localdate().year}
        if measure is not None:
            initial = {"seen": measure.version, "state": measure.state}
            initial |= {name: getattr(measure, name) for name in self.WORDS}
            initial |= {source: millions(getattr(measure, source)) for source in SOURCES}
        super().__init__(data, initial=initial)
        for source in SOURCES:
            self.fields[source] = MillionField(label=_now("%(source)s(백만원)") % {"source": SOURCE_WORDS[source]})
        if measure is not None:
            open_to = {measure.state} | MEASURE_NEXT[measure.state]
            kept = [pair for pair in MeasureState.choices if pair[0] in open_to]
            self.fields["state"].choices = kept  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*self.WORDS, *SOURCES)}


class ResourceForm(SeenForm):
    region = RegionField()
    kind = forms.ChoiceField(label=_("구분"), choices=ResourceKind)
    name = short_text(_("이름"), 80, help_text=_("예: 고추, 수제화, 나전칠기"))
    description = long_text(_("설명"), 3, required=False)
    ksic = short_text(_("표준산업분류"), 8, required=False, help_text=_("밀집 업종이면 제11차 코드. 예: C10"))
    first = day_field(_("첫날"), required=False, help_text=_("모르면 비웁니다."))
    last = day_field(_("마지막 날"), required=False)
    source = short_text(_("출처"), 200, help_text=_("무엇을 보고 특화자원으로 보았는지"))

    def __init__(self, data: Any = None, *, scope: Scope, resource: LocalResource | None = None) -> None:
        initial: dict[str, Any] = {"seen": 0}
        if resource is not None:
            initial = {name: getattr(resource, name) for name in ("kind", "name", "description", "source")}
            initial |= {
                "seen": resource.version, "first": resource.effective.lower, "last": last_day(resource.effective),
                "ksic": resource.industry.code if resource.industry else "",
            }  # fmt: skip
        super().__init__(data, initial=initial)
        if resource is not None:
            del self.fields["region"]
        else:
            self.fields["region"].queryset = regions_of(scope)  # type: ignore[attr-defined]

    def clean_ksic(self) -> Industry | None:
        code = str(self.cleaned_data["ksic"]).strip().upper()
        if not code:
            return None
        found = Industry.objects.filter(revision=11, code=code).first()
        if found is None:
            raise ValidationError(_now("제11차 표준산업분류에 없는 코드입니다."))
        return found

    def facts(self) -> dict[str, Any]:
        names = ("kind", "name", "description", "source")
        return {name: self.cleaned_data[name] for name in names} | {"industry": self.cleaned_data["ksic"]}


class FirmForm(BaseForm):
    """A firm to be linked; `scope` says which firms the writer may see."""

    company = CompanyField()

    def __init__(self, data: Any = None, *, scope: Scope, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["company"].scope = scope  # type: ignore[attr-defined]


class ResourceFirmForm(FirmForm):
    role = forms.ChoiceField(label=_("역할"), choices=FirmRole)
    evidence = short_text(_("근거"), 200, help_text=_("사업자등록 업종, 현장 확인, 협동조합 명부처럼 무엇을 보았는지"))
    first = day_field(_("첫날"), today=True)
    last = day_field(_("마지막 날"), required=False)


class SupportForm(BaseForm):
    given_on = day_field(_("지원일"), today=True)
    kind = forms.ChoiceField(label=_("지원"), choices=SupportKind)
    programme = short_text(_("사업"), 120)
    won = MillionField(label=_("지원액(백만원)"))
    note = short_text(_("비고"), 200, required=False)


class ZoneForm(SeenForm):
    code = forms.RegexField(
        r"^[A-Za-z0-9-]+$",
        label=_("특구 번호"),
        max_length=20,
        help_text=_("바꾸지 않는 열쇠. 영문, 숫자, 줄표. 예: SZ-001"),
    )
    name = short_text(_("특구 이름"), 120)
    kind = forms.ChoiceField(label=_("분야"), choices=ZoneKind)
    resource = short_text(_("특화자원"), 120, required=False)
    regions = forms.ModelMultipleChoiceField(
        Region.objects.none(), label=_("시·군·구"), widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("여럿을 고르려면 Ctrl 키를 누른 채 고르세요."),
    )  # fmt: skip
    first = day_field(_("지정일"))
    notice = short_text(_("고시"), 120, required=False)
    source = short_text(_("출처"), 200)
    note = short_text(_("비고"), 300, required=False)

    FACTS = ("name", "kind", "resource", "notice", "source", "note")

    def __init__(self, data: Any = None, *, scope: Scope, zone: SpecialZone | None = None) -> None:
        initial: dict[str, Any] = {"seen": 0}
        if zone is not None:
            initial = {name: getattr(zone, name) for name in self.FACTS}
            initial |= {"seen": zone.version, "first": zone.designated_on, "code": zone.code}
            initial["regions"] = [place.region_id for place in zone.places.all()]
        super().__init__(data, initial=initial)
        chosen = regions_of(scope)
        if zone is not None:  # a place that was renamed since stays on offer
            chosen = Region.objects.filter(pk__in=[*chosen.values_list("pk", flat=True), *initial["regions"]])
            chosen = chosen.select_related("parent").order_by("parent__code", "name_ko")
            del self.fields["code"]
        self.fields["regions"].queryset = chosen  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.FACTS}


class ZoneChangeForm(SeenForm):
    changed_on = day_field(_("변경일"))
    content = long_text(_("변경 내용"), 3)
    notice = short_text(_("고시"), 120, required=False)


class ZoneExceptionForm(SeenForm):
    code = forms.ChoiceField(label=_("규제특례"), choices=ExceptionCode)
    text = short_text(_("내용"), 300, help_text=_("어느 법 몇 조의 무엇을 어떻게 달리 적용하는지"))
    first = day_field(_("첫날"))
    last = day_field(_("마지막 날"), required=False, help_text=_("이어지고 있으면 비웁니다."))


class ZoneOperatorForm(SeenForm):
    name = short_text(_("특화사업자"), 80)
    role = short_text(_("맡은 일"), 120, required=False)
    first = day_field(_("첫날"))
    last = day_field(_("마지막 날"), required=False, help_text=_("이어지고 있으면 비웁니다."))


class ZoneEndForm(SeenForm):
    last = day_field(_("지정의 마지막 날"), today=True)
    reason = short_text(_("끝난 사유"), 200)
