"""An embedding space: whose vectors they are, how long, and how much of them the indexes hold."""

from dataclasses import dataclass

GREATEST_DIMENSIONS = 16_000
"""Of a vector that pgvector stores as halfvec."""
GREATEST_INDEXED = 4_000
"""Of a halfvec that its HNSW index takes."""


@dataclass(frozen=True, slots=True)
class Space:
    """The vectors of one model in one size."""

    id: int
    model: str
    dimensions: int
    indexed: int
    """The first so many numbers of each vector are in the indexes; what these bring up is ordered by all of them."""


def indexed_dimensions(dimensions: int, wanted: int | None) -> int:
    """How many of ``dimensions`` the indexes hold: what is ``wanted``, else as many as they can."""
    return min(dimensions, wanted or GREATEST_INDEXED)
