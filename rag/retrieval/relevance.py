"""How well a paper answers a question, as one number that means the same from question to question."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from rag.store import Candidate

CONFIDENT = 0.3
"""Relevance from which the best paper counts as fitting the question.

Over the sample library the best paper of 20 off-domain questions reaches 0.18 at most, that of 50 in-domain ones 0.43 at least
(tests/integration/api/questions.json). Of 100 questions written afterwards (fresh_questions.json), two of 40 off-domain ones are
answered ("random facts about Canadian forests", "which mobile phone should I buy"), and each of the 60 in-domain ones.
"""

BY_THE_WAY = 0.5
"""What words count where the rarest of the question's is missing: a paper on learning to play chess says little of the piano."""

LEAST = 0.1
"""Where something fits, papers below this relevance are left out of the answer."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where cosines of one model begin and cease to mean anything, and the greatest BM25 score of the question."""

    floor: float
    """Cosine of texts about different things: no relevance."""
    ceiling: float
    """Cosine of a question and a paper squarely about it: full relevance."""
    words: float
    """BM25 score of a paper that had every word of the question in plenty."""

    def relevance(self, candidate: Candidate) -> float:
        """In [0, 1]: 1 - (1 - meaning)(1 - words).

        *Meaning* is the cosine between floor (0) and ceiling (1); *words* is the share of the question's word weight
        (idf) that the paper has, or ``BY_THE_WAY`` of it. Either alone is enough to be relevant; a paper that the question
        names is. It is a measure, not a probability.
        """
        if candidate.named:
            return 1.0
        meaning = 0.0
        if candidate.dense is not None:
            meaning = _clipped((candidate.dense - self.floor) / (self.ceiling - self.floor))
        words = _clipped(candidate.lexical / self.words) if self.words > 0 else 0.0
        if not candidate.telling:
            words *= BY_THE_WAY
        return 1 - (1 - meaning) * (1 - words)


def falling(relevances: Sequence[float], *, read: bool) -> list[float]:
    """The numbers to show down a list: they never rise, though the order weighs scores otherwise.

    Where a reranker has ``read`` the papers, its order is the better judgement: a paper counts for no less than those that it
    was put before. Else a paper counts for no more than those before it.
    """
    return list(accumulate(reversed(relevances), max))[::-1] if read else list(accumulate(relevances, min))


def _clipped(value: float) -> float:
    return min(1.0, max(0.0, value))
