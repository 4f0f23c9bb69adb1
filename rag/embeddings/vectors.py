"""Rows of numbers: unit length, Matryoshka cut."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
"""Rows are vectors."""


def unit_rows(vectors: Matrix) -> Matrix:
    """Rows divided by their length; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)


def cut(vectors: Matrix, dimensions: int) -> Matrix:
    """The first ``dimensions`` numbers of each row (Matryoshka), of unit length again."""
    if vectors.shape[1] == dimensions:
        return vectors
    return unit_rows(vectors[:, :dimensions])
