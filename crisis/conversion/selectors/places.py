"""The firms of an area."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from companies.models import Company, Workplace, WorkplaceCluster
from crisis.enums import AreaLevel
from crisis.models import Area


def firms_in(area: Area) -> QuerySet[Company]:
    """Firms with a workplace in a 시·도, a 시·군·구 or a cluster; in the whole country for the nation."""
    if area.level == AreaLevel.NATION:
        return Company.objects.all()
    if area.level == AreaLevel.CLUSTER:
        inside = WorkplaceCluster.objects.filter(workplace__company=OuterRef("pk"), cluster=area.cluster)
        return Company.objects.filter(Exists(inside))
    here = Q(region=area.region) | Q(region__parent=area.region)
    return Company.objects.filter(Exists(Workplace.objects.filter(here, company=OuterRef("pk"))))
