"""The candidates of one question as arrays, to be weighed together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rag.store import Candidate


@dataclass(frozen=True, slots=True)
class Pool:
    """n candidates; row i of every array belongs to candidate i."""

    candidates: Sequence[Candidate]
    dense: NDArray[np.float32]
    """(n,) cosines with the question; 0 where there is none."""
    lexical: NDArray[np.float32]
    """(n,) BM25 scores."""
    vectors: NDArray[np.float32] | None
    """(n, d) unit rows, zeros for a paper that has none; None when vectors were not asked for."""

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> Self:
        """The candidates as the index gives them."""
        dense = np.array([0.0 if c.dense is None else c.dense for c in candidates], np.float32)
        lexical = np.array([c.lexical for c in candidates], np.float32)
        return cls(candidates, dense, lexical, _vectors(candidates))

    def fused(self, dense_weight: float) -> NDArray[np.float32]:
        """(n,) convex combination of both scores, each scaled to [0, 1] over the pool (Bruch et al. 2023, arXiv:2210.11934)."""
        return dense_weight * _scaled(self.dense) + (1 - dense_weight) * _scaled(self.lexical)


def _scaled(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)


def _vectors(candidates: Sequence[Candidate]) -> NDArray[np.float32] | None:
    size = next((len(c.vector) for c in candidates if c.vector is not None), 0)
    if not size:
        return None
    rows = np.zeros((len(candidates), size), np.float32)
    for row, candidate in zip(rows, candidates, strict=True):
        if candidate.vector is not None:
            row[:] = candidate.vector
    return rows
