"""Evaluations as a table."""

from collections.abc import Sequence

from rag.evaluation.evaluate import MEASURES, Evaluation


def as_markdown(evaluations: Sequence[Evaluation]) -> str:
    """One row a set and ranking."""
    head = ["set", "queries", "ranking", *MEASURES, "median ms"]
    rows = [
        [e.set_name, str(e.queries), e.ranking, *(f"{e.measures[name]:.3f}" for name in MEASURES), f"{e.median_ms:.1f}"]
        for e in evaluations
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows])
