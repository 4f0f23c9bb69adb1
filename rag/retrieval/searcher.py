"""The search: a question with limits in, ranked papers with their passages out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.embeddings import Embedder
from rag.papers import Hit, Query, SearchResult
from rag.retrieval.evidence import passages
from rag.retrieval.folding import folded
from rag.retrieval.glossary import glossary, in_english
from rag.retrieval.ranking import Ranked, Ranking, rank
from rag.retrieval.relevance import CONFIDENT, LEAST, Scale, falling
from rag.retrieval.rerank import Reranking, reread
from rag.store import Index
from rag.text import has_cjk, tokens

CANDIDATES = 100
"""Papers that each ranking brings up before both are put together; more when more are asked for."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as both rankings want it."""

    text: str
    """For the embedding model; '' when it would understand nothing of it."""
    stems: list[str]


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
        asked = self._asked(query.text)
        ranked, scale = await self._candidates(query, asked, ranking, CANDIDATES)
        confident = any(scale.relevance(r.candidate) >= CONFIDENT for r in ranked[: query.limit])
        read = await self._reread(query, ranked) if ranking is Ranking.FUSED else None
        hits = await self._hits(query, read or ranked, scale, asked.stems, read=read is not None)
        return SearchResult(query, tuple(hit for hit in hits if hit.score >= LEAST) if confident else hits, confident)

    async def rank(self, query: Query, ranking: Ranking, candidates: int = CANDIDATES, *, reread: bool = False) -> list[Ranked]:
        """Candidates in order, without their texts and unfolded: what the evaluation measures. ``reread``: by the reranker."""
        ranked, _ = await self._candidates(query, self._asked(query.text), ranking, candidates)
        return (await self._reread(query, ranked) or ranked) if reread else ranked

    async def _reread(self, query: Query, ranked: Sequence[Ranked]) -> list[Ranked] | None:
        return await reread(self._reranking, self._index, query.text, ranked) if self._reranking else None

    def _asked(self, text: str) -> _Asked:
        if self._embedder.multilingual or not has_cjk(text):
            return _Asked(text.strip(), tokens(text))
        english = in_english(text, glossary())
        return _Asked(english, list(dict.fromkeys([*tokens(text), *tokens(english)])))

    async def _candidates(self, query: Query, asked: _Asked, ranking: Ranking, candidates: int) -> tuple[list[Ranked], Scale]:
        embedding = None if ranking is Ranking.LEXICAL or not asked.text else await self._embedding(asked.text)
        found, words = await self._index.candidates(
            embedding=embedding,
            stems=[] if ranking is Ranking.DENSE else asked.stems,
            filters=query.filters,
            limit=max(candidates, 2 * query.limit),
        )
        profile = self._embedder.profile
        return rank(found, ranking), Scale(profile.relevance_floor, profile.relevance_ceiling, words)

    async def _embedding(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = (await self._embedder.aencode_queries([text]))[0]
        return vector

    async def _hits(
        self, query: Query, ranked: Sequence[Ranked], scale: Scale, stems: Sequence[str], *, read: bool
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
