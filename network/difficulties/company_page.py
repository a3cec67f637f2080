"""What the cases add to a company's page, its timeline and the company list: only cases the reader sees."""

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import panels
from companies.models import Company
from network.difficulties.models import Case
from portal.directory.enums import Capability
from portal.directory.scope import Scope


def section(company: Company, scope: Scope) -> panels.Panel | None:
    """The cases of the firm, the open one first: one query. Nothing at all for who may not see cases."""
    if not scope.can(Capability.VIEW_DIFFICULTIES):
        return None
    rows = Case.objects.filter(company=company).visible_to(scope).with_lead().with_work(timezone.localdate())
    cases = list(rows.order_by("closed_on", "-opened_on"))
    return panels.Panel(
        "difficulties",
        gettext_lazy("위기·애로기업 사례"),
        "difficulties/company_panel.html",
        {
            "open": [case for case in cases if case.is_open],
            "closed": [case for case in reversed(cases) if not case.is_open],
            "may_open": scope.can(Capability.MANAGE_DIFFICULTIES) and not any(case.is_open for case in cases),
        },
    )


def entries(company: Company, scope: Scope) -> Iterator[panels.Entry]:
    """When a case was opened and how it ended: one query."""
    for case in Case.objects.filter(company=company).visible_to(scope):
        url, kind = reverse("difficulties:case", args=[case.code]), gettext_lazy("애로기업 사례")
        yield panels.Entry(case.opened_on, kind, _("사례 시작"), case.get_source_display(), url)
        if case.closed_on:
            yield panels.Entry(case.closed_on, kind, _("사례 종결"), case.get_outcome_display(), url)


def texts(ids: Sequence[int], scope: Scope) -> Mapping[int, str]:
    """The companies that have an open case: one query for a page of them."""
    rows = Case.objects.visible_to(scope).open().filter(company__in=list(ids))
    return {company: _("애로기업 사례 진행 중") for company in rows.values_list("company_id", flat=True)}


def register() -> None:
    panels.panel(section, order=30)
    panels.timeline(entries)
    panels.column(panels.Column("difficulty", gettext_lazy("애로기업 사례"), texts, shown=False))
