from crisis.plans.models.evaluation import PlanEvaluation
from crisis.plans.models.measure import MeasureTarget, PlanMeasure
from crisis.plans.models.obligation import Obligation
from crisis.plans.models.plan import Plan, PlanRevision
from crisis.plans.models.report import Evidence, QuarterlyReport, TargetResult
from crisis.plans.models.review import PlanComment
from crisis.plans.models.term import PlanTerm

__all__ = [
    "Evidence",
    "MeasureTarget",
    "Obligation",
    "Plan",
    "PlanComment",
    "PlanEvaluation",
    "PlanMeasure",
    "PlanRevision",
    "PlanTerm",
    "QuarterlyReport",
    "TargetResult",
]
