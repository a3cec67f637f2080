"""Metrics, criteria trees, evaluation and evidence: arithmetic and policy, free of Django."""

from companies.tiers.rules.evaluate import MET, NOT_MET, UNKNOWN, Evaluator, Result, evaluate
from companies.tiers.rules.evidence import sheet, texts
from companies.tiers.rules.facts import Facts, Stated, Year
from companies.tiers.rules.flow import LADDER, Half, half_of, halves, matrix, years_later
from companies.tiers.rules.metrics import METRICS, Metric, Reading, read
from companies.tiers.rules.tree import (
    DEEPEST,
    OPERATOR_WORDS,
    OPERATORS,
    Condition,
    CriteriaError,
    Fault,
    Group,
    Node,
    canonical,
    conditions,
    digest,
    digest_of,
    parse,
    within_industry,
)
from companies.tiers.rules.words import OUTCOME_WORDS, condition_text, outline, standing_in_the_way, word, words_of

__all__ = [
    "DEEPEST", "LADDER", "MET", "METRICS", "NOT_MET", "OPERATORS", "OPERATOR_WORDS", "OUTCOME_WORDS", "UNKNOWN", "Condition",
    "CriteriaError", "Evaluator", "Facts", "Fault", "Group", "Half", "Metric", "Node", "Reading", "Result", "Stated",
    "Year", "canonical", "condition_text", "conditions", "digest", "digest_of", "evaluate", "half_of", "halves", "matrix",
    "outline", "parse", "read", "sheet", "standing_in_the_way", "texts", "within_industry", "word", "words_of", "years_later",
]  # fmt: skip
