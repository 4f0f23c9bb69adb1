"""The search: a question with limits in, ranked papers with their passages out."""

import asyncio
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.access import ScopeOf
from rag.embeddings import Embedder, Task
from rag.papers import Hit, Passage, Query, SearchResult, Version
from rag.retrieval.asking import Asked, ask, balanced
from rag.retrieval.evidence import passages
from rag.retrieval.feedback import fed_back
from rag.retrieval.folding import folded
from rag.retrieval.neighbours import supported
from rag.retrieval.pool import Pool
from rag.retrieval.ranking import Ranked, Ranking, by_both, by_one
from rag.retrieval.relevance import CONFIDENT, LEAST, Scale, falling
from rag.retrieval.rerank import Reranking, reread
from rag.retrieval.steps import ALL, Steps
from rag.store import Candidate, Index, Named

CANDIDATES = 100
"""Papers that each ranking brings up before both are put together; more when more are asked for."""


class Searcher:
    """Searches what one may see of a library, with one embedding model."""

    def __init__(self, index: Index, embedder: Embedder, reranking: Reranking | None = None) -> None:
        self._index = index
        self._embedder = embedder
        self._reranking = reranking

    def reading(self, scope_of: ScopeOf) -> "Searcher":
        """The same search for one question; what it may see is asked once, beside the embedding."""
        return Searcher(self._index.reading(scope_of), self._embedder, self._reranking)

    async def search(self, query: Query, ranking: Ranking = Ranking.FUSED) -> SearchResult:
        """The best ``query.limit`` papers that meet the limits, versions of one work folded into one.

        When one of them fits the question, those that have hardly anything to do with it are left out.

        Raises:
            DatabaseUnavailableError, EmbeddingError: a part is away.
        """
        index = self._index.for_one_question()
        asked = await self._asked(index, query, ALL)
        ranked, scale = await self._candidates(index, query, asked, ranking, CANDIDATES, ALL)
        confident = any(scale.relevance(r.candidate) >= CONFIDENT for r in ranked[: query.limit])
        read = await self._reread(index, query, ranked, ranking, ALL)
        hits = await self._hits(index, query, read or ranked, scale, asked.stems, read=read is not None)
        shown = tuple(hit for hit in hits if hit.score >= LEAST) if confident and not query.by_limits else hits
        return SearchResult(query, shown, confident, await index.scope(), tuple(asked.unknown))

    async def rank(self, query: Query, ranking: Ranking, candidates: int = CANDIDATES, *, steps: Steps = ALL) -> list[Ranked]:
        """Candidates in order, without their texts and unfolded: what the evaluation measures."""
        index = self._index.for_one_question()
        asked = await self._asked(index, query, steps)
        ranked, _ = await self._candidates(index, query, asked, ranking, candidates, steps)
        return await self._reread(index, query, ranked, ranking, steps) or ranked

    async def _asked(self, index: Index, query: Query, steps: Steps) -> Asked:
        asked = ask(query.text, steps, multilingual=self._embedder.multilingual)
        return balanced(asked, await index.frequencies(asked.stems)) if asked.english else asked

    async def _reread(
        self, index: Index, query: Query, ranked: Sequence[Ranked], ranking: Ranking, steps: Steps
    ) -> list[Ranked] | None:
        if self._reranking is None or ranking is not Ranking.FUSED or not steps.reranking:
            return None
        return await reread(self._reranking, index, query.text, ranked)

    async def _candidates(
        self, index: Index, query: Query, asked: Asked, ranking: Ranking, candidates: int, steps: Steps
    ) -> tuple[list[Ranked], Scale]:
        both = ranking is Ranking.FUSED
        meant = "" if ranking is Ranking.LEXICAL else asked.text
        embedding, _ = await asyncio.gather(self._embedding(meant, asked.task), index.scope())
        found, words = await index.candidates(
            embedding=embedding,
            stems={} if ranking is Ranking.DENSE else asked.stems,
            filters=query.filters,
            limit=max(candidates, 2 * query.limit),
            named=asked.named if both else Named(),
            vectors=both and (steps.feedback or steps.neighbours),
        )
        profile = self._embedder.profile
        scale = Scale(profile.relevance_floor, profile.relevance_ceiling, words)
        if not both:
            return by_one(found, ranking), scale
        return by_both(found, await self._scores(index, found, asked, words, steps)), scale

    async def _scores(
        self, index: Index, found: Sequence[Candidate], asked: Asked, words: float, steps: Steps
    ) -> NDArray[np.float32]:
        pool = Pool.of(found)
        scores = pool.fused(asked.dense_weight)
        if steps.feedback:
            pool = await fed_back(pool, scores, index, words)
            scores = pool.fused(asked.dense_weight)
        return supported(scores, pool.vectors) if steps.neighbours and pool.vectors is not None else scores

    async def _embedding(self, text: str, task: Task) -> NDArray[np.float32] | None:
        if not text:
            return None
        vector: NDArray[np.float32] = (await self._embedder.aencode_queries([text], task))[0]
        return vector

    async def _hits(
        self, index: Index, query: Query, ranked: Sequence[Ranked], scale: Scale, stems: Iterable[str], *, read: bool
    ) -> tuple[Hit, ...]:
        # Some are read beyond the limit, since versions of one work fold into one.
        few = ranked[: query.limit + 10]
        papers = await index.papers([r.candidate.key for r in few], query.filters.collections)
        stored = await index.passages([key for r in few for key, _ in r.candidate.passages])
        works = folded(few, papers)[: query.limit]

        def evidence(candidate: Candidate, relevance: float) -> tuple[Passage, ...]:
            matched = [(stored[key], cosine) for key, cosine in candidate.passages if key in stored]
            return passages(papers[candidate.key], relevance, candidate.dense or 0.0, matched, stems)

        hits: list[Hit] = []
        relevances = falling([scale.relevance(work.best.candidate) for work in works], read=read)
        for work, relevance in zip(works, relevances, strict=True):
            best, others = work.best.candidate, [other.candidate for other in work.others]
            versions = tuple(Version(papers[other.key], evidence(other, relevance)) for other in others)
            hits.append(Hit(papers[best.key], relevance, evidence(best, relevance), best.dense, best.lexical, versions))
        return tuple(hits)
