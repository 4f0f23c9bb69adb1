"""Candidates into one order: by meaning, by words, or by both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.store import Candidate

DENSE_WEIGHT = 0.5
"""Share of the dense score in the fused one (docs/decisions/0002-fusion.md)."""
TRANSLATED_DENSE_WEIGHT = 0.3
"""The same for a question that was put into English term by term: without its sentence, meaning says less than words."""


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


def by_one(candidates: Sequence[Candidate], ranking: Ranking) -> list[Ranked]:
    """Best first by LEXICAL or DENSE alone; candidates without any score of this ranking are left out."""
    if ranking is Ranking.LEXICAL:
        return in_order(Ranked(c, c.lexical) for c in candidates if c.lexical > 0)
    return in_order(Ranked(c, c.dense) for c in candidates if c.dense is not None)


def by_both(candidates: Sequence[Candidate], scores: Iterable[float]) -> list[Ranked]:
    """Best first by fused scores in [0, 1]; what the question names stands above everything else."""
    return in_order(Ranked(c, float(score) + c.named) for c, score in zip(candidates, scores, strict=True))


def in_order(ranked: Iterable[Ranked]) -> list[Ranked]:
    """Best first. Ties go to the older paper."""
    return sorted(ranked, key=lambda r: (-r.score, r.candidate.key))
