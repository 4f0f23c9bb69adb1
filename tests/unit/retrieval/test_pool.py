"""The pool: scores side by side, weighed together."""

import numpy as np
import pytest

from rag.retrieval.pool import Pool
from rag.store import Candidate


def test_both_scores_are_scaled_over_the_pool_and_weighed() -> None:
    pool = Pool.of([Candidate(1, 0.5, 0.0), Candidate(2, 0.1, 8.0), Candidate(3, 0.3, 4.0)])
    assert pool.fused(0.5) == pytest.approx([0.5, 0.5, 0.5])
    assert pool.fused(1.0) == pytest.approx([1.0, 0.0, 0.5])
    assert pool.fused(0.0) == pytest.approx([0.0, 1.0, 0.5])


def test_scores_that_are_all_equal_or_absent_say_nothing() -> None:
    assert Pool.of([Candidate(1, None, 3.0), Candidate(2, None, 3.0)]).fused(0.5) == pytest.approx([0, 0])
    assert len(Pool.of([]).fused(0.5)) == 0


def test_a_paper_without_a_vector_has_a_row_of_zeros() -> None:
    pool = Pool.of([Candidate(1, 0.5, 0.0), Candidate(2, 0.5, 0.0, vector=np.array([0.6, 0.8], np.float32))])
    assert pool.vectors is not None
    assert pool.vectors.tolist() == [[0, 0], pytest.approx([0.6, 0.8])]
    assert Pool.of([Candidate(1, 0.5, 0.0)]).vectors is None
