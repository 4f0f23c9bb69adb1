"""Running a set's questions through each ranking and scoring the answers with trec_eval's measures."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import ir_measures
from ir_measures import R, nDCG

from rag.evaluation.beir import EvaluationSet
from rag.papers import Filters, Query
from rag.retrieval import Ranking, Searcher
from rag.store import Index

MEASURES = {"nDCG@10": nDCG @ 10, "recall@5": R @ 5, "recall@10": R @ 10, "recall@20": R @ 20, "recall@100": R @ 100}
DEPTH = 100


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One ranking on one set."""

    set_name: str
    ranking: Ranking
    queries: int
    measures: dict[str, float]
    """Name → mean over the queries."""
    median_ms: float
    """Median time of a question in milliseconds, its embedding included where the ranking needs one."""

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self)


async def evaluate(
    evaluation_set: EvaluationSet, collection: str, searcher: Searcher, index: Index, advance: Callable[[int], None]
) -> list[Evaluation]:
    """Each ranking over ``collection``; records are not folded. ``advance`` is told of every question done."""
    return [await _evaluate_one(evaluation_set, collection, ranking, searcher, index, advance) for ranking in Ranking]


async def _evaluate_one(
    evaluation_set: EvaluationSet,
    collection: str,
    ranking: Ranking,
    searcher: Searcher,
    index: Index,
    advance: Callable[[int], None],
) -> Evaluation:
    filters = Filters(collections=[collection])
    run: dict[str, dict[str, float]] = {}
    times: list[float] = []
    for query_id, text in evaluation_set.queries.items():
        start = time.perf_counter()
        ranked = (await searcher.rank(Query(text, filters), ranking))[:DEPTH]
        times.append(time.perf_counter() - start)
        names = await index.source_ids([r.candidate.key for r in ranked], collection)
        # trec_eval orders by score alone: equal scores would be shuffled, so the place itself is the score.
        run[query_id] = {names[r.candidate.key]: float(-place) for place, r in enumerate(ranked)}
        advance(1)
    scores = ir_measures.calc_aggregate(list(MEASURES.values()), evaluation_set.qrels, run)
    measures = {name: float(scores[measure]) for name, measure in MEASURES.items()}
    return Evaluation(evaluation_set.name, ranking, len(run), measures, 1_000 * statistics.median(times))
