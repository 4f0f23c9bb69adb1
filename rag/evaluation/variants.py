"""What is compared: ways to rank the same library, each under a name."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rag.errors import InvalidRequestError
from rag.papers import Query
from rag.retrieval import Ranked, Ranking, Searcher

Rank = Callable[[Searcher, Query], Awaitable[list[Ranked]]]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to rank. ``rank`` gives a question's papers in order, unfolded."""

    name: str
    rank: Rank


def by(ranking: Ranking) -> Rank:
    """The rank function of a ranking as the product does it."""

    async def rank(searcher: Searcher, query: Query) -> list[Ranked]:
        return await searcher.rank(query, ranking)

    return rank


async def reranked(searcher: Searcher, query: Query) -> list[Ranked]:
    """The product's ranking with the first papers read again by the reranker."""
    return await searcher.rank(query, Ranking.FUSED, reread=True)


PRODUCT = "fused"
"""The variant that answers users; the others are measured against it."""

VARIANTS = (
    Variant("lexical", by(Ranking.LEXICAL)),
    Variant("dense", by(Ranking.DENSE)),
    Variant(PRODUCT, by(Ranking.FUSED)),
)


RERANKED = Variant("reranked", reranked)
"""Measured too where a reranker is configured."""


def chosen(names: Sequence[str]) -> list[Variant]:
    """The variants of these names in the order of ``VARIANTS``; all of them when none is named.

    Raises:
        InvalidRequestError: there is no such variant; the hint lists those that there are.
    """
    known = [variant.name for variant in VARIANTS]
    if unknown := [name for name in names if name not in known]:
        raise InvalidRequestError(f"There is no variant named {unknown[0]!r}.", hint=f"There are: {', '.join(known)}.")
    return [variant for variant in VARIANTS if not names or variant.name in names]
