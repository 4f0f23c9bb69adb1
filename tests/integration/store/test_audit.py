"""The audit, and merging what it finds so that it can be undone."""

import errno
import json

import pytest

from rag.papers import Filters, PaperRecord, paper_id
from rag.store import Audit, Collections, Database, Duplicates, Index, Library, Merging, Undo
from rag.text import tokens
from tests.integration.store.test_backup import ranks
from tests.integration.store.test_collections import rows_that_differ, with_full_text
from tests.integration.store.test_library import GRAPHS, NETWORKS, counts, embedded

pytestmark = pytest.mark.anyio

TWIN = PaperRecord(
    source_id="n2", title="Deep networks", authors=["Byron, Ada"], year=2015, venue="J. Nets", arxiv_id="1706.03762"
)
PREPRINT = PaperRecord(source_id="n3", title="Deep Networks (extended)", arxiv_id="1706.03762", url="https://example.org/n3")


def never(_: Undo) -> None:
    """Nothing is merged, so there is nothing to keep."""
    pytest.fail("merged")


def full_disk(_: Undo) -> None:
    """What is taken away cannot be kept."""
    raise OSError(errno.ENOSPC, "No space left on device")


async def duplicates(database: Database) -> list[Duplicates]:
    return [one async for one in Audit(database).duplicates()]


async def test_what_is_missing(library: Library, database: Database) -> None:
    template = PaperRecord(source_id="t", title="某个标题", doi="10.1145/1122445.1122456", language="zh")
    await library.write("a", embedded([NETWORKS, GRAPHS, template]))
    missing = await Audit(database).missing()
    assert (missing.papers, missing.abstract, missing.authors, missing.year, missing.venue, missing.link) == (3, 1, 1, 1, 3, 1)
    assert await Audit(database).languages() == {"": 2, "zh": 1}
    assert [(title, doi) for _, title, doi in await Audit(database).placeholders()] == [("某个标题", "10.1145/1122445.1122456")]


async def test_works_that_are_there_twice_and_why(library: Library, database: Database) -> None:
    await library.write("a", embedded([NETWORKS, TWIN, PREPRINT, GRAPHS]))
    [work] = await duplicates(database)
    assert [paper.id for paper in work.papers] == [paper_id("a", source) for source in ("n1", "n2", "n3")]
    assert work.why == ("work deep networks|byron|2015", "arxiv 1706.03762")
    assert not work.disagreeing


async def test_one_doi_with_two_titles_is_shown_and_not_merged(library: Library, database: Database) -> None:
    await library.write("a", embedded([NETWORKS, GRAPHS.model_copy(update={"doi": NETWORKS.doi})]))
    [work] = await duplicates(database)
    assert work.disagreeing
    assert await Merging(database).merge(work, never) == 0
    assert await library.count() == 2


async def test_merged_and_parted_again(library: Library, database: Database, index: Index) -> None:
    with_text = with_full_text("n2", "Deep networks", "Units learn zebras.", "Layers learn too.")
    await library.write("a", [*embedded([NETWORKS, GRAPHS]), with_text])
    await library.write("b", embedded([PREPRINT]))
    await library.write("a", embedded([PREPRINT.model_copy(update={"source_id": "n4", "doi": NETWORKS.doi})]))
    before, frequencies = await ranks(database), await counts(database)
    [work] = await duplicates(database)
    assert len(work.papers) == 3
    with pytest.raises(OSError, match="No space left"):
        await Merging(database).merge(work, full_disk)
    assert await library.count() == 4
    kept: list[Undo] = []
    assert await Merging(database).merge(work, kept.append) == 2
    assert await library.count() == 2
    assert await duplicates(database) == []
    paper = await index.paper(paper_id("a", "n1"))
    assert (paper.abstract, paper.arxiv_id, paper.url) == (NETWORKS.abstract, "1706.03762", "https://example.org/n3")
    assert paper.collections == ("a", "b")
    found, _ = await index.candidates(embedding=None, stems=tokens("networks"), filters=Filters(has_full_text=True), limit=10)
    assert len(found) == 1
    assert await library.unchanged("a", [NETWORKS, with_text.record]) == {"n1", "n2"}
    assert await rows_that_differ(database) == 0

    undo = json.loads(json.dumps(kept[0]))
    assert await Merging(database).undo(undo) == 2
    assert await Merging(database).undo(undo) == 0
    assert await library.count() == 4
    assert await ranks(database) == before
    assert await counts(database) == frequencies
    assert (await index.paper(paper_id("a", "n1"))).arxiv_id == ""
    assert (await duplicates(database)) == [work]
    assert await rows_that_differ(database) == 0


async def test_what_others_read_is_not_merged(library: Library, database: Database) -> None:
    await library.write("a", embedded([NETWORKS]))
    await library.write("b", embedded([GRAPHS]))
    await Collections(database).restrict("b", ["staff"])
    await library.write("b", embedded([TWIN]))
    [work] = await duplicates(database)
    assert await Merging(database).merge(work, never) == 0


async def test_documents_with_one_text_under_two_titles(library: Library, database: Database) -> None:
    text = "Tighten the nine bolts of the pump in the order shown, then fill it with oil up to the mark and let it run."
    await library.write("a", [with_full_text("1", "Pump manual", text), with_full_text("2", "Pump handbook", text + " Slowly.")])
    await library.write(
        "a", [with_full_text("3", "Pump notes", "Another text about pumps, bolts and oil, but in its own words.")]
    )
    [same] = await Audit(database).same_texts()
    assert [paper.title for paper in same.papers] == ["Pump manual", "Pump handbook"]
    assert same.share > 0.8
