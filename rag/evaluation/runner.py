"""An evaluation from folders to results: papers into a database of their own, every question, every variant."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.api.engine import Engine, database_address, open_reranking
from rag.embeddings import Embedder, open_embedder, self_check
from rag.embeddings.stored import StoredEmbedder, VectorStore
from rag.evaluation.beir import EvaluationSet, load_set
from rag.evaluation.measuring import Bench, SetResult, Unremembered, measure
from rag.evaluation.variants import PRODUCT, STEP_QUERIES, VARIANTS, WITHOUT_RERANKING, Variant
from rag.evaluation.workspace import alone, workspace
from rag.ingest import Progress, ingest
from rag.papers import Filters
from rag.retrieval import Reranking, Searcher
from rag.settings import Settings

CACHE = Path("cache") / "vectors.sqlite"
"""Under ``PAPER_FINDER_HOME``."""
RERANK_SECONDS = 60.0
"""What a question waits for the reranker here: its quality is measured, and its latency shown, whatever that is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured and where."""

    variants: Sequence[Variant] = VARIANTS
    baseline: str = PRODUCT
    collection: str = ""
    """Measure within this collection of the library itself; '': in a database of the set's own."""
    keep: bool = False
    """Leave the databases for the next evaluation."""
    cached: bool = True
    """Take and keep vectors in ``CACHE``."""
    most_queries: int | None = None
    """Of each set, evenly spread."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Results of all sets, and with what they were obtained."""

    model: str
    dimensions: int
    seconds: float
    plan: Plan
    sets: list[SetResult] = field(default_factory=list)


async def evaluate(folders: Sequence[Path], settings: Settings, plan: Plan, progress: Progress) -> Evaluation:
    """Measure the sets in ``folders``, one after the other.

    Raises:
        UnreadableFileError: a folder is no set.
        EvaluationRunningError: another evaluation runs on the same server.
        PaperFinderError: a part is away.
    """
    sets = [load_set(folder) for folder in folders]
    if plan.most_queries is not None:
        sets = [one.sample(plan.most_queries) for one in sets]
    started = time.perf_counter()
    async with AsyncExitStack() as stack:
        embedder = open_embedder(settings)
        stack.push_async_callback(embedder.aclose)
        await asyncio.to_thread(self_check, embedder)
        dsn = await stack.enter_async_context(database_address(settings))
        await stack.enter_async_context(alone(dsn))
        store = VectorStore(settings.home / CACHE) if plan.cached else None
        if store is not None:
            stack.callback(store.close)
        reranking = await stack.enter_async_context(open_reranking(settings, RERANK_SECONDS))
        if reranking is not None:
            await reranking.checked()
        else:
            plan = replace(plan, variants=[variant for variant in plan.variants if variant.name != WITHOUT_RERANKING])
        stored = StoredEmbedder(embedder, store) if store else embedder
        room = _Room(dsn, embedder, stored, reranking, settings.index_dimensions, plan, progress)
        results = [await room.measure(one) for one in sets]
    return Evaluation(embedder.model, embedder.dimensions, time.perf_counter() - started, plan, results)


@dataclass(frozen=True, slots=True)
class _Room:
    """One server and one model, for all sets."""

    dsn: str
    embedder: Embedder
    stored: Embedder
    """The embedder behind the cache on disk; the embedder itself without one."""
    reranking: Reranking | None
    index_dimensions: int | None
    plan: Plan
    progress: Progress

    async def measure(self, one: EvaluationSet) -> SetResult:
        if self.plan.collection:
            return await self._in(self.dsn, one, self.plan.collection, Filters(collections=[self.plan.collection]))
        async with workspace(self.dsn, one.folder, keep=self.plan.keep) as dsn:
            return await self._in(dsn, one, one.name, Filters())

    async def _in(self, dsn: str, one: EvaluationSet, collection: str, filters: Filters) -> SetResult:
        async with Engine.over(dsn, self.stored, self.reranking, index_dimensions=self.index_dimensions) as engine:
            await ingest([one.folder], collection, engine.library, engine.embedder, self.progress)
            n = len(one.queries)
            self.progress.start(sum(min(n, STEP_QUERIES) if variant.step else n for variant in self.plan.variants))
            self.progress.phase(f"Asking {one.name}")
            papers = next(found.papers for found in await engine.library.collections() if found.name == collection)
            timed = Searcher(engine.index, Unremembered(self.embedder), self.reranking)
            bench = Bench(engine.index, collection, filters, engine.searcher, timed)
            return await measure(one, papers, self.plan.variants, self.plan.baseline, bench, self.progress.advance)
