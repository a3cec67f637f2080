"""What crisis response says on a company's page: the stages decided for the places it lies in."""

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import panels
from companies.models import Company, Workplace, WorkplaceCluster
from crisis.enums import STAGE_RANK, AreaLevel, DeterminationState, Stage
from crisis.models import Area, Determination, StageChange
from portal.directory.scope import Scope


def areas_of(company: Company) -> QuerySet[Area]:
    """The 시·군·구 and clusters the company's workplaces lie in or ever lay in."""
    here = Workplace.objects.filter(company=company, region=OuterRef("region"))
    inside = WorkplaceCluster.objects.filter(workplace__company=company, cluster=OuterRef("cluster"))
    places = Q(Exists(here), level=AreaLevel.SIGUNGU)
    return Area.objects.filter(places | Q(Exists(inside), level=AreaLevel.CLUSTER))


def entries(company: Company, scope: Scope) -> Iterator[panels.Entry]:
    """A line for each decided change of stage of those places: one query."""
    changes = StageChange.objects.visible_to(scope).filter(
        area__in=areas_of(company), determination__state=DeterminationState.CONFIRMED
    )
    for change in changes.select_related("area"):
        before = Stage(change.from_stage).label if change.from_stage else _("단계 없음")
        yield panels.Entry(
            change.on,
            gettext_lazy("위기 단계"),
            _("%(area)s: %(before)s → %(after)s")
            % {"area": change.area.name, "before": before, "after": change.get_to_stage_display()},
            url=reverse("dashboards:area", args=[change.area.code]),
        )


def stages(ids: Sequence[int], scope: Scope) -> Mapping[int, str]:
    """The worst stage in force today where a workplace lies, if it is worse than good: two queries for a page."""
    today = timezone.localdate()
    places = list(Workplace.objects.filter(company__in=list(ids)).values_list("company_id", "region_id"))
    decided = Determination.objects.visible_to(scope).in_force_on(today)
    by_region = dict(
        decided.filter(area__level=AreaLevel.SIGUNGU, area__region__in={region for _company, region in places})
        .exclude(stage=Stage.GOOD)
        .values_list("area__region_id", "stage")
    )
    worst: dict[int, str] = {}
    for company, region in places:
        stage = by_region.get(region)
        if stage and STAGE_RANK[stage] > STAGE_RANK.get(worst.get(company, Stage.GOOD), 0):
            worst[company] = stage
    return {company: _("%(stage)s 지역") % {"stage": Stage(stage).label} for company, stage in worst.items()}


def register() -> None:
    panels.timeline(entries)
    panels.column(panels.Column("stage", gettext_lazy("지역 위기 단계"), stages, shown=False))
