"""Measuring the rankings on BEIR-layout sets."""

from rag.evaluation.beir import EvaluationSet, load_set
from rag.evaluation.measures import MEASURES, difference, score
from rag.evaluation.report import as_json, as_markdown, as_tables, worst_as_text
from rag.evaluation.runner import Evaluation, Plan, evaluate
from rag.evaluation.variants import PRODUCT, VARIANTS, Variant, chosen

__all__ = [
    "MEASURES",
    "PRODUCT",
    "VARIANTS",
    "Evaluation",
    "EvaluationSet",
    "Plan",
    "Variant",
    "as_json",
    "as_markdown",
    "as_tables",
    "chosen",
    "difference",
    "evaluate",
    "load_set",
    "score",
    "worst_as_text",
]
