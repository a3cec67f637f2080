"""A fund project as the municipality writes it: contents, money, support for SMEs, indicators, firms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.models import Company
from crisis.declining.enums import DECIDED, EDITABLE, PROJECT_FACTS, PROJECT_NEXT, Ministry, ProjectState
from crisis.declining.models import FundProject, ProjectFirm, ProjectIndicator, ProjectMoney, ProjectSupport
from crisis.declining.services.common import keep, needs_holder, needs_sigungu, put
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Region, User
from portal.directory.scope import scope_of
from portal.kernel.db import advisory_lock
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal

CODES_LOCK = "declining.projects"
MOST_ROWS = 40


def locked(project: FundProject) -> FundProject:
    """The project with its row held: whoever changes anything of it queues here."""
    rows = FundProject.objects.select_for_update(no_key=True, of=("self",)).select_related("region__parent")
    return rows.get(pk=project.pk)


def project_url(project: FundProject) -> str:
    return reverse("declining:project", args=[project.code])


def step(project: FundProject, state: str) -> None:
    """Move on as the table of states allows, or say why not."""
    if state not in PROJECT_NEXT[project.state]:
        text = _("‘%(now)s’인 사업은 ‘%(then)s’(으)로 바꿀 수 없습니다.") % {
            "now": project.get_state_display(), "then": ProjectState(state).label,
        }  # fmt: skip
        raise Refusal("fund_project_state", text)
    project.state = state


def needs_writer(actor: User, project: FundProject) -> None:
    """Only the local government writes and reports its projects."""
    needs_holder(actor, Capability.WRITE_FUND_PROJECTS, [project.region_id])


def _open(project: FundProject, seen: int, actor: User) -> FundProject:
    held = locked(project)
    needs_writer(actor, held)
    refuse_stale(held, seen)
    if held.state not in EDITABLE:
        text = _("‘%(state)s’인 사업의 내용은 고칠 수 없습니다. 돌려받은 다음 고쳐 주세요.")
        raise Refusal("fund_project_not_editable", text % {"state": held.get_state_display()})
    return held


@transaction.atomic
def draft_project(
    *, region: Region, name: str, field: str, starts_on: date, ends_on: date, actor: User, is_demo: bool = False
) -> FundProject:
    """Begin a project of a 시·군·구. Its year is that of its first day."""
    needs_holder(actor, Capability.WRITE_FUND_PROJECTS, [region.pk])
    needs_sigungu(region)
    advisory_lock(CODES_LOCK)
    year = starts_on.year
    serial = FundProject.objects.filter(code__startswith=f"FP-{year}-").count() + 1
    row = FundProject(
        code=f"FP-{year}-{serial:03d}", region=region, year=year, name=name.strip(), field=field, starts_on=starts_on,
        ends_on=ends_on, is_demo=is_demo,
    )  # fmt: skip
    row.full_clean()
    with deed("draft_fund_project", actor=actor) as done:
        row.save()
        done.about(row, region=region)
    return row


@transaction.atomic
def save_project(*, project: FundProject, facts: Mapping[str, Any], seen: int, actor: User) -> FundProject:
    """Write the contents (`PROJECT_FACTS`). The first day stays in the year of the project."""
    held = _open(project, seen, actor)
    put(held, facts, PROJECT_FACTS)
    outside = held.money.exclude(year__in=range(held.starts_on.year, held.ends_on.year + 1))
    if outside.exists():
        text = _("사업 기간 밖의 연도에 적은 예산이 있습니다. 예산을 먼저 고쳐 주세요.")
        raise Refusal("money_outside", text, {"ends_on": text})
    with deed("save_fund_project", actor=actor) as done:
        keep(held)
        done.about(held, region=held.region)
    return held


@transaction.atomic
def set_money(*, project: FundProject, rows: Sequence[Mapping[str, Any]], seen: int, actor: User) -> FundProject:
    """Say how much each purse gives in each year: `ministry`, `year`, `planned` (won). All faults are told at once."""
    held = _open(project, seen, actor)
    years = range(held.starts_on.year, held.ends_on.year + 1)
    faults, wanted = {}, {}
    for at, row in enumerate(rows):
        key = (row["ministry"], row["year"])
        if row["year"] not in years:
            faults[f"m{at}_year"] = _("연도가 사업 기간(%(first)s~%(last)s년)을 벗어납니다.") % {
                "first": years[0], "last": years[-1],
            }  # fmt: skip
        elif row["ministry"] not in Ministry.values:
            faults[f"m{at}_ministry"] = _("재원을 고르세요.")
        elif key in wanted:
            faults[f"m{at}_ministry"] = _("같은 재원과 연도가 두 번 있습니다. 한 줄로 합쳐 주세요.")
        wanted[key] = row["planned"]
    if faults:
        raise Refusal("money_wrong", _("예산에 고칠 곳이 있습니다."), faults)
    with deed("set_fund_money", actor=actor) as done:
        have = {(one.ministry, one.year): one for one in held.money.all()}
        for key, one in have.items():
            if key not in wanted:
                one.delete()
        for (ministry, year), won in wanted.items():
            one = have.get((ministry, year)) or ProjectMoney(project=held, ministry=ministry, year=year)
            one.planned = won
            one.full_clean()
            one.save()
        keep(held)
        done.about(held, region=held.region, won=sum(wanted.values()))
    return held


def _set_rows(held: FundProject, model: type[Any], key: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """Make the rows of one kind exactly these; `key` names a row within the project."""
    wanted = {str(row[key]).strip(): dict(row) for row in rows}
    if len(wanted) > MOST_ROWS:
        raise Refusal("too_many_rows", _("한 사업에 %(most)s개까지 적을 수 있습니다.") % {"most": MOST_ROWS})
    have = {getattr(one, key): one for one in model.objects.filter(project=held)}
    for name, one in have.items():
        if name not in wanted:
            one.delete()
    for name, facts in wanted.items():
        one = have.get(name) or model(project=held)
        for fact, value in {**facts, key: name}.items():
            setattr(one, fact, value)
        one.full_clean()
        one.save()
    return len(wanted)


@transaction.atomic
def set_supports(*, project: FundProject, rows: Iterable[Mapping[str, Any]], seen: int, actor: User) -> FundProject:
    """Say which support for SMEs goes with it: `kind`, `ministry`, `programme`, `content`."""
    held = _open(project, seen, actor)
    with deed("set_fund_supports", actor=actor) as done:
        count = _set_rows(held, ProjectSupport, "programme", rows)
        keep(held)
        done.about(held, region=held.region, count=count)
    return held


@transaction.atomic
def set_indicators(*, project: FundProject, rows: Iterable[Mapping[str, Any]], seen: int, actor: User) -> FundProject:
    """Say what it is measured by: `kind`, `name`, `unit`, `base`, `target`."""
    held = _open(project, seen, actor)
    with deed("set_fund_indicators", actor=actor) as done:
        count = _set_rows(held, ProjectIndicator, "name", rows)
        keep(held)
        done.about(held, region=held.region, count=count)
    return held


@transaction.atomic
def link_project_firm(*, project: FundProject, company: Company, kind: str, note: str, actor: User) -> ProjectFirm:
    """Link a firm the writer may see: while it is planned or carried out."""
    held = locked(project)
    needs_writer(actor, held)
    if held.state in {ProjectState.CLOSED, ProjectState.WITHDRAWN}:
        raise Refusal("fund_project_closed", _("끝난 사업에는 기업을 연결할 수 없습니다."))
    if not Company.objects.visible_to(scope_of(actor)).not_merged().filter(pk=company.pk).exists():
        text = _("관할 밖이거나 없는 기업입니다.")
        raise Refusal("unknown_company", text, {"company": text})
    row = ProjectFirm(project=held, company=company, kind=kind, note=note.strip(), recorded_by=actor)
    row.full_clean()
    with deed("link_project_firm", actor=actor) as done:
        row.save()
        done.about(company, region=held.region, project=held.code, kind=kind)
    return row


@transaction.atomic
def unlink_project_firm(*, firm: ProjectFirm, actor: User) -> None:
    """Take a link back that was made by mistake; what it said stays in the history."""
    held = locked(firm.project)
    needs_writer(actor, held)
    if held.state in {ProjectState.CLOSED, ProjectState.WITHDRAWN}:
        raise Refusal("fund_project_closed", _("끝난 사업의 기업 연결은 바꿀 수 없습니다."))
    with deed("unlink_project_firm", actor=actor) as done:
        done.about(firm.company, region=held.region, project=held.code, kind=firm.kind)
        firm.delete()


def is_decided(project: FundProject) -> bool:
    return project.state in DECIDED
