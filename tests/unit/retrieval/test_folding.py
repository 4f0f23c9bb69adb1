"""Folding versions of one work."""

from typing import Any

import pytest

from rag.papers import Paper, PaperId
from rag.retrieval.folding import folded
from rag.retrieval.ranking import Ranked
from rag.store import Candidate

TITLE = "Attention over very long documents"


def paper(**fields: Any) -> Paper:
    return Paper(**{"id": PaperId("p"), "title": TITLE, "authors": ("Ada Byron",), "year": 2017, **fields})


def keys(*papers: Paper) -> list[list[int]]:
    ranked = [Ranked(Candidate(key, None, 0.0), 1.0) for key in range(len(papers))]
    works = folded(ranked, dict(enumerate(papers)))
    return [[one.candidate.key for one in (work.best, *work.others)] for work in works]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"doi": "10.1/x"}, {"doi": "10.1/x", "title": "Attention"}),
        ({"arxiv_id": "1706.03762"}, {"arxiv_id": "1706.03762", "authors": ()}),
        ({}, {"title": "ATTENTION over Very Long Documents."}),
        ({"doi": "10.1/published", "year": 2019}, {"arxiv_id": "1706.03762"}),
        ({"year": None}, {}),
    ],
    ids=["DOI", "arXiv id", "title, author and year", "preprint and publication", "an upload without a year"],
)
def test_records_of_one_work_are_one_result(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert keys(paper(**first), paper(**second)) == [[0, 1]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"authors": ("Bo Li",)}),
        ({}, {"authors": ()}),
        ({"year": 2014}, {"year": 2017}),
        ({"title": "Introduction", "year": 2016}, {"title": "Introduction"}),
        ({"title": "", "authors": ()}, {"title": "", "authors": ()}),
    ],
    ids=["authors", "no author", "years", "everyday titles", "nothing known"],
)
def test_others_stay_apart(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert keys(paper(**first), paper(**second)) == [[0], [1]]


def test_a_record_joins_what_any_of_its_names_belongs_to() -> None:
    assert keys(paper(doi="10.1/x"), paper(title="Other", arxiv_id="1706.03762"), paper(doi="10.1/x", arxiv_id="1706.03762")) == [
        [0, 2],
        [1],
    ]


def test_records_that_are_gone_or_may_not_be_seen_are_left_out() -> None:
    ranked = [Ranked(Candidate(key, None, 0.0), 1.0) for key in (7, 8)]
    assert [work.best.candidate.key for work in folded(ranked, {8: paper()})] == [8]
