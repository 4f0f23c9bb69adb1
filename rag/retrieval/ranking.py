"""Candidates into one order: by meaning, by words, or by both."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.store import Candidate

DENSE_WEIGHT = 0.5
"""Share of the dense score in the fused one (``paper-finder eval`` over public sets; docs/decisions/0002-fusion.md)."""


class Ranking(StrEnum):
    """Which scores count."""

    LEXICAL = "lexical"
    DENSE = "dense"
    FUSED = "fused"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place. ``score`` orders one answer and is not comparable between answers."""

    candidate: Candidate
    score: float


def rank(candidates: Sequence[Candidate], ranking: Ranking) -> list[Ranked]:
    """Best first; candidates without any score of this ranking are left out. Ties go to the older paper."""
    if ranking is Ranking.LEXICAL:
        scored = [Ranked(c, c.lexical) for c in candidates if c.lexical > 0]
    elif ranking is Ranking.DENSE:
        scored = [Ranked(c, c.dense) for c in candidates if c.dense is not None]
    else:
        scored = _fused(candidates)
    return sorted(scored, key=lambda r: (-r.score, r.candidate.key))


def _fused(candidates: Sequence[Candidate]) -> list[Ranked]:
    """Convex combination of both scores, each scaled to [0, 1] over the candidates (Bruch et al. 2023, arXiv:2210.11934)."""
    dense = _scaled([0.0 if c.dense is None else c.dense for c in candidates])
    lexical = _scaled([c.lexical for c in candidates])
    return [
        Ranked(c, DENSE_WEIGHT * by_meaning + (1 - DENSE_WEIGHT) * by_words)
        for c, by_meaning, by_words in zip(candidates, dense, lexical, strict=True)
    ]


def _scaled(scores: Sequence[float]) -> list[float]:
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    return [(score - low) / (high - low) if high > low else 0.0 for score in scores]
