"""Topics are the groups that there are, the same every time."""

import numpy as np

from rag.embeddings.vectors import unit_rows
from rag.retrieval.topics import topics


def pile(sizes: list[int], seed: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Rows around as many axes as there are sizes."""
    random = np.random.default_rng(seed)
    rows = [np.eye(8)[axis] + 0.1 * random.standard_normal(8) for axis, size in enumerate(sizes) for _ in range(size)]
    return unit_rows(np.asarray(rows, np.float32))


def test_groups_that_lie_apart_are_found_the_largest_first() -> None:
    found = topics(pile([4, 9, 6]))
    assert found == [list(range(4, 13)), list(range(13, 19)), list(range(4))]


def test_few_papers_are_one_topic_and_many_are_bounded() -> None:
    assert topics(pile([1])) == [[0]]
    assert topics(pile([2])) == [[0, 1]]
    assert len(topics(pile([40] * 8), most=6)) == 6


def test_papers_that_are_all_the_same_are_one_topic() -> None:
    same = np.repeat(pile([1]), 20, axis=0)
    assert topics(same) == [list(range(20))]


def test_it_is_the_same_every_time() -> None:
    vectors = unit_rows(np.random.default_rng(3).standard_normal((200, 16)).astype(np.float32))
    assert topics(vectors) == topics(vectors.copy())
    assert sorted(place for places in topics(vectors) for place in places) == list(range(200))
