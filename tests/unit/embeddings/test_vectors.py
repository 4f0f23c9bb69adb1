"""Unit length and Matryoshka cut."""

import numpy as np

from rag.embeddings.vectors import cut, unit_rows


def test_rows_get_unit_length_and_zeros_stay() -> None:
    rows = unit_rows(np.array([[3, 4], [0, 0]], np.float32))
    np.testing.assert_allclose(rows, np.array([[0.6, 0.8], [0, 0]]), atol=1e-7)
    assert rows.dtype == np.float32


def test_a_cut_keeps_the_first_numbers_and_unit_length() -> None:
    vectors = unit_rows(np.random.default_rng(1).standard_normal((4, 16)).astype(np.float32))
    short = cut(vectors, 4)
    assert short.shape == (4, 4)
    np.testing.assert_allclose(np.linalg.norm(short, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(short / short[:, :1], vectors[:, :4] / vectors[:, :1], rtol=1e-4)


def test_a_cut_to_the_same_length_changes_nothing() -> None:
    vectors = np.ones((1, 4), np.float32)
    assert cut(vectors, 4) is vectors
