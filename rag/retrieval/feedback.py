"""Pseudo-relevance feedback: the best papers of a first ranking say in their own words, and by their vectors, what is meant.

RM3 (Abdul-Jaleel et al. 2004, *UMass at TREC 2004*) on the side of words and Rocchio (1971) on that of meaning, over the
candidates alone. Examples count by a high power of their score: where one paper stands out it nearly counts alone, so that a
question with a single answer is not carried off by what merely surrounds it.
"""

import numpy as np
from numpy.typing import NDArray

from rag.retrieval.pool import Pool
from rag.store import Index

EXAMPLES = 10
POWER = 8.0
STEMS = 60
"""Heaviest stems of the examples that count."""
WORDS = 0.45
"""Share of the examples' words in the lexical score."""
MEANING = 0.4
"""How much the cosine with the examples' mean vector adds to that with the question."""


async def fed_back(pool: Pool, scores: NDArray[np.float32], index: Index, most: float) -> Pool:
    """The pool with both scores drawn towards the best papers of ``scores`` (n,); ``most`` is the greatest possible BM25."""
    best = np.argsort(-scores, kind="stable")[:EXAMPLES]
    if not len(best) or scores[best[0]] <= 0:
        return pool
    weights = (scores[best] / scores[best[0]]) ** POWER
    weights /= weights.sum()
    keys = [candidate.key for candidate in pool.candidates]
    likeness = await index.likeness({keys[i]: float(w) for i, w in zip(best, weights, strict=True)}, keys, STEMS)
    worded = np.array([likeness.get(key, 0.0) for key in keys], np.float32)
    lexical = (1 - WORDS) * pool.lexical + WORDS * most * worded
    dense = pool.dense if pool.vectors is None else pool.dense + MEANING * (pool.vectors @ (weights @ pool.vectors[best]))
    return Pool(pool.candidates, dense, lexical, pool.vectors)
