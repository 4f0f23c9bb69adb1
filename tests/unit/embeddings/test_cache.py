"""Vectors by content, in bounded memory."""

import numpy as np

from rag.embeddings.cache import VectorCache
from rag.embeddings.vectors import Matrix

ROW_BYTES = 8 * 4 + 300


def vectors(*numbers: int) -> Matrix:
    return np.array([[number] * 8 for number in numbers], np.float32).reshape(-1, 8)


def test_what_was_kept_is_not_missing_again() -> None:
    cache = VectorCache(10_000)
    first = cache.look_up(["a", "b", "a"])
    assert first.missing == ["a", "b"]
    assert first.complete(vectors(1, 2))[:, 0].tolist() == [1, 2, 1]
    second = cache.look_up(["b", "c", "a"])
    assert second.missing == ["c"]
    assert second.complete(vectors(3))[:, 0].tolist() == [2, 3, 1]


def test_the_least_recently_used_goes_first() -> None:
    cache = VectorCache(2 * ROW_BYTES)
    cache.look_up(["a", "b"]).complete(vectors(1, 2))
    cache.look_up(["a"]).complete(vectors())
    cache.look_up(["c"]).complete(vectors(3))
    assert cache.look_up(["a", "b", "c"]).missing == ["b"]


def test_a_request_larger_than_the_cache_is_still_answered() -> None:
    cache = VectorCache(ROW_BYTES)
    lookup = cache.look_up(["a", "b", "c"])
    assert lookup.complete(vectors(1, 2, 3))[:, 0].tolist() == [1, 2, 3]
    assert len(cache.look_up(["a", "b", "c"]).missing) == 2


def test_a_row_that_is_dropped_meanwhile_is_still_in_the_answer() -> None:
    cache = VectorCache(ROW_BYTES)
    cache.look_up(["a"]).complete(vectors(1))
    lookup = cache.look_up(["a", "b"])
    cache.look_up(["c"]).complete(vectors(3))
    assert lookup.complete(vectors(2))[:, 0].tolist() == [1, 2]


def test_a_changed_answer_does_not_change_the_cache() -> None:
    cache = VectorCache(10_000)
    given = vectors(1)
    cache.look_up(["a"]).complete(given)
    given[:] = 9
    assert cache.look_up(["a"]).complete(vectors())[0, 0] == 1
