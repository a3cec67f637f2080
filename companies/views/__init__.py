"""Pages of companies and clusters."""

from companies.views.clusters import cluster, clusters
from companies.views.company_deeds import (
    certification_end,
    certification_new,
    company_figures,
    company_state,
    name_new,
    patent_new,
    patent_remove,
    workplace,
    workplace_new,
)
from companies.views.company_entry import company_edit, company_new
from companies.views.company_lists import companies, company_export, company_mark, filter_forget, filter_save
from companies.views.company_merging import merge_choose, merge_plan, merge_undo
from companies.views.company_page import company, company_history, company_people
from companies.views.differences import difference, differences

__all__ = [
    "certification_end",
    "certification_new",
    "cluster",
    "clusters",
    "companies",
    "company",
    "company_edit",
    "company_export",
    "company_figures",
    "company_history",
    "company_mark",
    "company_new",
    "company_people",
    "company_state",
    "difference",
    "differences",
    "filter_forget",
    "filter_save",
    "merge_choose",
    "merge_plan",
    "merge_undo",
    "name_new",
    "patent_new",
    "patent_remove",
    "workplace",
    "workplace_new",
]
