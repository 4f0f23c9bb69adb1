"""Papers near each other answer the same questions: each score is drawn towards the best of its neighbourhood.

The idea is score regularisation (Diaz 2005, *Regularizing ad hoc retrieval scores*): what is near by meaning should score alike.
A plain mean would pull a paper that stands alone down to its surroundings; a power mean listens to the neighbours that fit best.
"""

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 8
"""Papers that hold up one paper."""
SHARE = 0.25
"""Of the neighbourhood in the new score."""
POWER = 6.0
"""1 would be the plain mean of the neighbours, infinity their best."""


def supported(scores: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores (n,) in [0, 1], each mixed with the power mean of its nearest neighbours' by cosine; ``vectors`` (n, d) unit rows.

        s'_i = (1 - SHARE) s_i + SHARE (sum_j c_ij s_j^POWER / sum_j c_ij)^(1/POWER)

    over the NEIGHBOURS papers j with the greatest cosine c_ij. Rows of zeros (papers without a vector) neither give nor take.
    """
    nearest = min(NEIGHBOURS, len(scores) - 1)
    if nearest < 1:
        return scores
    cosines = np.maximum(vectors @ vectors.T, 0)
    np.fill_diagonal(cosines, 0)
    near = np.argpartition(-cosines, nearest - 1, axis=1)[:, :nearest]
    weights = np.take_along_axis(cosines, near, axis=1)
    total = weights.sum(axis=1)
    means = (weights * scores[near] ** POWER).sum(axis=1) / np.maximum(total, 1e-9)
    mixed: NDArray[np.float32] = np.where(total > 0, (1 - SHARE) * scores + SHARE * means ** (1 / POWER), scores)
    return mixed
