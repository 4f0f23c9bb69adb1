"""Choosing papers that fit and are not all alike."""

from collections.abc import Sequence

import numpy as np

from rag.embeddings import Matrix

FIT = 0.7
"""Share of a paper's fit in what it is chosen by; the rest is how little it is like those chosen before."""


def diverse(fits: Sequence[float], vectors: Matrix, n: int, fit: float = FIT) -> list[int]:
    """Places of up to ``n`` papers in the order of choice; ``vectors`` are their unit rows (m, d).

    Maximal marginal relevance (Carbonell & Goldstein 1998, The Use of MMR, SIGIR). Ties go to the earlier place.
    """
    left = np.ones(len(fits), bool)
    nearest = np.zeros(len(fits))
    chosen: list[int] = []
    while len(chosen) < min(n, len(fits)):
        gains = np.where(left, fit * np.asarray(fits) - (1 - fit) * nearest, -np.inf)
        place = int(np.argmax(gains))
        left[place] = False
        chosen.append(place)
        nearest = np.maximum(nearest, vectors @ vectors[place])
    return chosen
