"""What is compared: ways to rank the same library, each under a name."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from rag.errors import InvalidRequestError
from rag.papers import Query
from rag.retrieval import ALL, Ranked, Ranking, Searcher, Steps
from rag.text import has_cjk
from rag.wording import topic

Item = TypeVar("Item", int, str)
Rank = Callable[[Searcher, Query], Awaitable[list[Ranked]]]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to rank. ``rank`` gives a question's papers in order, unfolded."""

    name: str
    rank: Rank
    step: bool = False
    """Whether one step is left out. What it brings shows in some of the queries: it is asked ``STEP_QUERIES`` at most."""
    touches: Callable[[str], bool] | None = None
    """Which queries can be answered otherwise than by the product; None: all."""
    merged_from: tuple[str, ...] = ()
    """Variants whose answers make up this one's (``merged``), where they are there already."""


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
    """``merged`` over both rankings of the product."""
    both = [await searcher.rank(query, ranking) for ranking in (Ranking.DENSE, Ranking.LEXICAL)]
    candidates = {one.candidate.key: one.candidate for ranked in both for one in ranked}
    keys = merged([[one.candidate.key for one in ranked] for ranked in both])
    return [Ranked(candidates[key], -float(place)) for place, key in enumerate(keys)]


def merged(lists: Sequence[Sequence[Item]]) -> list[Item]:
    """The common baseline: each place in a list is worth 1 / (60 + place), summed (Cormack et al. 2009, SIGIR)."""
    scores: dict[Item, float] = {}
    for one in lists:
        for place, item in enumerate(one, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (60 + place)
    return sorted(scores, key=lambda item: -scores[item])


STEP_QUERIES = 250
"""Of each set, evenly spread."""
PRODUCT = "fused"
"""The variant that answers users; the others are measured against it."""

TOUCHES: dict[str, Callable[[str], bool]] = {
    "unwrapping": lambda question: topic(question) != question.strip(),
    "glossary": has_cjk,
}
"""Which questions a step has to do with, where that can be told beforehand."""

VARIANTS = (
    Variant("lexical", by(Ranking.LEXICAL)),
    Variant("dense", by(Ranking.DENSE)),
    Variant("rrf", reciprocal_ranks, merged_from=("dense", "lexical")),
    Variant(PRODUCT, by(Ranking.FUSED)),
    *(
        Variant(f"{PRODUCT} without {step.name}", without(step.name), step=True, touches=TOUCHES.get(step.name))
        for step in fields(Steps)
    ),
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
