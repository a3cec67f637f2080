"""The list of current figures."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crisis.enums import AreaLevel, ObservationStatus
from crisis.models import Area, Indicator, Observation
from portal.intake import cells
from portal.kernel import display
from portal.kernel.dates import month_text
from portal.kernel.lists import ListColumn, ListFilters, ListPage


class MonthText(forms.CharField):
    """A month as people write it (`2025-09`, `2025.9`, `2025Q3`), as its first day."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more, widget=forms.TextInput(attrs={"placeholder": "2025-09", "size": 8}))

    def to_python(self, value: Any) -> Any:
        if cells.is_blank(value):
            return None
        try:
            return cells.month(value)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class MonthFilter(django_filters.Filter):
    field_class = MonthText


class ObservationFilters(ListFilters):
    """Area by code or part of its name, level, indicator, months, status."""

    area = django_filters.CharFilter(label=_("지역"), method="of_area")
    level = django_filters.ChoiceFilter(
        label=_("지역 구분"), choices=AreaLevel.choices, method="of_level", empty_label=_("모두")
    )
    indicator = django_filters.ModelChoiceFilter(
        label=_("지표"), queryset=Indicator.objects.order_by("code"), to_field_name="code", empty_label=_("모두")
    )
    since = MonthFilter(label=_("기간(부터)"), field_name="period", lookup_expr="gte")
    until = MonthFilter(label=_("기간(까지)"), field_name="period", lookup_expr="lte")
    status = django_filters.ChoiceFilter(label=_("구분"), choices=ObservationStatus.choices, empty_label=_("모두"))

    def of_area(self, rows: QuerySet[Observation], name: str, written: str) -> QuerySet[Observation]:
        areas = Area.objects.visible_to(self.scope).filter(Q(code__iexact=written) | Q(name_ko__icontains=written))
        return rows.filter(area__in=list(areas.values_list("pk", flat=True)))

    def of_level(self, rows: QuerySet[Observation], name: str, level: str) -> QuerySet[Observation]:
        areas = Area.objects.visible_to(self.scope).of_level(level)
        return rows.filter(area__in=list(areas.values_list("pk", flat=True)))


def _form_url(row: Observation) -> str:
    query = f"area={row.area.code}&indicator={row.indicator.code}"
    return f"{reverse('crisis:observation_new')}?{query}&period_year={row.period.year}&period_month={row.period.month}"


class ObservationList(ListPage):
    """Current figures of the reader's areas, the nation's included."""

    name = "observations"
    title = _("지표 자료")
    template = "crisis/observation_list.html"
    default_sort = "area"
    tie = ("area_id", "indicator_id", "period", "pk")
    filters = ObservationFilters
    empty_text = _("지표 자료를 파일로 올리거나 한 건씩 입력하면 여기에 보입니다.")
    columns = (
        ListColumn("area", _("지역"), value=lambda row: row.area.name_ko, sort=("area_id",), fixed=True, width=24),
        ListColumn("code", _("지역코드"), value=lambda row: row.area.code, text=True, shown=False),
        ListColumn("level", _("지역 구분"), value=lambda row: str(row.area.get_level_display()), shown=False, width=10),
        ListColumn("indicator", _("지표"), value=lambda row: row.indicator.name, sort=("indicator_id",), width=28),
        ListColumn("indicator_code", _("지표코드"), value=lambda row: row.indicator.code, text=True, shown=False),
        ListColumn(
            "period",
            _("기간"),
            value=lambda row: month_text(row.period),
            show=lambda row: display.period(row.period),
            sort=("period",),
            text=True,
            width=10,
        ),
        ListColumn("value", _("값"), css="num", sort=("value",)),
        ListColumn("unit", _("단위"), text=True, width=10),
        ListColumn("status", _("구분"), value=lambda row: str(row.get_status_display()), sort=("status",), width=10),
        ListColumn("known_at", _("알려진 일시"), sort=("known_at",), width=18),
        ListColumn("verified", _("이상값 확인"), value=lambda row: row.verified, shown=False, width=10),
        ListColumn("note", _("비고"), text=True, width=30),
        ListColumn("batch", _("입력"), value=lambda row: str(row.batch), text=True, shown=False, width=30),
    )

    def queryset(self) -> QuerySet[Any]:
        return Observation.objects.current().visible_to(self.scope).select_related("area", "indicator", "batch")
