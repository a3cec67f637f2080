"""Workplaces open, move and close; they lie in clusters for a time."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Upper
from django.utils import timezone

from companies import rules
from companies.enums import OperatingState
from companies.models import Cluster, Company, FormerPlace, Workplace, WorkplaceCluster
from companies.services import changed
from companies.services.editing import apply, locked, refuse_if_changed, told
from companies.services.permission import refuse_elsewhere, refuse_stranger
from companies.services.registering import refuse_doubtful_number
from portal.directory.audit import deed
from portal.directory.models import Region, User
from portal.kernel.dates import period
from portal.kernel.errors import Refusal

WORKPLACE_FACTS = ("name", "address", "business_number", "number_reason")


def _refuse_taken(number: str, *, but: int | None = None) -> None:
    twin = Workplace.objects.filter(business_number=number).exclude(pk=but).select_related("company").first()
    if number and twin:
        raise Refusal(
            "business_number_taken",
            f"이미 등록된 사업자등록번호입니다: {twin.company.name_ko}",
            {"business_number": "이미 등록된 사업자등록번호입니다."},
        )


def _refuse_future(day: date | None) -> None:
    if day and day > timezone.localdate():
        raise Refusal("day_in_future", "아직 오지 않은 날은 적을 수 없습니다.", {"on": "오늘까지의 날을 적어 주세요."})


@transaction.atomic
def add_workplace(
    *,
    company: Company,
    region: Region,
    business_number: str = "",
    number_reason: str = "",
    name: str = "",
    address: str = "",
    since: date | None = None,
    actor: User | None = None,
) -> Workplace:
    """Add a site. Its own number may be empty when it shares that of the headquarters."""
    refuse_stranger(actor, company)
    refuse_elsewhere(actor, region)
    refuse_doubtful_number(business_number, number_reason)
    _refuse_taken(business_number)
    with deed("add_workplace", actor=actor) as done:
        place = Workplace(
            company=company,
            region=region,
            business_number=business_number,
            number_reason=number_reason.strip(),
            name=rules.compact(name),
            address=rules.compact(address),
            effective=period(since),
        )
        place.full_clean()
        place.save()
        done.about(company, region=region, workplace=place.pk)
    changed.tell([company.pk])
    return place


@transaction.atomic
def change_workplace(
    *,
    workplace: Workplace,
    version: int | None,
    changes: Mapping[str, Any],
    actor: User | None = None,
    reason: str = "",
) -> Workplace:
    """Correct a site's name, address or number (WORKPLACE_FACTS). For a move to another place use `move_workplace`."""
    refuse_stranger(actor, workplace.company)
    row = locked(Workplace, workplace.pk)
    unknown = sorted(set(changes) - set(WORKPLACE_FACTS))
    if unknown:
        raise TypeError(f"not facts of a workplace: {unknown}")
    refuse_if_changed(row, version=version, changes=changes)
    if "business_number" in changes:
        refuse_doubtful_number(changes["business_number"], changes.get("number_reason", row.number_reason))
        _refuse_taken(changes["business_number"], but=row.pk)
    with deed("change_workplace", actor=actor, reason=reason) as done:
        if differences := apply(row, changes):
            done.about(row.company, region=row.region, workplace=row.pk, **told(differences))
            changed.tell([row.company_id])
    return row


@transaction.atomic
def move_workplace(
    *,
    workplace: Workplace,
    region: Region,
    address: str,
    on: date,
    version: int | None = None,
    actor: User | None = None,
    reason: str = "",
) -> Workplace:
    """The site stands at another place from a day on; where it stood before is kept. Memberships in clusters end."""
    refuse_stranger(actor, workplace.company)
    refuse_elsewhere(actor, region)
    _refuse_future(on)
    row = locked(Workplace, workplace.pk)
    refuse_if_changed(row, version=version, changes={"address": address, "region_id": region.pk})
    last = row.former_places.aggregate(end=Max(Upper("effective")))["end"] or row.effective.lower
    if last and on <= last:
        raise Refusal(
            "move_too_early", f"옮긴 날은 {last:%Y. %-m. %-d.} 뒤여야 합니다.", {"on": "날짜를 확인해 주세요."}
        )
    with deed("move_workplace", actor=actor, reason=reason) as done:
        FormerPlace.objects.create(
            workplace=row, address=row.address, region_id=row.region_id, effective=period(last, on)
        )
        for membership in row.cluster_memberships.filter(effective__contains=on):
            _end(membership, on)
        before = row.region
        apply(row, {"region": region, "address": rules.compact(address)})
        done.about(row.company, region=region, workplace=row.pk, left=before.code, on=on.isoformat())
        if before.pk != region.pk:
            done.about(row.company, region=before, workplace=row.pk, went_to=region.code, on=on.isoformat())
    changed.tell([row.company_id])
    return row


@transaction.atomic
def close_workplace(*, workplace: Workplace, on: date, actor: User | None = None, reason: str = "") -> Workplace:
    """The site's last day is the one before `on`. A headquarters closes only with its company."""
    refuse_stranger(actor, workplace.company)
    _refuse_future(on)
    row = locked(Workplace, workplace.pk)
    if row.is_headquarters and row.company.state != OperatingState.CLOSED:
        raise Refusal(
            "headquarters_open", "본사입니다. 먼저 다른 사업장을 본사로 바꾸거나 기업을 폐업으로 바꿔 주세요."
        )
    if row.effective.upper is not None:
        raise Refusal("workplace_closed", "이미 닫은 사업장입니다.")
    if row.effective.lower and on <= row.effective.lower:
        raise Refusal("close_too_early", "닫은 날은 연 날보다 늦어야 합니다.", {"on": "날짜를 확인해 주세요."})
    with deed("close_workplace", actor=actor, reason=reason) as done:
        for membership in row.cluster_memberships.filter(effective__contains=on):
            _end(membership, on)
        apply(row, {"effective": period(row.effective.lower, on)})
        done.about(row.company, region=row.region, workplace=row.pk, on=on.isoformat())
    changed.tell([row.company_id])
    return row


@transaction.atomic
def make_headquarters(*, workplace: Workplace, actor: User | None = None, reason: str = "") -> Workplace:
    """Another site becomes the headquarters."""
    refuse_stranger(actor, workplace.company)
    company = locked(Company, workplace.company_id)
    row = locked(Workplace, workplace.pk)
    if not row.business_number:
        raise Refusal("number_missing", "본사로 삼으려면 먼저 사업자등록번호를 적어 주세요.")
    with deed("make_headquarters", actor=actor, reason=reason) as done:
        for old in company.workplaces.headquarters().exclude(pk=row.pk):
            apply(locked(Workplace, old.pk), {"is_headquarters": False})
        apply(row, {"is_headquarters": True})
        done.about(company, region=row.region, workplace=row.pk)
    changed.tell([company.pk])
    return row


@transaction.atomic
def join_cluster(
    *, workplace: Workplace, cluster: Cluster, since: date | None, source: str = "", actor: User | None = None
) -> WorkplaceCluster:
    """The site lies in the cluster from a day on (None: as long as is known)."""
    refuse_stranger(actor, workplace.company)
    row = locked(Workplace, workplace.pk)
    if row.cluster_memberships.filter(cluster=cluster, effective__overlap=period(since)).exists():
        raise Refusal("cluster_twice", f"그 기간에 이미 {cluster.name_ko}에 입주한 것으로 적혀 있습니다.")
    with deed("join_cluster", actor=actor) as done:
        membership = WorkplaceCluster(workplace=row, cluster=cluster, effective=period(since), source=source)
        membership.full_clean()
        membership.save()
        done.about(row.company, region=row.region, workplace=row.pk, cluster=cluster.code)
    return membership


@transaction.atomic
def leave_cluster(
    *, membership: WorkplaceCluster, on: date, actor: User | None = None, reason: str = ""
) -> WorkplaceCluster:
    """The site's last day in the cluster is the one before `on`."""
    place = membership.workplace
    refuse_stranger(actor, place.company)
    membership = locked(WorkplaceCluster, membership.pk)
    if membership.effective.lower and on <= membership.effective.lower:
        raise Refusal("leave_too_early", "나간 날은 들어온 날보다 늦어야 합니다.", {"on": "날짜를 확인해 주세요."})
    with deed("leave_cluster", actor=actor, reason=reason) as done:
        _end(membership, on)
        done.about(place.company, region=place.region, workplace=place.pk, cluster=membership.cluster.code)
    return membership


def _end(membership: WorkplaceCluster, on: date) -> None:
    lower = membership.effective.lower
    membership.effective = period(lower, on if lower is None or on > lower else lower + timedelta(days=1))
    membership.save(update_fields=["effective"])
