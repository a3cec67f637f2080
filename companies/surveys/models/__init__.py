from companies.surveys.models.form import SurveyForm
from companies.surveys.models.industry import RegionalIndustry, RegionalIndustryCode, RegionalIndustryRegion
from companies.surveys.models.round import LockException, RegionWindow, SurveyRound
from companies.surveys.models.submission import FieldMark, Revision, Submission
from companies.surveys.models.target import Target

__all__ = [
    "FieldMark",
    "LockException",
    "RegionWindow",
    "RegionalIndustry",
    "RegionalIndustryCode",
    "RegionalIndustryRegion",
    "Revision",
    "Submission",
    "SurveyForm",
    "SurveyRound",
    "Target",
]
