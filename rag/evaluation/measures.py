"""trec_eval's measures of a run, query by query, and how sure a difference of two means is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG

MEASURES = {
    "nDCG@10": nDCG @ 10,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    "recall@20": R @ 20,
    "recall@100": R @ 100,
    "MRR": RR @ 100,
}
MAIN = "nDCG@10"
"""The measure that differences and worst queries go by."""
RESAMPLES = 10_000
SEED = 20_261_123

Run = dict[str, list[str]]
"""Query id → source ids, best first."""
Scores = dict[str, dict[str, float]]
"""Measure → query id → value."""


def score(qrels: Mapping[str, Mapping[str, int]], run: Run) -> Scores:
    """Every measure of every judged query; a query without an answer scores 0."""
    # trec_eval orders by score alone: equal scores would be shuffled, so the place itself is the score.
    placed = {query: {name: -float(place) for place, name in enumerate(names)} for query, names in run.items()}
    names = {measure: name for name, measure in MEASURES.items()}
    scores: Scores = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    for found in ir_measures.iter_calc(list(MEASURES.values()), qrels, placed):
        scores[names[found.measure]][found.query_id] = float(found.value)
    return scores


@dataclass(frozen=True, slots=True)
class Difference:
    """Of two means over the same queries, with its 95 % confidence interval."""

    mean: float
    low: float
    high: float

    @property
    def significant(self) -> bool:
        """Whether 0 lies outside."""
        return self.low > 0 or self.high < 0


def difference(ours: Sequence[float], baseline: Sequence[float], resamples: int = RESAMPLES) -> Difference:
    """``ours`` less ``baseline`` (values of the same queries in the same order), by the paired bootstrap.

    Queries are drawn with replacement, ``resamples`` times, from a fixed seed; the interval holds the middle 95 % of the
    mean differences. (Sakai 2006, Evaluating evaluation metrics based on the bootstrap, SIGIR.)
    """
    differences = np.asarray(ours, float) - np.asarray(baseline, float)
    n = len(differences)
    # How often each query is drawn is all that matters, so that a resample is one row of counts.
    random = np.random.default_rng(SEED)
    means = [float(random.multinomial(n, np.full(n, 1 / n)) @ differences) / n for _ in range(resamples)]
    low, high = np.quantile(means, [0.025, 0.975])
    return Difference(float(differences.mean()), float(low), float(high))
