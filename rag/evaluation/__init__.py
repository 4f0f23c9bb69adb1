"""Measuring the rankings on BEIR-layout sets."""

from rag.evaluation.beir import EvaluationSet, load_set
from rag.evaluation.evaluate import MEASURES, Evaluation, evaluate
from rag.evaluation.report import as_markdown

__all__ = ["MEASURES", "Evaluation", "EvaluationSet", "as_markdown", "evaluate", "load_set"]
