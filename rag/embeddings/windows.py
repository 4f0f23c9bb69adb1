"""Texts longer than a model's context: windows that overlap, and one vector out of theirs.

A text of n tokens that fits is one window. A longer one is cut into the fewest windows of at most ``size`` tokens that overlap by
``overlap``, all of about the same length, so that no window is a meaningless rest. With v_i the unit vector of window i and n_i
its tokens, the text's vector is

    v = s / |s|,   s = sum_i n_i v_i

which for a model with mean pooling is close to what it would say of the whole text, and for one window is exactly that window's.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from rag.embeddings.vectors import Matrix, unit_rows


def spans(length: int, size: int, overlap: int) -> list[tuple[int, int]]:
    """Begin and end of each window over ``length`` tokens; ``size`` > ``overlap`` >= 0."""
    if length <= size:
        return [(0, length)]
    count = -(-(length - overlap) // (size - overlap))
    starts = [round(number * (length - overlap) / count) for number in range(count + 1)]
    return [(start, following + overlap) for start, following in pairwise(starts)]


def combine(windows: Matrix, owners: Sequence[int], weights: Sequence[int], texts: int) -> Matrix:
    """One unit row for each of ``texts`` out of the unit rows of its ``windows``, weighted by their tokens."""
    if len(owners) == texts:
        return windows
    sums = np.zeros((texts, windows.shape[1]), np.float32)
    np.add.at(sums, np.asarray(owners), windows * np.maximum(np.asarray(weights, np.float32), 1)[:, None])
    return unit_rows(sums)
