"""Targets of the cohort: the nation's come with the reference data, a region's are set here with their source."""

from django.db import transaction
from django.utils.translation import gettext as _

from companies.tiers.enums import TargetMeasure, Tier
from companies.tiers.models import CohortTarget
from companies.tiers.services.case_steps import written
from portal.directory.audit import deed
from portal.directory.enums import RegionLevel
from portal.directory.models import Region, User
from portal.kernel.db import advisory_lock
from portal.kernel.errors import Refusal


@transaction.atomic
def set_target(
    *, region: Region, year: int, tier: str, measure: str, count: int, source: str, actor: User, note: str = ""
) -> CohortTarget:
    """So many firms of a tier by the end of a year in a 시·도; one set before for the same is replaced."""
    if region.level != RegionLevel.SIDO:
        raise Refusal("region_not_sido", _("목표는 시·도별로 정합니다."), {"region": _("시·도를 고르세요.")})
    source = written(source, "source", _("목표의 근거 문서를 적어 주세요."))
    advisory_lock(f"tiers.target.{region.pk}.{year}.{tier}")
    with deed("set_cohort_target", actor=actor, reason=source) as done:
        target = CohortTarget.objects.filter(region=region, year=year, tier=tier).first() or CohortTarget(
            region=region, year=year, tier=Tier(tier)
        )
        target.measure, target.count, target.source, target.note = TargetMeasure(measure), count, source, note
        target.full_clean()
        target.save()
        done.about(target, region=region, count=count, tier=tier, year=year)
    return target


@transaction.atomic
def drop_target(*, target: CohortTarget, actor: User) -> None:
    """Take a region's target back. The nation's stay as published."""
    if target.region is None:
        raise Refusal("target_national", _("전국 목표는 기준정보로 들어오므로 지울 수 없습니다."))
    with deed("drop_cohort_target", actor=actor) as done:
        done.about(target, region=target.region, tier=target.tier, year=target.year)
        target.delete()
