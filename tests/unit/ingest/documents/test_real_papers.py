"""What is read of real papers must not fall below what Paper Finder promises."""

import pytest

from benchmarks.metadata import DATA, Score, measure, ours, papers

pytestmark = pytest.mark.skipif(not (DATA / "truth.jsonl").exists(), reason="the papers are not here")


@pytest.fixture(scope="module")
def score() -> Score:
    return measure("Paper Finder", ours, papers(DATA))


@pytest.mark.parametrize(
    ("what", "floor"), [("title", 0.9), ("first author", 0.85), ("all authors", 0.75), ("year", 0.8), ("abstract begins", 0.8)]
)
def test_most_is_read_right(score: Score, what: str, floor: float) -> None:
    assert score.share(what) >= floor, score.misses


@pytest.mark.parametrize("what", ["DOI", "arXiv id"])
def test_an_identifier_is_hardly_ever_wrong_and_never_invented(score: Score, what: str) -> None:
    assert score.wrong.get(what, 0) <= 1, score.misses
    assert score.invented.get(what, 0) == 0, score.misses
    assert score.right[what] >= score.printed[what] - 1, score.misses
