from companies.tiers.models.case import TierCase
from companies.tiers.models.criteria import CriteriaSet
from companies.tiers.models.designation import CertificateIssue, LeadingDesignation, LeadingReport
from companies.tiers.models.partner import PartnerRegion
from companies.tiers.models.period import TierPeriod
from companies.tiers.models.screening import Screening, ScreeningRow
from companies.tiers.models.stated import StatedFact
from companies.tiers.models.strategy import GrowthStep, GrowthStrategy
from companies.tiers.models.target import CohortTarget

__all__ = [
    "CertificateIssue",
    "CohortTarget",
    "CriteriaSet",
    "GrowthStep",
    "GrowthStrategy",
    "LeadingDesignation",
    "LeadingReport",
    "PartnerRegion",
    "Screening",
    "ScreeningRow",
    "StatedFact",
    "TierCase",
    "TierPeriod",
]
