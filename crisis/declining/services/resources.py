"""Local resources, the firms linked to them and the support these were given."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company
from crisis.declining.models import LocalResource, ResourceFirm, ResourceSupport
from crisis.declining.services.common import keep, needs_holder, needs_sigungu, put, span
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Region, User
from portal.directory.scope import scope_of
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal

FACTS = ("kind", "name", "description", "industry", "source")


def _held(resource: LocalResource, actor: User) -> LocalResource:
    row = (
        LocalResource.objects.select_for_update(no_key=True, of=("self",)).select_related("region").get(pk=resource.pk)
    )
    needs_holder(actor, Capability.RECORD_DECLINING, [row.region_id])
    return row


@transaction.atomic
def put_resource(
    *, resource: LocalResource | None, region: Region, facts: Mapping[str, Any], first: date | None, last: date | None,
    seen: int, actor: User, is_demo: bool = False,
) -> LocalResource:  # fmt: skip
    """Record a local resource or change it. `facts`: FACTS. Its 시·군·구 is not changed."""
    if resource is not None:
        row = _held(resource, actor)
        refuse_stale(row, seen)
    else:
        needs_holder(actor, Capability.RECORD_DECLINING, [region.pk])
        needs_sigungu(region)
        row = LocalResource(region=region, is_demo=is_demo)
    put(row, facts, FACTS)
    row.effective = span(first, last)
    with deed("put_local_resource", actor=actor) as done:
        keep(row)
        done.about(row, region=row.region)
    return row


@transaction.atomic
def link_resource_firm(
    *, resource: LocalResource, company: Company, role: str, evidence: str, first: date, last: date | None, actor: User
) -> ResourceFirm:
    """Link a firm the writer may see to a resource."""
    held = _held(resource, actor)
    if not Company.objects.visible_to(scope_of(actor)).not_merged().filter(pk=company.pk).exists():
        text = _("관할 밖이거나 없는 기업입니다.")
        raise Refusal("unknown_company", text, {"company": text})
    row = ResourceFirm(
        resource=held, company=company, role=role, evidence=evidence.strip(), effective=span(first, last),
        recorded_by=actor,
    )  # fmt: skip
    row.full_clean()
    with deed("link_resource_firm", actor=actor) as done:
        row.save()
        done.about(company, region=held.region, resource=held.name, role=role)
    return row


@transaction.atomic
def end_resource_firm(*, firm: ResourceFirm, last: date, actor: User) -> ResourceFirm:
    """The firm no longer lives on the resource after a day."""
    held = _held(firm.resource, actor)
    firm.effective = span(firm.effective.lower, last)
    firm.full_clean()
    with deed("end_resource_firm", actor=actor) as done:
        firm.save()
        done.about(firm.company, region=held.region, resource=held.name, last=last.isoformat())
    return firm


@transaction.atomic
def add_resource_support(
    *, firm: ResourceFirm, given_on: date, kind: str, programme: str, won: int, note: str, actor: User
) -> ResourceSupport:
    """Count a support that the firm was given."""
    held = _held(firm.resource, actor)
    if given_on > timezone.localdate():
        text = _("아직 오지 않은 날의 지원은 적을 수 없습니다.")
        raise Refusal("day_in_future", text, {"given_on": text})
    row = ResourceSupport(
        firm=firm, given_on=given_on, kind=kind, programme=programme.strip(), won=won, note=note.strip(),
        recorded_by=actor,
    )  # fmt: skip
    row.full_clean()
    with deed("add_resource_support", actor=actor) as done:
        row.save()
        done.about(firm.company, region=held.region, resource=held.name, kind=kind, won=won)
    return row
