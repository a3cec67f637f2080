"""What happened to a company, on one line of time: the registry's own dates and what other apps add."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from companies import panels
from companies.models import Company, CompanyMerge, FormerPlace, WorkplaceCluster
from companies.panels import Entry
from portal.directory.scope import Scope


def of_company(company: Company, scope: Scope) -> list[Entry]:
    """Every entry, the latest first. The registry's own part costs seven queries."""
    entries = [*_registry(company), *panels.entries_of(company, scope)]
    return sorted(entries, key=lambda entry: (entry.on, str(entry.title)), reverse=True)


def _registry(company: Company) -> Iterator[Entry]:
    if company.founded_on:
        yield Entry(company.founded_on, _("설립"), _("설립"))
    for name in company.other_names.all():
        if name.until:
            yield Entry(name.until, _("이름"), _("‘%(name)s’(이)라는 이름을 이날까지 씀") % {"name": name.name})
    for state in company.states.all():
        if state.effective.lower:
            yield Entry(state.effective.lower, _("영업 상태"), str(state.get_state_display()), state.note)
    yield from _places(company)
    for paper in company.certifications.all():
        yield from _span(_("인증"), paper.effective, _("%(what)s 받음"), _("%(what)s 끝남"), str(paper))
    for patent in company.patents.all():
        kind = str(patent.get_kind_display())
        if patent.filed_on:
            yield Entry(patent.filed_on, kind, _("%(title)s 출원") % {"title": patent.title}, patent.application_number)
        if patent.registered_on:
            title = _("%(title)s 등록") % {"title": patent.title}
            yield Entry(patent.registered_on, kind, title, patent.registration_number)
    merges = CompanyMerge.objects.filter(survivor=company, undone_at=None).select_related("absorbed")
    for merge in merges:
        day = timezone.localdate(merge.created_at)
        yield Entry(day, _("합침"), _("%(name)s을(를) 합침") % {"name": merge.absorbed.name_ko}, merge.reason)


def _places(company: Company) -> Iterator[Entry]:
    for place in company.workplaces.select_related("region__parent"):
        label = place.name or (_("본사") if place.is_headquarters else _("사업장"))
        where = f"{label} – {place.region.full_name}"
        yield from _span(_("사업장"), place.effective, _("%(what)s 엶"), _("%(what)s 닫음"), where)
    former = FormerPlace.objects.filter(workplace__company=company).select_related("region__parent", "workplace")
    for old in former:
        if old.effective.upper:
            title = _("%(region)s에서 옮김") % {"region": old.region.full_name}
            yield Entry(old.effective.upper, _("사업장"), title, old.address)
    joined = WorkplaceCluster.objects.filter(workplace__company=company).select_related("cluster")
    for stay in joined:
        yield from _span(_("밀집지역"), stay.effective, _("%(what)s 입주"), _("%(what)s에서 나감"), stay.cluster.name)


def _span(kind: str, effective: Any, began: str, ended: str, what: str) -> Iterator[Entry]:
    """The beginning and the last day of something, as far as they are known and not still to come."""
    today, start, end = timezone.localdate(), effective.lower, effective.upper
    if start and start <= today:
        yield Entry(start, kind, began % {"what": what})
    if end and end <= today:
        yield Entry(end - timedelta(days=1), kind, ended % {"what": what})
