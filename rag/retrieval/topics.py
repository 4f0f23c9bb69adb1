"""The topics of a pile of papers: their vectors in a few groups, the same every time."""

import numpy as np

from rag.embeddings import Matrix
from rag.embeddings.vectors import unit_rows

MOST = 6
ROUNDS = 25


def topics(vectors: Matrix, most: int = MOST) -> list[list[int]]:
    """Unit rows (n, d) in up to ``most`` groups of places, the largest first.

    Spherical k-means (Dhillon & Modha 2001) with k = √(n/2). It begins at the row nearest to the middle of all, then at the
    row farthest from those taken, so that no chance comes in and one paper more seldom moves the others.
    """
    k = max(1, min(most, len(vectors), round(float(np.sqrt(len(vectors) / 2)))))
    centres = _first_centres(vectors, k)
    groups = np.zeros(len(vectors), int)
    for _ in range(ROUNDS):
        moved = np.argmax(vectors @ centres.T, axis=1)
        if (moved == groups).all() and _ > 0:
            break
        groups = moved
        sums = np.stack([vectors[groups == group].sum(axis=0) for group in range(k)])
        empty = ~(groups[None, :] == np.arange(k)[:, None]).any(axis=1)
        centres = np.where(empty[:, None], centres, unit_rows(sums))
    found = [np.flatnonzero(groups == group).tolist() for group in range(k)]
    return sorted(filter(None, found), key=lambda places: (-len(places), places[0]))


def _first_centres(vectors: Matrix, k: int) -> Matrix:
    taken = [int(np.argmax(vectors @ vectors.mean(axis=0)))]
    while len(taken) < k:
        taken.append(int(np.argmin((vectors @ vectors[taken].T).max(axis=1))))
    return vectors[taken]
