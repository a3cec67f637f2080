"""What business conversion says on a company's page, its timeline and the company list."""

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import panels
from companies.models import Company
from crisis.conversion.enums import IN_EXECUTION
from crisis.conversion.models import Diagnosis, PlanMember
from portal.directory.enums import Capability
from portal.directory.scope import Scope

MOST = 20


def section(company: Company, scope: Scope) -> panels.Panel | None:
    """The firm's diagnoses and plans: two queries. Nothing for a reader who could not begin any either."""
    diagnoses = list(Diagnosis.objects.filter(company=company).visible_to(scope)[:MOST])
    members = PlanMember.objects.filter(company=company).visible_to(scope).select_related("plan")
    found = list(members.order_by("-plan__created_at")[:MOST])
    writes = scope.can(Capability.WORK_CONVERSION)
    if not diagnoses and not found and not writes:
        return None
    context = {"diagnoses": diagnoses, "members": found, "writes": writes}
    return panels.Panel("conversion", gettext_lazy("사업전환"), "conversion/company_panel.html", context)


def entries(company: Company, scope: Scope) -> Iterator[panels.Entry]:
    """A line for each diagnosis that ended and each plan approved or completed: two queries."""
    for one in Diagnosis.objects.filter(company=company, finished_on__isnull=False).visible_to(scope):
        yield panels.Entry(
            one.finished_on or one.requested_on, gettext_lazy("진단"), one.get_recommendation_display(), one.subject_labels,
            reverse("conversion:diagnosis", args=[one.code]),
        )  # fmt: skip
    rows = PlanMember.objects.filter(company=company, plan__approved_on__isnull=False).visible_to(scope)
    for member in rows.select_related("plan__completion"):
        plan, url = member.plan, reverse("conversion:plan", args=[member.plan.code])
        yield panels.Entry(
            plan.approved_on or plan.created_at.date(), gettext_lazy("사업전환"), _("계획 승인"), plan.title, url
        )
        completion = getattr(plan, "completion", None)
        if completion is not None and completion.decided_on:
            word = _("완료(목표 달성)") if completion.reached else _("완료(목표 미달성)")
            yield panels.Entry(completion.decided_on, gettext_lazy("사업전환"), word, plan.title, url)


def texts(ids: Sequence[int], scope: Scope) -> Mapping[int, str]:
    """Who carries a plan out now: one query for a page of companies."""
    rows = PlanMember.objects.current().filter(company__in=list(ids), plan__state__in=IN_EXECUTION).visible_to(scope)
    return {
        company: _("공동 사업전환 중") if joint else _("사업전환 중")
        for company, joint in rows.values_list("company_id", "plan__joint")
    }


def register() -> None:
    panels.panel(section, order=60)
    panels.timeline(entries)
    panels.column(panels.Column("conversion", gettext_lazy("사업전환"), texts, shown=False))
