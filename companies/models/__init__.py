from companies.models.cluster import Cluster
from companies.models.company import Company, CompanyName
from companies.models.figures import FIGURES, CompanyYear
from companies.models.identity import CompanyMerge, IntakeLink, RegistryDifference
from companies.models.industry import Industry, OlderIndustry
from companies.models.size_ceiling import SizeCeiling
from companies.models.standing import Certification, CompanyState, Patent
from companies.models.workplace import FormerPlace, Workplace, WorkplaceCluster

__all__ = [
    "FIGURES",
    "Certification",
    "Cluster",
    "Company",
    "CompanyMerge",
    "CompanyName",
    "CompanyState",
    "CompanyYear",
    "FormerPlace",
    "Industry",
    "IntakeLink",
    "OlderIndustry",
    "Patent",
    "RegistryDifference",
    "SizeCeiling",
    "Workplace",
    "WorkplaceCluster",
]
