"""The record of deeds: who did what to which, when and why."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.models import Event
from portal.directory.verbs import VERBS
from portal.kernel.dates import KST
from portal.kernel.forms import DateInput
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods


def worded(row: Event) -> str:
    """What was done, in the reader's language."""
    return str(VERBS.get(row.verb, row.verb))


def _facts(row: Event) -> str:
    return ", ".join(f"{name}: {value}" for name, value in row.facts.items())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=KST)


class EventFilters(ListFilters):
    verb = django_filters.ChoiceFilter(choices=sorted(VERBS.items(), key=lambda pair: str(pair[1])), label=_("한 일"))
    person = django_filters.CharFilter(method="by", label=_("한 사람"))
    subject = django_filters.CharFilter("subject_label", "icontains", label=_("대상"))
    since = django_filters.DateFilter(method="from_day", label=_("이 날부터"), widget=DateInput)
    until = django_filters.DateFilter(method="to_day", label=_("이 날까지"), widget=DateInput)
    request = django_filters.CharFilter("request_id", "exact", label=_("요청 번호"))

    def by(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        text = value.strip()
        return queryset.filter(Q(actor__name__icontains=text) | Q(actor__login_id__iexact=text))

    def from_day(self, queryset: QuerySet[Event], name: str, value: date) -> QuerySet[Event]:
        return queryset.filter(at__gte=_midnight(value))

    def to_day(self, queryset: QuerySet[Event], name: str, value: date) -> QuerySet[Event]:
        return queryset.filter(at__lt=_midnight(value + timedelta(days=1)))


class EventList(ListPage):
    name = "events"
    title = _("업무 기록")
    template = "directory/event_list.html"
    default_sort = "-at"
    tie = ("-pk",)
    filters = EventFilters
    export_capability = Capability.VIEW_HISTORY
    empty_text = _("관할 지역에서 한 일이 아직 없습니다.")
    columns = (
        ListColumn("at", _("일시"), sort=("at",), fixed=True, width=20),
        ListColumn("verb", _("한 일"), value=worded, sort=("verb",), width=20),
        ListColumn("subject_label", _("대상"), sort=("subject_label",), width=40),
        ListColumn(
            "actor", _("한 사람"), value=lambda row: row.actor.name if row.actor else None, sort=("actor__name",)
        ),
        ListColumn("region", _("지역"), value=lambda row: row.region.full_name if row.region else None),
        ListColumn("reason", _("사유"), width=32),
        ListColumn("facts", _("내용"), value=_facts, shown=False, width=48),
        ListColumn("login_id", _("아이디"), value=lambda row: row.actor.login_id if row.actor else None, shown=False),
        ListColumn("request_id", _("요청 번호"), text=True, shown=False, width=20),
    )

    def queryset(self) -> QuerySet[Any]:
        readable = Event.objects.visible_to(self.scope.within(Capability.VIEW_HISTORY))
        return readable.select_related("actor", "region__parent")


@needs(Capability.VIEW_HISTORY)
@methods(writes=("POST",))
def events(request: PortalRequest) -> HttpResponseBase:
    """What was done in the regions whose history the reader may see, the latest first."""
    return EventList.of(request).respond(request)
