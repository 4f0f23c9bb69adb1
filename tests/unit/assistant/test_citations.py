"""Source events as Open WebUI stores them."""

from dataclasses import replace
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.assistant.citations import ranked, source_event
from rag.assistant.conversation import Source
from rag.assistant.testing import fake_hit
from rag.papers import Hit, Paper, PaperId, Passage

scores = st.floats(allow_nan=True, allow_infinity=True)


def test_a_source_event_has_the_shape_open_webui_reads() -> None:
    hit = Hit(
        Paper(
            PaperId("p1"),
            "A title",
            authors=("A B", "C D"),
            year=2017,
            venue="NeurIPS",
            doi="10.1000/x",
            url="https://a.example/1",
        ),
        0.91234,
        (Passage("one", 0.8, page=0, section="Introduction"), Passage("two", 0.7, page=4)),
    )
    parameters = {"rank": 2, "authors": "A B, C D", "venue": "NeurIPS", "doi": "10.1000/x"}
    assert source_event(Source(2, hit)) == {
        "type": "source",
        "data": {
            "source": {"id": "p1", "name": "A title (2017)", "url": "https://a.example/1"},
            "document": ["one", "two"],
            "metadata": [
                {"source": "p1", "name": "A title (2017)", "parameters": parameters | {"section": "Introduction"}, "page": 0},
                {"source": "p1", "name": "A title (2017)", "parameters": parameters, "page": 4},
            ],
            "distances": [0.9123, 0.7],
        },
    }


def test_what_is_not_known_is_left_out() -> None:
    data = source_event(Source(1, Hit(Paper(PaperId("p1"), "A title"), 0.5)))["data"]
    assert data["source"] == {"id": "p1", "name": "A title"}
    assert data["document"] == ["A title"]
    assert data["metadata"] == [{"source": "p1", "name": "A title", "parameters": {"rank": 1}}]


def test_a_paper_without_passages_is_cited_by_its_abstract() -> None:
    data = source_event(Source(1, Hit(Paper(PaperId("p1"), "A title", abstract="An abstract."), 0.5)))["data"]
    assert (data["document"], data["distances"]) == (["An abstract."], [0.5])


def test_an_identity_is_never_an_address() -> None:
    hit = replace(fake_hit(1), paper=replace(fake_hit(1).paper, id=PaperId("https://a.example")))
    data = source_event(Source(1, hit))["data"]
    assert data["source"]["id"] == data["metadata"][0]["source"] == "paper:https://a.example"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https:// bad"])
def test_only_web_addresses_are_given_to_the_browser(url: str) -> None:
    hit = replace(fake_hit(1), paper=replace(fake_hit(1).paper, url=url))
    assert "url" not in source_event(Source(1, hit))["data"]["source"]


def test_a_negative_page_is_no_page() -> None:
    hit = replace(fake_hit(1), passages=(Passage("x", 0.5, page=-1),))
    assert "page" not in source_event(Source(1, hit))["data"]["metadata"][0]


@settings(deadline=None)
@given(st.lists(st.tuples(scores, st.lists(scores, max_size=4)), max_size=12))
def test_percentages_lie_in_bounds_and_never_rise_with_rank(values: list[tuple[float, list[float]]]) -> None:
    hits = [
        replace(fake_hit(n), score=score, passages=tuple(Passage(f"{n}", value) for value in passages))
        for n, (score, passages) in enumerate(values)
    ]
    sources = list(ranked(hits))
    assert [source.rank for source in sources] == list(range(1, len(hits) + 1))
    events = [source_event(source)["data"] for source in sources]
    shown = [data["distances"] for data in events]
    assert all(0 <= value <= 1 for distances in shown for value in distances)
    assert all(list(distances) == sorted(distances, reverse=True) for distances in shown)
    best = [distances[0] for distances in shown]
    assert best == sorted(best, reverse=True)
    assert all(len(data["document"]) == len(data["metadata"]) == len(data["distances"]) for data in events)


def test_a_score_that_is_no_number_is_nothing() -> None:
    assert [source.hit.score for source in ranked([fake_hit(1, score=nan), fake_hit(2, score=0.9)])] == [0.0, 0.0]
