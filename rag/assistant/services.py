"""What the assistant works with: searches and papers, each already bound to what the caller may see."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.exports import Format
from rag.papers import Filters, Hit, Outline, Paper, PaperId, Passage, Query, SearchResult

Search = Callable[[Query], Awaitable[SearchResult]]


class Similar(Protocol):
    """Papers like some others."""

    async def __call__(
        self, positives: Sequence[PaperId], negatives: Sequence[PaperId], filters: Filters, limit: int
    ) -> Sequence[Hit]:
        """At most ``limit`` papers like the positives and unlike the negatives, best first, none of these among them."""
        ...


Vectors = Callable[[Sequence[PaperId]], Awaitable[Mapping[PaperId, NDArray[np.float32]]]]
"""The unit vectors of papers, (d,) each; those that may not be seen are left out."""


FileLink = Callable[[Sequence[Paper], Format], str]
"""The address of a file of these papers; '' where there is none."""


class Shelf(Protocol):
    """Papers to be read rather than searched. What the caller may not see is not there."""

    async def papers(self, ids: Sequence[PaperId]) -> list[Paper]:
        """The papers with these ids, in this order; an id that there is not is left out."""
        ...

    async def identified(self, name: str) -> list[Paper]:
        """The papers whose DOI or arXiv id stands in ``name``."""
        ...

    async def attached(self) -> list[Paper]:
        """The files attached to the chat."""
        ...

    async def passages(self, paper_id: PaperId) -> list[Passage]:
        """A paper's full text in order; empty when only its abstract is known."""
        ...

    async def outline(self, paper_id: PaperId) -> Outline:
        """The sections of a paper's full text; an empty one when they are not known."""
        ...

    async def counts(self, filters: Filters, by: Literal["year", "venue", "author"]) -> list[tuple[str, int]]:
        """How many papers within the limits there are of each year, venue or author; '' is unknown."""
        ...

    async def newest(self, filters: Filters, limit: int) -> list[Paper]:
        """At most ``limit`` papers within the limits, newest record first."""
        ...

    def all(self, filters: Filters) -> AsyncIterator[Paper]:
        """Every paper within the limits, oldest record first."""
        ...

    async def collections(self) -> list[tuple[str, int]]:
        """The collections that are searched, and how many papers each has."""
        ...
