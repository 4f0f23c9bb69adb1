"""Papers hold up those near them, and nobody else."""

import numpy as np
import pytest

from rag.retrieval.neighbours import SHARE, supported


def unit(*rows: list[float]) -> np.ndarray:
    vectors = np.array(rows, np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def test_a_paper_beside_a_good_one_rises_and_one_far_away_does_not() -> None:
    scores = np.array([1.0, 0.2, 0.2], np.float32)
    held = supported(scores, unit([1, 0, 0], [0.9, 0.1, 0], [0, 0, 1]))
    assert held[1] > 0.2
    assert held[2] == pytest.approx(0.2)


def test_scores_stay_within_0_and_1_and_equal_ones_stay_equal() -> None:
    vectors = unit(*np.random.default_rng(1).random((50, 4)).tolist())
    held = supported(np.random.default_rng(2).random(50).astype(np.float32), vectors)
    assert held.min() >= 0
    assert held.max() <= 1
    assert supported(np.full(50, 0.7, np.float32), vectors) == pytest.approx(np.full(50, 0.7), abs=1e-5)


def test_without_a_vector_nothing_is_given_or_taken() -> None:
    scores = np.array([0.5, 1.0, 0.0], np.float32)
    vectors = np.array([[0, 0], [1, 0], [1, 0]], np.float32)
    held = supported(scores, vectors)
    assert held[0] == pytest.approx(0.5)
    assert held[1] == pytest.approx(1 - SHARE)
    assert held[2] == pytest.approx(SHARE)


@pytest.mark.parametrize("n", [0, 1])
def test_nobody_and_one_alone_stay_as_they_are(n: int) -> None:
    assert list(supported(np.full(n, 0.4, np.float32), np.ones((n, 2), np.float32))) == pytest.approx([0.4] * n)
