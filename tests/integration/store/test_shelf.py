"""Reading papers from a real Postgres."""

import numpy as np
import pytest

from rag.embeddings.testing import FakeEmbedder
from rag.papers import NO_OUTLINE, Filters, Outline, PaperId, PaperRecord, PassageText, Place, Section
from rag.store import Database, Embedded, Library, Shelf

pytestmark = pytest.mark.anyio

RECORDS = [
    PaperRecord(source_id="a", title="First", authors=["Ada Lovelace"], year=2019, venue="ACL", doi="10.1000/first"),
    PaperRecord(source_id="b", title="Second", authors=["Ada Lovelace", "Alan Turing"], year=2020, arxiv_id="1706.03762"),
    PaperRecord(source_id="c", title="Third", authors=["Alan Turing"], venue="ACL"),
]


@pytest.fixture
async def shelf(database: Database, library: Library, embedder: FakeEmbedder) -> Shelf:
    """Two papers in the collection one, the third in two."""
    vector = np.eye(1, embedder.dimensions, dtype=np.float32)[0]
    await library.write("one", [Embedded(record, vector) for record in RECORDS[:2]])
    await library.write("two", [Embedded(RECORDS[2], vector)])
    return Shelf(database)


async def ids(shelf: Shelf) -> list[PaperId]:
    return [paper.id async for paper in shelf.all(Filters())]


async def test_papers_come_in_the_order_asked_for_and_unknown_ids_are_left_out(shelf: Shelf) -> None:
    first, second, third = await ids(shelf)
    papers = await shelf.papers([third, PaperId("p0"), first])
    assert [paper.title for paper in papers] == ["Third", "First"]
    assert await shelf.papers([]) == []
    assert second


async def test_a_paper_is_found_by_its_doi_or_arxiv_id(shelf: Shelf) -> None:
    assert [paper.title for paper in await shelf.identified("https://doi.org/10.1000/FIRST")] == ["First"]
    assert [paper.title for paper in await shelf.identified("arXiv:1706.03762v2")] == ["Second"]
    assert await shelf.identified("First") == []


async def test_papers_are_counted_by_year_venue_and_author(shelf: Shelf) -> None:
    assert await shelf.counts(Filters(), "year") == [("", 1), ("2019", 1), ("2020", 1)]
    assert await shelf.counts(Filters(), "venue") == [("ACL", 2), ("", 1)]
    assert await shelf.counts(Filters(year_from=2020), "author") == [("Ada Lovelace", 1), ("Alan Turing", 1)]


async def test_without_full_text_there_are_no_passages(shelf: Shelf) -> None:
    assert await shelf.passages((await ids(shelf))[0]) == []


async def test_the_outline_comes_and_goes_with_the_full_text(shelf: Shelf, library: Library, embedder: FakeEmbedder) -> None:
    outline = Outline((Section("1 Introduction", 1, 0), Section("1.1 Aims", 2, 1)), Place(4, 120))
    whole = RECORDS[0].model_copy(update={"passages": [PassageText(text="Some text.")], "outline": outline})
    row = np.eye(1, embedder.dimensions, dtype=np.float32)
    key = (await ids(shelf))[0]
    assert await shelf.outline(key) == NO_OUTLINE
    await library.write("one", [Embedded(whole, row[0], row)])
    assert await shelf.outline(key) == outline
    await library.write("one", [Embedded(RECORDS[0], row[0])])
    assert await shelf.outline(key) == NO_OUTLINE


async def test_a_shelf_of_some_collections_has_nothing_else(shelf: Shelf) -> None:
    every = await ids(shelf)
    two = shelf.within(["two"])
    assert [paper.title for paper in await two.papers(every)] == ["Third"]
    assert await two.identified("10.1000/first") == []
    assert await two.counts(Filters(), "venue") == [("ACL", 1)]
    assert await two.counts(Filters(collections=["one"]), "year") == []
    assert await two.collections() == [("two", 1)]
    assert await shelf.collections() == [("one", 2), ("two", 1)]
