"""Reads that join several models of surveys into an answer."""

from companies.surveys.selectors.clusters import may_see_firms, tenant_counts
from companies.surveys.selectors.company import company_panel, company_timeline
from companies.surveys.selectors.completion import completion
from companies.surveys.selectors.industries import identities, regional_industries_of
from companies.surveys.selectors.tasks import todo
from companies.surveys.selectors.windows import Calendar, Entry

__all__ = [
    "Calendar",
    "Entry",
    "company_panel",
    "company_timeline",
    "completion",
    "identities",
    "may_see_firms",
    "regional_industries_of",
    "tenant_counts",
    "todo",
]
