"""Imports into the real library."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.embeddings.testing import FakeEmbedder
from rag.ingest import SilentProgress, Summary, ingest
from rag.papers import Query, paper_id
from rag.retrieval import Searcher
from rag.store import Database, Index, Library

pytestmark = pytest.mark.anyio

BIB = r"""
@inproceedings{vaswani2017, title={Attention Is All You Need}, author={Vaswani, Ashish}, year=2017, eprint={1706.03762}}
@article{broken, year=2001}
@article{godel1931,
  title={{\"U}ber formal unentscheidbare S{\"a}tze}, author={G{\"o}del, Kurt}, year=1931, doi={10.1007/BF01700692}}
"""


def corpus(folder: Path, numbers: Iterable[int]) -> Path:
    folder.mkdir(exist_ok=True)
    lines = (json.dumps({"_id": f"d{n}", "title": f"Title {n}", "text": f"About number {n} and its friends."}) for n in numbers)
    (folder / "corpus.jsonl").write_text("\n".join(lines))
    return folder


def counts(summary: Summary) -> tuple[int, int, int, int]:
    return summary.added, summary.updated, summary.unchanged, summary.rejected_count


async def indexes(database: Database) -> set[str]:
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'paper_finder'")
        return {row[0] for row in await cursor.fetchall()}


async def test_a_library_goes_in_once_and_is_found(
    tmp_path: Path, library: Library, index: Index, embedder: FakeEmbedder, searcher: Searcher
) -> None:
    path = tmp_path / "library.bib"
    path.write_text(BIB)
    first = await ingest([path], "mine", library, embedder, SilentProgress())
    assert counts(first) == (2, 0, 0, 1)
    assert str(first.rejected[0]) == "library.bib:3: no title"
    assert counts(await ingest([path], "mine", library, embedder, SilentProgress())) == (0, 0, 2, 1)
    assert [(info.name, info.papers) for info in await library.collections()] == [("mine", 2)]
    hits = (await searcher.search(Query("attention is all you need"))).hits
    assert (hits[0].paper.source_id, hits[0].paper.arxiv_id) == ("vaswani2017", "1706.03762")
    godel = await index.paper(paper_id("mine", "godel1931"))
    assert (godel.title, godel.authors, godel.doi) == ("Über formal unentscheidbare Sätze", ("Kurt Gödel",), "10.1007/bf01700692")


async def test_a_changed_record_is_updated(tmp_path: Path, library: Library, index: Index, embedder: FakeEmbedder) -> None:
    path = tmp_path / "library.bib"
    path.write_text(BIB)
    await ingest([path], "mine", library, embedder, SilentProgress())
    path.write_text(BIB.replace("2017", "2018").replace("vaswani2018", "vaswani2017"))
    assert counts(await ingest([path], "mine", library, embedder, SilentProgress())) == (0, 1, 1, 1)
    assert (await index.paper(paper_id("mine", "vaswani2017"))).year == 2018


async def test_one_work_in_two_collections_is_one_paper(
    tmp_path: Path, library: Library, index: Index, embedder: FakeEmbedder
) -> None:
    bib, lines = tmp_path / "library.bib", tmp_path / "other.jsonl"
    bib.write_text(BIB)
    lines.write_text(
        json.dumps({"id": "G", "title": "On formally undecidable propositions", "doi": "https://doi.org/10.1007/BF01700692"})
    )
    await ingest([bib], "mine", library, embedder, SilentProgress())
    assert counts(await ingest([lines], "ours", library, embedder, SilentProgress())) == (1, 0, 0, 0)
    assert await library.count() == 2
    assert set((await index.paper(paper_id("mine", "godel1931"))).collections) == {"mine", "ours"}
    assert counts(await ingest([lines], "ours", library, embedder, SilentProgress())) == (0, 0, 1, 0)


class Stopping(FakeEmbedder):
    """Stays in its second batch for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def aencode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.calls:
            self.reached.set()
            await asyncio.Event().wait()
        return await super().aencode_documents(texts)


async def test_an_interrupted_import_goes_on_where_it_stopped(
    tmp_path: Path, library: Library, database: Database, embedder: FakeEmbedder
) -> None:
    folder, complete, stopping = corpus(tmp_path / "set", range(2_600)), await indexes(database), Stopping()
    task = asyncio.create_task(ingest([folder], "set", library, stopping, SilentProgress()))
    await asyncio.wait_for(stopping.reached.wait(), 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await library.count() == 1_000
    assert await indexes(database) == complete
    assert counts(await ingest([folder], "set", library, embedder, SilentProgress())) == (1_600, 0, 1_000, 0)
    assert sorted(map(len, embedder.calls)) == [600, 1_000]
    assert await indexes(database) == complete


async def test_indexes_that_a_killed_import_left_out_are_built(
    tmp_path: Path, library: Library, database: Database, embedder: FakeEmbedder
) -> None:
    complete = await indexes(database)
    await library.drop_indexes()
    assert await indexes(database) < complete
    await ingest([corpus(tmp_path / "set", range(3))], "set", library, embedder, SilentProgress())
    assert await indexes(database) == complete
