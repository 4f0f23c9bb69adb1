"""Papers that fit and are not all alike."""

import numpy as np

from rag.embeddings.vectors import unit_rows
from rag.retrieval.diversity import diverse


def test_the_best_comes_first_and_its_double_later() -> None:
    vectors = unit_rows(np.array([[1, 0, 0], [1, 0.01, 0], [0, 1, 0], [0, 0, 1]], np.float32))
    assert diverse([0.9, 0.89, 0.7, 0.2], vectors, 3) == [0, 2, 1]
    assert diverse([0.9, 0.89, 0.7, 0.2], vectors, 3, fit=1.0) == [0, 1, 2]


def test_there_may_be_fewer_than_asked_for_and_ties_go_to_the_earlier() -> None:
    assert diverse([], np.empty((0, 3), np.float32), 5) == []
    vectors = np.eye(3, dtype=np.float32)
    assert diverse([0.5, 0.5, 0.5], vectors, 5) == [0, 1, 2]
