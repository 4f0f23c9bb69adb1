"""What is compared: ways to rank the same library, each under a name."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields, replace

from rag.errors import InvalidRequestError
from rag.papers import Query
from rag.retrieval import ALL, Ranked, Ranking, Searcher, Steps

Rank = Callable[[Searcher, Query], Awaitable[list[Ranked]]]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to rank. ``rank`` gives a question's papers in order, unfolded."""

    name: str
    rank: Rank
    step: bool = False
    """Whether one step is left out. What it brings shows in some of the queries: it is asked ``STEP_QUERIES`` at most."""


def by(ranking: Ranking) -> Rank:
    """The rank function of a ranking as the product does it."""

    async def rank(searcher: Searcher, query: Query) -> list[Ranked]:
        return await searcher.rank(query, ranking)

    return rank


def without(step: str) -> Rank:
    """The product's ranking with one of its steps left out."""
    steps = replace(ALL, **{step: False})

    async def rank(searcher: Searcher, query: Query) -> list[Ranked]:
        return await searcher.rank(query, Ranking.FUSED, steps=steps)

    return rank


async def reciprocal_ranks(searcher: Searcher, query: Query) -> list[Ranked]:
    """The common baseline: places in both rankings, each worth 1 / (60 + place) (Cormack et al. 2009, SIGIR)."""
    found: dict[int, Ranked] = {}
    for ranking in (Ranking.DENSE, Ranking.LEXICAL):
        for place, one in enumerate(await searcher.rank(query, ranking), start=1):
            before = found.get(one.candidate.key)
            found[one.candidate.key] = Ranked(one.candidate, 1 / (60 + place) + (before.score if before else 0.0))
    return sorted(found.values(), key=lambda one: (-one.score, one.candidate.key))


STEP_QUERIES = 250
"""Of each set, evenly spread."""
PRODUCT = "fused"
"""The variant that answers users; the others are measured against it."""

VARIANTS = (
    Variant("lexical", by(Ranking.LEXICAL)),
    Variant("dense", by(Ranking.DENSE)),
    Variant("rrf", reciprocal_ranks),
    Variant(PRODUCT, by(Ranking.FUSED)),
    *(Variant(f"{PRODUCT} without {step.name}", without(step.name), step=True) for step in fields(Steps)),
)
"""What is measured when nothing else is asked for."""
WITHOUT_RERANKING = f"{PRODUCT} without reranking"
"""Says nothing where no reranker is configured."""


def chosen(names: Sequence[str]) -> list[Variant]:
    """The variants of these names in the order of ``VARIANTS``; all of them when none is named.

    Raises:
        InvalidRequestError: there is no such variant; the hint lists those that there are.
    """
    known = [variant.name for variant in VARIANTS]
    if unknown := [name for name in names if name not in known]:
        raise InvalidRequestError(f"There is no variant named {unknown[0]!r}.", hint=f"There are: {', '.join(known)}.")
    return [variant for variant in VARIANTS if not names or variant.name in names]
