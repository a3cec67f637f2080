"""What the ministry types about centres, rules and items of diagnoses."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crisis.conversion.enums import ConversionKind, Subject
from crisis.conversion.forms import day
from crisis.conversion.models import Centre
from portal.directory.enums import OrganizationKind, RegionLevel
from portal.directory.models import Organization, Region
from portal.kernel.dates import period
from portal.kernel.forms import BaseForm, SeenForm


class CentreForm(SeenForm):
    code = forms.SlugField(label=_("코드"), max_length=30, help_text=_("영문 소문자와 숫자. 예: ulsan"))
    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("등록된 기관"), required=False)
    name = forms.CharField(label=_("이름"), max_length=80)
    seat = forms.ModelChoiceField(Region.objects.none(), label=_("소재지"))
    regions = forms.ModelMultipleChoiceField(
        Region.objects.none(), label=_("관할 지역"), widget=forms.SelectMultiple(attrs={"size": 12}),
        help_text=_("시·도 전체를 맡으면 시·도를 고르세요. 여럿을 고르려면 Ctrl 키를 누른 채 고르세요."),
    )  # fmt: skip
    starts_on = day(_("운영 시작일"))
    ends_on = day(_("운영 종료일"), required=False, help_text=_("이날부터 운영하지 않습니다."))
    source = forms.CharField(label=_("출처"), max_length=200)
    provisional = forms.BooleanField(label=_("관할은 잠정"), required=False)

    def __init__(self, data: Any = None, *, centre: Centre | None = None) -> None:
        initial: dict[str, Any] = {"seen": 0}
        if centre is not None:
            names = ("code", "organization", "name", "seat", "source", "provisional")
            initial = {name: getattr(centre, name) for name in names}
            initial |= {
                "seen": centre.version, "starts_on": centre.effective.lower, "ends_on": centre.effective.upper,
                "regions": list(centre.regions.values_list("region_id", flat=True)),
            }  # fmt: skip
        super().__init__(data, initial=initial)
        today, fields = timezone.localdate(), self.fields
        places: Any = Region.objects.in_force_on(today).exclude(level=RegionLevel.NATION)
        places = places.select_related("parent").order_by("scheme", "code")
        if centre is not None:  # a region that ended since stays on offer for the centre that has it
            kept = Region.objects.filter(pk__in=[centre.seat_id, *initial["regions"]])
            places = (places | kept.select_related("parent")).distinct()
        bodies = Organization.objects.in_force_on(today).of_kind(OrganizationKind.RESTRUCTURING_CENTRE)
        fields["organization"].queryset = bodies  # type: ignore[attr-defined]
        fields["seat"].queryset = fields["regions"].queryset = places  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end <= start:
            self.add_error("ends_on", _("종료일은 시작일보다 늦어야 합니다."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        effective = period(given.pop("starts_on"), given.pop("ends_on"))
        regions, seen = given.pop("regions"), given.pop("seen")
        return {"facts": given | {"effective": effective}, "regions": regions, "seen": seen}


class RuleForm(BaseForm):
    starts_on = day(_("적용 시작일"), help_text=_("지금 기준은 그 전날로 끝납니다."))
    kinds = forms.MultipleChoiceField(
        label=_("인정하는 유형"), choices=ConversionKind, widget=forms.CheckboxSelectMultiple
    )
    joint = forms.BooleanField(label=_("공동 사업전환 인정"), required=False)
    running_years = forms.IntegerField(label=_("업력 기준(년)"), min_value=0, max_value=30)
    industry_digits = forms.IntegerField(label=_("업종을 가르는 산업분류 자릿수"), min_value=2, max_value=5)
    longest_months = forms.IntegerField(label=_("계획 기간의 상한(개월)"), min_value=1, max_value=240)
    smallest_share = forms.DecimalField(label=_("새 사업 비중의 하한(%)"), min_value=0, max_value=100, decimal_places=2)
    follow_up_months = forms.IntegerField(label=_("완료 뒤 점검(개월)"), min_value=1, max_value=60)
    basis = forms.CharField(label=_("근거"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    provisional = forms.BooleanField(label=_("잠정"), required=False, initial=True)


class ItemForm(BaseForm):
    starts_on = day(_("적용 시작일"), today=True)
    code = forms.SlugField(label=_("코드"), max_length=30)
    subject = forms.ChoiceField(label=_("분야"), choices=Subject)
    name = forms.CharField(label=_("항목"), max_length=80)
    most = forms.IntegerField(label=_("배점"), min_value=1, max_value=100)
    position = forms.IntegerField(label=_("순서"), min_value=0, max_value=1000, initial=0)
    basis = forms.CharField(label=_("근거"), max_length=200)
    provisional = forms.BooleanField(label=_("잠정"), required=False, initial=True)


class ItemEndForm(BaseForm):
    last_day = day(_("적용 마지막 날"), today=True)
