from crisis.support_areas.models.case import CaseFile, CasePlace, SupportCase
from crisis.support_areas.models.inquiry import Inquiry, InquiryMember
from crisis.support_areas.models.opinion import Opinion
from crisis.support_areas.models.programme import Programme, SupportAreaRule
from crisis.support_areas.models.report import YearlyReport
from crisis.support_areas.models.term import Term

__all__ = [
    "CaseFile",
    "CasePlace",
    "Inquiry",
    "InquiryMember",
    "Opinion",
    "Programme",
    "SupportAreaRule",
    "SupportCase",
    "Term",
    "YearlyReport",
]
