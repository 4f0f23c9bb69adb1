"""Removing: papers go with their words and vectors, and what others have stays."""

import pytest

from rag.errors import NotFoundError
from rag.papers import Filters, paper_id
from rag.store import Collections, Database, Index, Library, Removal
from rag.text import tokens
from tests.integration.store.test_library import GRAPHS, NETWORKS, counts, embedded

pytestmark = pytest.mark.anyio


async def names(database: Database) -> list[str]:
    collections = Collections(database)
    return [one.name for one in await collections.list(await collections.operator())]


async def test_a_collection_goes_with_its_papers(
    library: Library, database: Database, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store._removal._AT_ONCE", 1)
    await library.write("a", embedded([NETWORKS, GRAPHS]))
    await library.write("b", embedded([NETWORKS.model_copy(update={"source_id": "other"})]))
    removed = await Removal(database).collection("a")
    assert (removed.gone, removed.kept) == (1, 1)
    assert await names(database) == ["b"]
    assert (await index.paper(paper_id("a", "n1"))).collections == ("b",)
    with pytest.raises(NotFoundError):
        await index.paper(paper_id("a", "g1"))
    frequencies = await counts(database)
    assert "graph" not in frequencies
    assert frequencies["network"] == 1
    found, _ = await index.candidates(embedding=None, stems=tokens("graphs"), filters=Filters(), limit=10)
    assert found == []
    await library.write("a", embedded([GRAPHS]))
    assert await library.count() == 2


async def test_single_papers(library: Library, database: Database, index: Index) -> None:
    await library.write("a", embedded([NETWORKS, GRAPHS]))
    with pytest.raises(NotFoundError):
        await Removal(database).papers([paper_id("a", "n1"), paper_id("a", "nowhere")])
    assert await library.count() == 2
    assert await Removal(database).papers([paper_id("a", "n1")]) == 1
    assert (await index.paper(paper_id("a", "g1"))).title == GRAPHS.title
    assert await library.count() == 1
