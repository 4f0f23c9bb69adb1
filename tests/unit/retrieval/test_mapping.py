"""Papers on a plane."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.embeddings import Matrix
from rag.embeddings.vectors import unit_rows
from rag.papers import Paper, PaperId
from rag.retrieval.mapping import mapped

TOPICS = ("speech recognition", "graph networks", "protein folding")


def paper(number: int, topic: str) -> Paper:
    return Paper(id=PaperId(f"p{number:016x}"), title=f"Deep Study {number} of {topic}", keywords=(topic, "deep learning"))


def vectors(of: list[int], seed: int = 1) -> Matrix:
    drawn = np.eye(8)[of] + 0.1 * np.random.default_rng(seed).normal(size=(len(of), 8))
    return unit_rows(drawn.astype(np.float32))


KINDS = [number % 3 for number in range(18)]
PAPERS = [paper(number, TOPICS[kind]) for number, kind in enumerate(KINDS)]


def test_groups_are_the_topics_and_named_after_them() -> None:
    drawn = mapped(PAPERS, vectors(KINDS))
    assert {group.words[0] for group in drawn.groups} == set(TOPICS)
    for group in drawn.groups:
        assert {TOPICS[KINDS[place]] for place in group.places} == {group.words[0]}
    assert sorted(place for group in drawn.groups for place in group.places) == list(range(18))


def test_what_was_searched_for_names_no_group() -> None:
    named = {word for group in mapped(PAPERS, vectors(KINDS), frozenset({"speech", "recognit"})).groups for word in group.words}
    assert "speech recognition" not in named
    assert "graph networks" in named


def test_papers_of_one_topic_are_nearer_than_others() -> None:
    positions = mapped(PAPERS, vectors(KINDS)).positions
    distance = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    same = np.equal.outer(KINDS, KINDS)
    assert distance[same].mean() < 0.5 * distance[~same].mean()


def test_the_same_papers_give_the_same_map() -> None:
    first, second = (mapped(PAPERS, vectors(KINDS)) for _ in range(2))
    assert np.array_equal(first.positions, second.positions)
    assert first.groups == second.groups


@given(st.lists(st.integers(0, 7), min_size=3, max_size=50), st.booleans())
def test_no_two_papers_cover_each_other_and_all_stay_on_the_plane(of: list[int], equal: bool) -> None:
    rows = np.eye(8, dtype=np.float32)[of] if equal else vectors(of)
    positions = mapped([paper(number, TOPICS[0]) for number in range(len(of))], rows).positions
    assert positions.shape == (len(of), 2)
    assert np.isfinite(positions).all()
    assert positions.min() >= 0
    assert positions.max() <= 1
    apart = np.linalg.norm(positions[:, None] - positions[None], axis=2) + np.eye(len(of))
    assert apart.min() > 0.005
