from crisis.declining.models.complexes import ComplexMeasure
from crisis.declining.models.project import (
    FundProject,
    ProjectFirm,
    ProjectIndicator,
    ProjectMoney,
    ProjectReview,
    ProjectSupport,
)
from crisis.declining.models.report import IndicatorResult, ProjectReport, ReportEvidence, ReportSpending
from crisis.declining.models.resource import LocalResource, ResourceFirm, ResourceSupport
from crisis.declining.models.status import DeclineStatus, PlanFigure
from crisis.declining.models.zone import SpecialZone, ZoneChange, ZoneException, ZoneOperator, ZonePlace

__all__ = [
    "ComplexMeasure",
    "DeclineStatus",
    "FundProject",
    "IndicatorResult",
    "LocalResource",
    "PlanFigure",
    "ProjectFirm",
    "ProjectIndicator",
    "ProjectMoney",
    "ProjectReport",
    "ProjectReview",
    "ProjectSupport",
    "ReportEvidence",
    "ReportSpending",
    "ResourceFirm",
    "ResourceSupport",
    "SpecialZone",
    "ZoneChange",
    "ZoneException",
    "ZoneOperator",
    "ZonePlace",
]
