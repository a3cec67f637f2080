"""Entitled areas by area and by measure, on a day, as known on another."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crisis.enums import Stage
from crisis.measures.forms import AreasFilter
from crisis.measures.selectors import EntitledArea, asker_of, entitled_areas
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.dates import end_of_day
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListPage
from portal.kernel.templatetags import ui
from portal.kernel.views import methods


class Table(list[EntitledArea]):
    """Rows that were worked out rather than read, with what a list asks of a queryset."""

    ordered = True

    def sorted_by(self, name: str, *, down: bool) -> "Table":
        """In order of one field; rows without a value come where the far future would. Ties keep their order."""
        return Table(sorted(self, key=lambda row: date.max if (v := getattr(row, name)) is None else v, reverse=down))

    def count(self, *_value: Any) -> int:
        return len(self)

    def iterator(self, chunk_size: int = 0) -> Iterator[EntitledArea]:
        return iter(self)


def _status(row: EntitledArea) -> Any:
    mark = ui.stage(row.status) if row.status in Stage.values else ui.badge(row.status.label, "info")
    return format_html("{} {}", mark, ui.example()) if row.is_demo else mark


class EntitledList(ListPage):
    name = "entitled-areas"
    title = _("우대 대상 지역")
    template = "measures/area_list.html"
    default_sort = "sido"
    export_capability = Capability.VIEW_MEASURES  # no firm stands in it
    empty_text = _("이날 우대 대상인 지역이 없습니다. 주의·심각 단계나 특별지원지역이 있으면 여기에 나타납니다.")
    columns = (
        ListColumn("area", _("지역"), sort=("area",), fixed=True, width=28),
        ListColumn("area_code", _("지역 코드"), sort=("area_code",), text=True, shown=False),
        ListColumn("sido", _("시·도"), sort=("sido_code",)),
        ListColumn("status", _("단계·지정"), value=lambda row: str(row.status.label), show=_status, sort=("status",)),
        ListColumn(
            "measure", _("우대 제도"), sort=("measure",), width=36,
            link=lambda row: reverse("measures:measure", args=[row.measure_code]),
            show=lambda row: format_html("{} {}", row.measure, ui.provisional()) if row.provisional else row.measure,
        ),
        ListColumn("measure_code", _("제도 코드"), sort=("measure_code",), text=True, shown=False),
        ListColumn("provider", _("운영 기관"), sort=("provider",), width=24),
        ListColumn("start", _("대상 첫날"), sort=("start",)),
        ListColumn("last_day", _("대상 마지막 날"), sort=("last_day",)),
        ListColumn("reference", _("근거 결정"), sort=("reference",), shown=False),
        ListColumn("provisional", _("잠정"), sort=("provisional",), shown=False),
    )  # fmt: skip

    @cached_property
    def form(self) -> AreasFilter:  # type: ignore[override]  # worked out here, not from a queryset
        asker = asker_of(self.scope)
        return AreasFilter(self.query, scope=self.scope, everywhere=bool(asker and asker.everywhere))

    @property
    def day(self) -> date:
        return (self.form.is_valid() and self.form.cleaned_data["on"]) or timezone.localdate()

    @cached_property
    def rows(self) -> Any:
        if not self.form.is_valid():
            return Table()
        asked = self.form.cleaned_data
        known: datetime | None = end_of_day(asked["known"]) if asked["known"] else None
        found = entitled_areas(self.scope, day=self.day, known_at=known)
        wanted = {"sido_code": asked["region"], "measure_code": asked["measure"], "status": asked["status"]}
        kept = [row for row in found if all(not v or getattr(row, name) == v for name, v in wanted.items())]
        key = self.sort.removeprefix("-")
        fields = next(column.sort for column in self.columns if column.key == key)
        return Table(kept).sorted_by(fields[0], down=self.sort.startswith("-"))


@needs(Capability.VIEW_MEASURES)
@methods(writes=("POST",))
def areas(request: PortalRequest) -> HttpResponseBase:
    """Which areas entitle to what on a day."""
    made = EntitledList.of(request)
    return made.respond(request, day=made.day)
