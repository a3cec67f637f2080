"""Who is asked, who is missing, who is late: one list with its export."""

from functools import cached_property

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.rules import written_business_number
from companies.surveys.enums import HANDED_IN, SubmissionState
from companies.surveys.models import SurveyRound, Target
from companies.surveys.selectors import Calendar
from portal.directory.access import needs
from portal.directory.enums import Capability, OrganizationKind, RegionLevel
from portal.directory.models import Organization, Region
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods

ALL, NOTHING = gettext_lazy("모두"), gettext_lazy("미작성")
STATES = [
    ("MISSING", gettext_lazy("미제출(모두)")),
    ("NONE", NOTHING),
    *SubmissionState.choices,
    ("LATE", gettext_lazy("늦게 제출")),
    ("OVERDUE", gettext_lazy("기한 지난 미제출")),
]


class TargetFilters(ListFilters):
    q = django_filters.CharFilter(method="named", label=gettext_lazy("기업명·사업자등록번호"))
    round = django_filters.ModelChoiceFilter(
        label=gettext_lazy("회차"), queryset=SurveyRound.objects.none(), to_field_name="code", empty_label=ALL
    )
    state = django_filters.ChoiceFilter(choices=STATES, method="standing", label=gettext_lazy("상태"), empty_label=ALL)
    technopark = django_filters.ModelChoiceFilter(
        label=gettext_lazy("조사 기관"), queryset=Organization.objects.none(), to_field_name="code", empty_label=ALL
    )
    region = django_filters.ModelChoiceFilter(
        label=gettext_lazy("시·도"),
        queryset=Region.objects.none(),
        to_field_name="code",
        method="within",
        empty_label=ALL,
    )

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.filters["round"].queryset = SurveyRound.objects.visible_to(self.scope)
        bodies = Organization.objects.visible_to(self.scope).of_kind(OrganizationKind.TECHNOPARK)
        self.filters["technopark"].queryset = bodies.order_by("code")
        provinces = Region.objects.visible_to(self.scope).of_level(RegionLevel.SIDO).select_related("parent")
        self.filters["region"].queryset = provinces.order_by("code")

    def named(self, queryset: QuerySet[Target], name: str, value: str) -> QuerySet[Target]:
        text = value.strip()
        digits = "".join(filter(str.isdigit, text))
        found = Q(company__name_ko__icontains=text)
        return queryset.filter(found | Q(business_number__startswith=digits) if digits else found)

    def within(self, queryset: QuerySet[Target], name: str, value: Region) -> QuerySet[Target]:
        return queryset.filter(Q(region=value) | Q(region__parent=value))

    def standing(self, queryset: QuerySet[Target], name: str, value: str) -> QuerySet[Target]:
        if value == "MISSING":
            return queryset.missing()  # type: ignore[attr-defined]
        if value == "NONE":
            return queryset.filter(submission=None)
        if value == "LATE":
            return queryset.filter(submission__late=True)
        if value == "OVERDUE":
            return queryset.missing().filter(overdue(queryset))  # type: ignore[attr-defined]
        return queryset.filter(submission__state=value)


def overdue(queryset: QuerySet[Target]) -> Q:
    """The targets whose due date has passed: dates differ by region and move off days off, so they are looked up."""
    today = timezone.localdate()
    rounds = SurveyRound.objects.filter(pk__in=queryset.order_by().values("round")).distinct()
    calendar = Calendar(rounds, today)
    places: dict[int, list[int]] = {}
    pairs = set(queryset.order_by().values_list("round", "region"))
    regions = Region.objects.in_bulk({region for _, region in pairs})
    for round_id, region_id in pairs:
        if today > calendar.window(round_id, regions[region_id]).due:
            places.setdefault(round_id, []).append(region_id)
    found = Q(pk__in=[])
    for round_id, ids in places.items():
        found |= Q(round=round_id, region__in=ids)
    return found


def standing_word(target: Target) -> str:
    submission = getattr(target, "submission", None)
    return str(submission.get_state_display() if submission else NOTHING)


class TargetList(ListPage):
    name = "survey-targets"
    title = gettext_lazy("조사 대상")
    template = "surveys/target_list.html"
    default_sort = "name"
    filters = TargetFilters
    empty_text = gettext_lazy("조건에 맞는 조사 대상이 없습니다.")

    @cached_property
    def calendar(self) -> Calendar:
        """The dates of every round that has companies here."""
        return Calendar(SurveyRound.objects.visible_to(self.scope), timezone.localdate())

    def lateness(self, target: Target) -> str | None:
        """Handed in late, or not handed in though the due date of its region has passed."""
        submission = getattr(target, "submission", None)
        if submission is not None and submission.state in HANDED_IN:
            return _("늦게 제출") if submission.late else None
        due = self.calendar.window(target.round_id, target.region).due
        return _("기한 지남") if self.calendar.day > due else None

    @property
    def columns(self) -> tuple[ListColumn, ...]:  # type: ignore[override]
        return (
            ListColumn(
                "name", gettext_lazy("기업명"), value=lambda row: row.company.name_ko, sort=("company__name_key",), fixed=True,
                text=True, width=28, link=lambda row: reverse("surveys:target", args=[row.pk]),
            ),
            ListColumn(
                "business_number", gettext_lazy("사업자등록번호"), sort=("business_number",), text=True,
                value=lambda row: written_business_number(row.business_number),
            ),
            ListColumn("round", gettext_lazy("회차"), value=lambda row: row.round.title, sort=("round__opens_on",)),
            ListColumn("region", gettext_lazy("시·군·구"), value=lambda row: row.region.full_name, sort=("region__code",)),
            ListColumn(
                "technopark", gettext_lazy("조사 기관"), sort=("technopark__code",),
                value=lambda row: row.technopark.name if row.technopark else None,
            ),
            ListColumn(
                "cluster", gettext_lazy("밀집지역"), value=lambda row: row.cluster.name if row.cluster else None, shown=False
            ),
            ListColumn("state", gettext_lazy("상태"), value=standing_word, sort=("submission__state",)),
            ListColumn(
                "submitted_at", gettext_lazy("제출 일시"), sort=("submission__submitted_at",),
                value=lambda row: row.submission.submitted_at if hasattr(row, "submission") else None,
            ),
            ListColumn("late", gettext_lazy("기한"), value=self.lateness, sort=("submission__late",)),
            ListColumn("kind", gettext_lazy("구분"), value=lambda row: str(row.get_kind_display()), shown=False),
        )  # fmt: skip

    def queryset(self) -> QuerySet[Target]:
        return Target.objects.visible_to(self.scope).select_related(
            "round", "company", "region__parent", "technopark", "cluster", "submission"
        )


@needs(Capability.VIEW)
@methods(writes=("POST",))
def targets(request: PortalRequest) -> HttpResponseBase:
    """The companies asked in the reader's regions; POST asks for a long export."""
    return TargetList.of(request).respond(request)
