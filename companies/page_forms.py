"""What people type about companies: shape and validity; the services decide."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies import rules
from companies.enums import (
    CertificationKind,
    CompanyKind,
    CompanySize,
    FigureSource,
    FigureStatus,
    NameKind,
    OperatingState,
    PatentKind,
)
from companies.models import FIGURES, Cluster, Company, CompanyYear, Industry, OlderIndustry
from portal.directory.enums import RegionLevel
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.kernel.display import UNITS
from portal.kernel.fields import own_field
from portal.kernel.forms import BaseForm, DateInput

LONGEST_REASON = 500


class Digits(forms.CharField):
    """A registration number in any spelling, as its digits; the reader's sentence is the rule's own."""

    def __init__(self, read: Callable[[Any], str], **kwargs: Any) -> None:
        self.read = read
        kwargs.setdefault("max_length", 30)
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return self.read(text)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault


class IndustryField(forms.CharField):
    """A KSIC code (`29271`, or `29271 산업용 로봇 제조업` as it is shown), as the code's row."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("한국표준산업분류 코드 2~5자리. 예: 29271"))
        super().__init__(max_length=140, **kwargs)

    def clean(self, value: Any) -> Industry | None:
        text = super().clean(value).split(" ", 1)[0]
        if not text:
            return None
        found = Industry.objects.filter(code__iexact=text).order_by("-revision").first()
        if found is None:
            older = OlderIndustry.objects.filter(code=text).select_related("industry").order_by("-revision")
            now = [row for row in older if row.industry]
            if now:
                raise ValidationError(
                    _("%(code)s은(는) %(revision)s차의 코드(‘%(name)s’)입니다. 지금 코드로 적어 주세요: %(now)s"),
                    params={
                        "code": text,
                        "revision": now[0].revision,
                        "name": now[0].name_ko,
                        "now": ", ".join(str(row.industry) for row in now if row.revision == now[0].revision),
                    },
                )
            raise ValidationError(
                _("‘%(code)s’은(는) 없는 업종코드입니다. 2~5자리 숫자를 확인해 주세요."), params={"code": text}
            )
        return found


class ClusterField(forms.CharField):
    """A cluster by its code or its whole name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("밀집지역의 코드나 이름 전체. 예: 창원국가산업단지"))
        super().__init__(max_length=80, **kwargs)

    def clean(self, value: Any) -> Cluster | None:
        text = super().clean(value)
        if not text:
            return None
        found = list(Cluster.objects.filter(code__iexact=text)[:1] or Cluster.objects.filter(name_ko=text)[:2])
        if not found:
            raise ValidationError(
                _("‘%(text)s’은(는) 없는 밀집지역입니다. 밀집지역 목록에서 이름을 확인해 주세요."),
                params={"text": text},
            )
        if len(found) > 1:
            raise ValidationError(
                _("이름이 ‘%(text)s’인 밀집지역이 여럿입니다. 코드로 적어 주세요."), params={"text": text}
            )
        return found[0]


class PlaceField(forms.ChoiceField):
    """A 시·군·구 of those on offer, grouped by 시·도. Cleans to the region."""

    def __init__(self, **kwargs: Any) -> None:
        self.places: dict[str, Region] = {}
        super().__init__(**kwargs)

    def offer(self, regions: Iterable[Region]) -> None:
        groups: dict[str, list[tuple[str, str]]] = {}
        for region in regions:
            key = f"{region.scheme}:{region.code}"
            self.places[key] = region
            above = region.parent if region.level == RegionLevel.SIGUNGU else None
            groups.setdefault(above.name if above else region.name, []).append((key, region.name))
        self.choices = [("", _("고르기")), *groups.items()]

    def clean(self, value: Any) -> Region | None:
        return self.places.get(super().clean(value))


def places_of(scope: Scope, level: str = RegionLevel.SIGUNGU) -> list[Region]:
    """The regions of a level the scope reaches, as they are today."""
    found = Region.objects.visible_to(scope).of_level(level).in_force_on(timezone.localdate())
    return list(found.select_related("parent").order_by("scheme", "code"))


_REASON = _("사유")


def reason_field(*, required: bool, label: Any = _REASON) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=required, max_length=LONGEST_REASON, widget=area)


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DateInput(), help_text=help_text)


def day_after(last: date | None) -> date | None:
    """People write the last day something holds; ranges end the day after."""
    return last + timedelta(days=1) if last else None


class FactsForm(BaseForm):
    """A company's own facts, people apart."""

    name_ko = forms.CharField(label=_("기업명"), max_length=120)
    name_en = forms.CharField(label=_("영문 이름"), max_length=160, required=False)
    corporate_number = Digits(
        rules.corporate_number, label=_("법인등록번호"), required=False, help_text=_("숫자 13자리")
    )
    kind = forms.ChoiceField(label=_("기업 유형"), choices=CompanyKind.choices)
    size = forms.ChoiceField(label=_("기업 규모"), choices=CompanySize.choices, initial=CompanySize.UNKNOWN)
    founded_on = day_field(_("설립일"), required=False)
    industry = IndustryField(label=_("업종"), required=False)
    main_product = forms.CharField(label=_("주생산품"), max_length=200, required=False)
    homepage = forms.CharField(label=_("누리집"), max_length=200, required=False)
    lead_region = PlaceField(
        label=_("주관 지역"),
        required=False,
        help_text=_("여러 지역에 걸친 기업을 이끄는 시·도. 한 지역의 기업이면 비워 둡니다."),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_region"].offer(places_of(scope, RegionLevel.SIDO))  # type: ignore[attr-defined]

    def doubts(self) -> list[str]:
        """What may be wrong and is kept all the same."""
        digits = self.cleaned_data.get("corporate_number", "")
        if digits and not rules.corporate_number_checks(digits):
            return [str(_("법인등록번호의 검증번호가 맞지 않습니다. 등기사항증명서와 견주어 보세요."))]
        return []


class PeopleForm(BaseForm):
    """Who stands for the company and how they are reached."""

    representative = forms.CharField(
        label=_("대표자"), max_length=120, required=False, help_text=_("여럿이면 쉼표로 나눕니다.")
    )
    contact_name = forms.CharField(label=_("담당자"), max_length=60, required=False)
    phone = forms.CharField(label=_("전화"), max_length=40, required=False)
    email = forms.EmailField(label=_("전자우편"), required=False)


class EditForm(FactsForm):
    """Changing a company: under the version the editor saw."""

    renamed = forms.BooleanField(
        label=_("이름이 바뀌었음(옛 이름으로 남김)"),
        required=False,
        help_text=_("잘못 적은 것을 고칠 때는 표시하지 않습니다."),
    )
    reason = reason_field(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput(), min_value=1)


class NewCompanyForm(FactsForm, PeopleForm):
    """Entering a company with its headquarters."""

    business_number = Digits(rules.business_number, label=_("사업자등록번호"), help_text=_("본사의 번호. 숫자 10자리"))
    number_reason = forms.CharField(
        label=_("검증번호가 맞지 않는 사유"), max_length=200, required=False,
        help_text=_("번호가 맞는데도 검증번호가 틀릴 때만 적습니다."),
    )  # fmt: skip
    region = PlaceField(label=_("본사 시·군·구"))
    address = forms.CharField(label=_("본사 주소"), max_length=200, required=False)
    accept_duplicates = forms.BooleanField(
        label=_("다른 기업이므로 그래도 등록"), required=False, widget=forms.HiddenInput()
    )
    field_order = (
        "name_ko", "business_number", "number_reason", "region", "address", "corporate_number", "kind", "size",
        "founded_on", "industry", "main_product", "representative", "contact_name", "phone", "email", "homepage",
        "name_en", "lead_region",
    )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, scope=scope, **kwargs)
        self.fields["region"].offer(places_of(scope))  # type: ignore[attr-defined]


class WorkplaceForm(BaseForm):
    """A site: its name, number and address. With `version`: a correction of one that is there."""

    name = forms.CharField(label=_("사업장 이름"), max_length=120, required=False)
    business_number = Digits(
        rules.business_number,
        label=_("사업자등록번호"),
        required=False,
        help_text=_("본사 번호를 함께 쓰면 비워 둡니다."),
    )
    number_reason = forms.CharField(label=_("검증번호가 맞지 않는 사유"), max_length=200, required=False)
    address = forms.CharField(label=_("주소"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput(), min_value=1, required=False)


class NewWorkplaceForm(WorkplaceForm):
    region = PlaceField(label=_("시·군·구"))
    since = day_field(_("연 날"), required=False)
    field_order = ("name", "region", "address", "business_number", "number_reason", "since")

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].offer(places_of(scope))  # type: ignore[attr-defined]


class MoveForm(BaseForm):
    region = PlaceField(label=_("새 시·군·구"))
    address = forms.CharField(label=_("새 주소"), max_length=200)
    on = day_field(_("옮긴 날"))
    reason = reason_field(required=False)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].offer(places_of(scope))  # type: ignore[attr-defined]


class EndForm(BaseForm):
    """Something ends: `last` is the last day it held; cleaned to the day after."""

    last = day_field(_("마지막 날"))
    reason = reason_field(required=True)

    def clean_last(self) -> date | None:
        return day_after(self.cleaned_data["last"])


class JoinForm(BaseForm):
    cluster = ClusterField(label=_("밀집지역"))
    since = day_field(_("입주한 날"), required=False, help_text=_("모르면 비워 둡니다."))


class StateForm(BaseForm):
    state = forms.ChoiceField(label=_("영업 상태"), choices=OperatingState.choices)
    since = day_field(_("그 상태가 된 날"))
    note = forms.CharField(label=_("비고"), max_length=200, required=False)


class CertificationForm(BaseForm):
    kind = forms.ChoiceField(label=_("인증"), choices=CertificationKind.choices)
    number = forms.CharField(label=_("인증 번호"), max_length=60, required=False)
    issuer = forms.CharField(label=_("발급 기관"), max_length=80, required=False)
    start = day_field(_("시작일"))
    last = day_field(_("마지막 날"), required=False, help_text=_("기한이 없으면 비워 둡니다."))

    def clean_last(self) -> date | None:
        return day_after(self.cleaned_data["last"])


class PatentForm(BaseForm):
    kind = forms.ChoiceField(label=_("종류"), choices=PatentKind.choices)
    title = forms.CharField(label=_("명칭"), max_length=200)
    application_number = forms.CharField(label=_("출원번호"), max_length=40, required=False)
    registration_number = forms.CharField(label=_("등록번호"), max_length=40, required=False)
    filed_on = day_field(_("출원일"), required=False)
    registered_on = day_field(_("등록일"), required=False)


class NameForm(BaseForm):
    name = forms.CharField(label=_("이름"), max_length=120)
    kind = forms.ChoiceField(label=_("종류"), choices=NameKind.choices, initial=NameKind.ALIAS)
    until = day_field(_("쓰인 마지막 날"), required=False)


class FiguresForm(BaseForm):
    """What a source says of a year. Money in the chosen unit, kept as whole won."""

    year = forms.IntegerField(label=_("연도"), min_value=1950, max_value=2200)
    source = forms.ChoiceField(label=_("출처"), choices=FigureSource.choices, initial=FigureSource.TECHNOPARK)
    status = forms.ChoiceField(label=_("확정 여부"), choices=FigureStatus.choices, initial=FigureStatus.FINAL)
    as_of = day_field(_("기준일"), required=False)
    unit = forms.ChoiceField(label=_("금액 단위"), choices=[(unit, unit) for unit in ("원", "천원", "백만원", "억원")])
    reason = reason_field(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput(), min_value=1, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FIGURES:
            label = str(own_field(CompanyYear, name).verbose_name).split("(")[0]
            if name == "employees":
                self.fields[name] = forms.IntegerField(label=f"{label}(명)", min_value=0, required=False)
            else:
                self.fields[name] = forms.DecimalField(label=label, required=False, max_digits=22, decimal_places=6)
        self.order_fields(["year", "source", "status", "as_of", "unit", *FIGURES, "reason", "version"])

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        factor = UNITS[facts.get("unit") or "원"]
        for name in FIGURES:
            value = facts.get(name)
            if isinstance(value, Decimal):
                won = value * factor
                if won != won.to_integral_value():
                    self.add_error(name, _("1원보다 작은 금액은 적을 수 없습니다. 단위를 확인해 주세요."))
                facts[name] = int(won)
        return facts

    def figures(self) -> dict[str, int | None]:
        return {name: self.cleaned_data[name] for name in FIGURES}


class MergeForm(BaseForm):
    """Confirming a merge: which facts of the other to take, and why."""

    take = forms.MultipleChoiceField(
        label=_("다른 쪽의 값을 쓸 항목"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = reason_field(required=True)

    def __init__(self, *args: Any, fields: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["take"].choices = list(fields)  # type: ignore[attr-defined]


class ReasonForm(BaseForm):
    reason = reason_field(required=True)


class DecideForm(BaseForm):
    """About a difference: take theirs, or keep ours and say why."""

    on = day_field(_("효력일"), required=False, help_text=_("외부 자료에 날짜가 없을 때만 적습니다."))
    reason = reason_field(required=False, label=_("사유(받아들이지 않을 때는 꼭)"))


class SaveFilterForm(BaseForm):
    name = forms.CharField(label=_("이름"), max_length=60)
    shared_with = forms.ChoiceField(label=_("함께 쓸 기관"), required=False)

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shared_with"].choices = [("", _("혼자 쓰기")), *bodies]  # type: ignore[attr-defined]


class ExportForm(BaseForm):
    format = forms.ChoiceField(label=_("파일 꼴"), choices=[("xlsx", "XLSX"), ("csv", "CSV")])
    personal = forms.BooleanField(label=_("대표자와 연락처를 가리지 않고 담기"), required=False)
    reason = reason_field(required=False, label=_("쓰임"))


def initial_of(company: Company, names: Iterable[str]) -> dict[str, Any]:
    """The company's facts as its form first shows them."""
    facts: dict[str, Any] = {name: getattr(company, name) for name in names}
    if "industry" in facts:
        facts["industry"] = str(company.industry or "")
    if "lead_region" in facts and company.lead_region:
        facts["lead_region"] = f"{company.lead_region.scheme}:{company.lead_region.code}"
    return facts | {"version": company.version}
