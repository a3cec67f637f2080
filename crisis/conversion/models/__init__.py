from crisis.conversion.models.diagnosis import Diagnosis, DiagnosisScore
from crisis.conversion.models.execution import (
    Completion,
    Contact,
    ConversionFile,
    FollowUp,
    ManagerTerm,
    Milestone,
)
from crisis.conversion.models.plan import ConversionPlan, EditionMember, PlanEdition, PlanGoal, PlanMember
from crisis.conversion.models.reference import Centre, CentreRegion, ConversionRule, ScoreItem

__all__ = [
    "Centre",
    "CentreRegion",
    "Completion",
    "Contact",
    "ConversionFile",
    "ConversionPlan",
    "ConversionRule",
    "Diagnosis",
    "DiagnosisScore",
    "EditionMember",
    "FollowUp",
    "ManagerTerm",
    "Milestone",
    "PlanEdition",
    "PlanGoal",
    "PlanMember",
    "ScoreItem",
]
