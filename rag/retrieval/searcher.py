"""The search: a question with limits in, ranked papers with their passages out."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.embeddings import Embedder
from rag.papers import Hit, Query, SearchResult
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
    """Searches one library with one embedding model."""

    def __init__(self, index: Index, embedder: Embedder, reranking: Reranking | None = None) -> None:
        self._index = index
        self._embedder = embedder
        self._reranking = reranking

    async def search(self, query: Query, ranking: Ranking = Ranking.FUSED) -> SearchResult:
        """The best ``query.limit`` papers that meet the limits, versions of one work folded into one.

        When one of them fits the question, those that have hardly anything to do with it are left out.

        Raises:
            DatabaseUnavailableError, EmbeddingError: a part is away.
        """
        asked = await self._asked(query, ALL)
        ranked, scale = await self._candidates(query, asked, ranking, CANDIDATES, ALL)
        confident = any(scale.relevance(r.candidate) >= CONFIDENT for r in ranked[: query.limit])
        read = await self._reread(query, ranked, ranking, ALL)
        hits = await self._hits(query, read or ranked, scale, asked.stems, read=read is not None)
        return SearchResult(query, tuple(hit for hit in hits if hit.score >= LEAST) if confident else hits, confident)

    async def rank(self, query: Query, ranking: Ranking, candidates: int = CANDIDATES, *, steps: Steps = ALL) -> list[Ranked]:
        """Candidates in order, without their texts and unfolded: what the evaluation measures."""
        asked = await self._asked(query, steps)
        ranked, _ = await self._candidates(query, asked, ranking, candidates, steps)
        return await self._reread(query, ranked, ranking, steps) or ranked

    async def _asked(self, query: Query, steps: Steps) -> Asked:
        asked = ask(query.text, steps, multilingual=self._embedder.multilingual)
        return balanced(asked, await self._index.frequencies(asked.stems)) if asked.english else asked

    async def _reread(self, query: Query, ranked: Sequence[Ranked], ranking: Ranking, steps: Steps) -> list[Ranked] | None:
        if self._reranking is None or ranking is not Ranking.FUSED or not steps.reranking:
            return None
        return await reread(self._reranking, self._index, query.text, ranked)

    async def _candidates(
        self, query: Query, asked: Asked, ranking: Ranking, candidates: int, steps: Steps
    ) -> tuple[list[Ranked], Scale]:
        both = ranking is Ranking.FUSED
        embedding = None if ranking is Ranking.LEXICAL or not asked.text else await self._embedding(asked.text)
        found, words = await self._index.candidates(
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
        return by_both(found, await self._scores(found, asked, words, steps)), scale

    async def _scores(self, found: Sequence[Candidate], asked: Asked, words: float, steps: Steps) -> NDArray[np.float32]:
        pool = Pool.of(found)
        scores = pool.fused(asked.dense_weight)
        if steps.feedback:
            pool = await fed_back(pool, scores, self._index, words)
            scores = pool.fused(asked.dense_weight)
        return supported(scores, pool.vectors) if steps.neighbours and pool.vectors is not None else scores

    async def _embedding(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = (await self._embedder.aencode_queries([text]))[0]
        return vector

    async def _hits(
        self, query: Query, ranked: Sequence[Ranked], scale: Scale, stems: Iterable[str], *, read: bool
    ) -> tuple[Hit, ...]:
        # Some are read beyond the limit, since versions of one work fold into one.
        few = ranked[: query.limit + 10]
        papers = await self._index.papers([r.candidate.key for r in few], query.filters.collections)
        stored = await self._index.passages([key for r in few for key, _ in r.candidate.passages])
        works = [work.best.candidate for work in folded(few, papers)[: query.limit]]
        hits: list[Hit] = []
        for candidate, relevance in zip(works, falling([scale.relevance(work) for work in works], read=read), strict=True):
            matched = [(stored[key], cosine) for key, cosine in candidate.passages if key in stored]
            paper = papers[candidate.key]
            evidence = passages(paper, relevance, candidate.dense or 0.0, matched, stems)
            hits.append(Hit(paper, relevance, evidence, candidate.dense, candidate.lexical))
        return tuple(hits)
