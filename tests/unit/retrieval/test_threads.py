"""Tests of how many threads the ranking's products take."""

from threadpoolctl import threadpool_info

import rag.retrieval  # noqa: F401  (it sets them)


def test_products_of_the_ranking_take_one_thread() -> None:
    # SciPy, where a library brings it along, has a BLAS of its own.
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas" and "numpy" in pool["filepath"]]
    assert {pool["num_threads"] for pool in pools} <= {1}
