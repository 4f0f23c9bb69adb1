"""Asking a set's questions of every variant, and scoring the answers."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np

from rag.embeddings import Embedder, Matrix
from rag.embeddings.cache import VectorCache
from rag.evaluation.beir import EvaluationSet, spread
from rag.evaluation.measures import MAIN, Difference, Run, Scores, difference, score
from rag.evaluation.variants import PRODUCT, STEP_QUERIES, Variant, merged
from rag.papers import Filters, Query
from rag.retrieval import Searcher
from rag.store import Index

DEPTH = 100
AT_ONCE = 4
"""Questions under way at the same time while quality is measured; latency is measured one by one."""
TIMED = 40
"""Questions that latency is measured with."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of a question asked alone, its embedding included."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One variant on one set."""

    variant: str
    run: Run
    scores: Scores
    latency: Latency
    difference: Difference | None
    """Of ``MAIN`` to the baseline's; None for the baseline itself."""
    step: bool = False
    """Whether a step was left out, and only some of the queries asked."""

    def means(self, queries: Sequence[str]) -> dict[str, float]:
        """The mean of each measure over these queries."""
        return {name: float(np.mean([values[query] for query in queries])) for name, values in self.scores.items()}


@dataclass(frozen=True, slots=True)
class SetResult:
    """All variants on one set."""

    evaluation_set: EvaluationSet
    papers: int
    baseline: str
    measured: list[Measured] = field(default_factory=list)

    @property
    def whole(self) -> list[Measured]:
        """The variants that were asked every query."""
        return [one for one in self.measured if not one.step]

    @property
    def steps(self) -> list[Measured]:
        """Those with a step left out."""
        return [one for one in self.measured if one.step]

    def of(self, variant: str) -> Measured:
        """What was measured of the variant of this name."""
        return next(one for one in self.measured if one.variant == variant)


class Unremembered(Embedder):
    """Another embedder without its memory of questions, so that each one costs what it costs a user."""

    def __init__(self, inner: Embedder) -> None:
        """Closing this does not close ``inner``."""
        super().__init__(inner.model, inner.dimensions, inner.profile)
        self._inner = inner
        self._queries = VectorCache(0)

    def count_tokens(self, texts: Sequence[str]) -> int:
        """As ``inner`` counts."""
        return self._inner.count_tokens(texts)

    def close(self) -> None:
        """There is nothing of its own to close."""

    def _start(self, texts: Sequence[str], *, urgent: bool) -> "Future[Matrix]":
        return self._inner._start(texts, urgent=urgent)


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a set is measured: the collection of its papers, a searcher for quality and one for latency."""

    index: Index
    collection: str
    filters: Filters
    """What keeps the set's papers apart from others; none in a database of its own, as most people search."""
    searcher: Searcher
    timed: Searcher
    """Over an ``Unremembered`` embedder."""


async def measure(
    evaluation_set: EvaluationSet,
    papers: int,
    variants: Sequence[Variant],
    baseline: str,
    bench: Bench,
    advance: Callable[[int], None],
) -> SetResult:
    """Every variant over the bench's collection; records are not folded. ``advance`` is told of every question done."""
    result = SetResult(evaluation_set, papers, baseline)
    ordered = sorted(variants, key=lambda variant: variant.name != baseline)
    for variant in ordered:
        asked = evaluation_set.sample(STEP_QUERIES) if variant.step else evaluation_set
        run = await _run(asked, variant, {one.variant: one.run for one in result.measured}, bench, advance)
        scores = score(asked.qrels, run)
        gain = None
        if variant.name != baseline:
            ours, theirs = scores[MAIN], result.of(baseline).scores[MAIN]
            gain = difference(list(ours.values()), [theirs[query] for query in ours])
        latency = await _latency(evaluation_set, variant, bench)
        result.measured.append(Measured(variant.name, run, scores, latency, gain, variant.step))
    places = {variant.name: place for place, variant in enumerate(variants)}
    result.measured.sort(key=lambda one: places[one.variant])
    return result


async def _run(
    evaluation_set: EvaluationSet, variant: Variant, known: Mapping[str, Run], bench: Bench, advance: Callable[[int], None]
) -> Run:
    """The variant's answers to all queries; those that follow from answers in ``known`` are not asked for."""
    queries = evaluation_set.queries
    if variant.merged_from and known.keys() >= set(variant.merged_from):
        advance(len(queries))
        return {query: merged([known[part][query] for part in variant.merged_from])[:DEPTH] for query in queries}
    product = known.get(PRODUCT, {})
    kept = [query for query, text in queries.items() if query in product and variant.touches and not variant.touches(text)]
    untouched = {query: product[query] for query in kept}
    advance(len(untouched))
    asked = await _answers({query: text for query, text in queries.items() if query not in untouched}, variant, bench, advance)
    return {query: untouched[query] if query in untouched else asked[query] for query in queries}


async def _answers(queries: Mapping[str, str], variant: Variant, bench: Bench, advance: Callable[[int], None]) -> Run:
    slots = asyncio.Semaphore(AT_ONCE)

    async def answer(text: str) -> list[int]:
        async with slots:
            ranked = await variant.rank(bench.searcher, Query(text, bench.filters))
        advance(1)
        return [r.candidate.key for r in ranked[:DEPTH]]

    answers = await asyncio.gather(*map(answer, queries.values()))
    names = await bench.index.source_ids(sorted({key for keys in answers for key in keys}), bench.collection)
    return {query: [names[key] for key in keys] for query, keys in zip(queries, answers, strict=True)}


async def _latency(evaluation_set: EvaluationSet, variant: Variant, bench: Bench) -> Latency:
    seconds: list[float] = []
    for text in spread(list(evaluation_set.queries.values()), TIMED):
        start = time.perf_counter()
        await variant.rank(bench.timed, Query(text, bench.filters))
        seconds.append(time.perf_counter() - start)
    p50, p95 = np.quantile(seconds, [0.5, 0.95])
    return Latency(1_000 * float(p50), 1_000 * float(p95))
