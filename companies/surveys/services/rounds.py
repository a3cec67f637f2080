"""Rounds are made, dates moved for a region, the lock opened, companies drawn in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company, Workplace, WorkplaceCluster
from companies.surveys.enums import ExceptionKind, TargetKind
from companies.surveys.models import LockException, RegionWindow, SurveyForm, SurveyRound, Target
from companies.surveys.services.permission import refuse_non_manager
from companies.surveys.services.telling import tell_asked, tell_exception, tell_window
from portal.directory.audit import deed
from portal.directory.enums import OrganizationKind, RegionLevel
from portal.directory.models import Jurisdiction, Organization, Region, User
from portal.kernel.dates import period
from portal.kernel.errors import Refusal


@transaction.atomic
def create_round(
    *,
    code: str,
    title: str,
    form: SurveyForm,
    year: int,
    opens_on: date,
    due_on: date,
    closes_on: date,
    purpose: str = "",
    is_demo: bool = False,
    actor: User,
) -> SurveyRound:
    """Plan a round. ValidationError names what is wrong with it."""
    refuse_non_manager(actor)
    survey = SurveyRound(
        code=code, title=title, form=form, year=year, opens_on=opens_on, due_on=due_on, closes_on=closes_on,
        purpose=purpose, is_demo=is_demo, created_by=actor,
    )  # fmt: skip
    survey.full_clean()
    with deed("create_survey_round", actor=actor) as done:
        survey.save()
        done.about(survey, form=str(form), due=due_on.isoformat())
    return survey


@transaction.atomic
def set_window(
    *,
    survey: SurveyRound,
    region: Region,
    opens_on: date,
    due_on: date,
    closes_on: date,
    reason: str,
    actor: User,
) -> RegionWindow:
    """Give a 시·도 its own dates, or others than it had. What it had stays in the history."""
    refuse_non_manager(actor)
    if region.level != RegionLevel.SIDO:
        raise Refusal("not_a_province", "입력 기간은 시·도마다 정합니다.", {"region": "시·도를 골라 주세요."})
    _one_at_a_time(survey)
    window = RegionWindow.objects.filter(round=survey, region=region).first()
    window = window or RegionWindow(round=survey, region=region)
    window.opens_on, window.due_on, window.closes_on = opens_on, due_on, closes_on
    window.reason, window.set_by = reason.strip(), actor
    window.full_clean()
    with deed("set_survey_window", actor=actor, reason=reason) as done:
        window.save()
        done.about(survey, region=region, due=due_on.isoformat(), closes=closes_on.isoformat())
        tell_window(window)
    return window


@transaction.atomic
def grant_exception(
    *,
    survey: SurveyRound,
    region: Region | None = None,
    target: Target | None = None,
    until: date,
    reason: str,
    actor: User,
) -> LockException:
    """Open the lock from today to the end of `until`, for a region or for one company of the round."""
    refuse_non_manager(actor)
    today = timezone.localdate()
    if (region is None) == (target is None):
        raise Refusal("exception_of_whom", "마감 예외를 줄 지역이나 기업 가운데 하나만 골라 주세요.")
    if target is not None and target.round_id != survey.pk:
        raise Refusal("target_elsewhere", "이 회차의 대상 기업이 아닙니다.")
    if until < today:
        raise Refusal(
            "exception_in_past", "마감 예외는 오늘이나 그 뒤까지 줄 수 있습니다.", {"until": "오늘 이후로 정해 주세요."}
        )
    place = region if target is None else target.region
    exception = LockException(
        round=survey,
        kind=ExceptionKind.REGION if target is None else ExceptionKind.TARGET,
        region=place,
        target=target,
        effective=period(today, until + timedelta(days=1)),
        reason=reason.strip(),
        granted_by=actor,
    )
    exception.full_clean()
    with deed("grant_survey_exception", actor=actor, reason=reason) as done:
        exception.save()
        done.about(target or survey, region=place, until=until.isoformat())
        tell_exception(exception)
    return exception


def _one_at_a_time(survey: SurveyRound) -> None:
    """Whoever else changes dates or targets of the round waits, and then sees what was done."""
    SurveyRound.objects.select_for_update(no_key=True).get(pk=survey.pk)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What became of companies drawn into a round: how many were added, were there, had no place to be asked at."""

    added: int
    already: int
    placeless: tuple[str, ...]


@transaction.atomic
def add_targets(
    *, survey: SurveyRound, companies: Iterable[Company], kind: str = TargetKind.SAMPLE, actor: User
) -> Drawn:
    """Draw companies into a round, each at its headquarters (else its first site with a number), with the cluster it
    lies in and the technopark that answers for the place. Drawing a company twice changes nothing. Their technoparks are told.
    """
    refuse_non_manager(actor)
    today = timezone.localdate()
    wanted = {company.pk: company for company in companies}
    _one_at_a_time(survey)
    there = set(Target.objects.filter(round=survey, company__in=wanted).values_list("company", flat=True))
    sites: dict[int, Workplace] = {}
    for site in (
        Workplace.objects.in_force_on(today)
        .filter(company__in=wanted.keys() - there)
        .exclude(business_number="")
        .select_related("region")
        .order_by("company", "-is_headquarters", "pk")
    ):
        sites.setdefault(site.company_id, site)
    clusters = dict(
        WorkplaceCluster.objects.in_force_on(today)
        .filter(workplace__in=[site.pk for site in sites.values()])
        .order_by("-cluster__code")
        .values_list("workplace", "cluster")
    )
    bodies = _technoparks(today)
    fresh = [
        Target(
            round=survey,
            company=wanted[pk],
            business_number=site.business_number,
            region=site.region,
            cluster_id=clusters.get(site.pk),
            technopark_id=bodies.get(site.region_id) or bodies.get(site.region.parent_id or 0),
            kind=kind,
        )
        for pk, site in sorted(sites.items())
    ]
    with deed("add_survey_targets", actor=actor) as done:
        Target.objects.bulk_create(fresh, batch_size=1000)
        if fresh:
            done.about(survey, added=len(fresh))
            asked = {one.technopark_id for one in fresh if one.technopark_id}
            tell_asked(survey, list(Organization.objects.filter(pk__in=asked)))
    placeless = tuple(sorted(str(wanted[pk]) for pk in wanted.keys() - there - sites.keys()))
    return Drawn(len(fresh), len(there), placeless)


def _technoparks(day: date) -> dict[int, int]:
    """Region (시·도 or 시·군·구) → the technopark that answers for it; a district's own goes before its 시·도's."""
    rows = Jurisdiction.objects.filter(
        organization__kind=OrganizationKind.TECHNOPARK, effective__contains=day
    ).order_by("-organization__code")
    return dict(rows.values_list("region", "organization"))


@transaction.atomic
def remove_target(*, target: Target, reason: str, actor: User) -> None:
    """Take a company out of a round, as long as nobody has written anything for it."""
    refuse_non_manager(actor)
    target = Target.objects.select_for_update().select_related("round", "region").get(pk=target.pk)
    if not reason.strip():
        raise Refusal("reason_missing", "대상에서 빼는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    if getattr(target, "submission", None) is not None:
        raise Refusal("target_written", _("조사표를 적기 시작한 기업은 대상에서 뺄 수 없습니다."))
    with deed("remove_survey_target", actor=actor, reason=reason) as done:
        done.about(target, region=target.region, company=str(target.company_id))
        target.delete()
