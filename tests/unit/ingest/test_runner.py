"""The import, with the library and the embedder in memory."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.embeddings.testing import FakeEmbedder
from rag.errors import DatabaseUnavailableError, EmbeddingUnavailableError, UnreadableFileError
from rag.ingest import SilentProgress, Summary, ingest
from rag.ingest.batches import BATCH
from rag.ingest.testing import FakeLibrary
from tests.unit.ingest.conftest import Written

pytestmark = pytest.mark.anyio


class Recorded:
    """A progress that keeps what it is told."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.done = 0
        self.phases: list[str] = []

    def start(self, total: int | None) -> None:
        self.total = total

    def advance(self, n: int) -> None:
        self.done += n

    def phase(self, name: str) -> None:
        self.phases.append(name)


def corpus(numbers: Iterable[int]) -> str:
    return "".join(json.dumps({"_id": f"d{n}", "title": f"Title {n}", "text": f"About {n}."}) + "\n" for n in numbers)


async def run(path: Path, library: FakeLibrary, embedder: FakeEmbedder | None = None) -> Summary:
    return await ingest([path], "c", library, embedder or FakeEmbedder(), SilentProgress())


async def test_everything_goes_in_by_batches_of_a_thousand(written: Written) -> None:
    library, progress = FakeLibrary(), Recorded()
    path = written("corpus.jsonl", corpus(range(2_500)) + "no json\n")
    summary = await ingest([path], "c", library, FakeEmbedder(), progress)
    assert (summary.added, summary.updated, summary.unchanged, summary.rejected_count) == (2_500, 0, 0, 1)
    assert library.batches == [BATCH, BATCH, 500]
    assert [str(rejected) for rejected in summary.rejected] == ["corpus.jsonl:2501: not JSON: Expecting value at column 1"]
    assert (progress.total, progress.done) == (2_501, 2_501)
    assert progress.phases[-1] == "Done"
    assert summary.seconds >= summary.embedding_seconds > 0
    assert summary.papers_per_second > 0
    assert library.events == ["refresh statistics", "build indexes"]


async def test_the_same_again_embeds_nothing(written: Written) -> None:
    library, embedder = FakeLibrary(), FakeEmbedder()
    path = written("corpus.jsonl", corpus(range(1_200)))
    await run(path, library)
    summary = await run(path, library, embedder)
    assert (summary.added, summary.updated, summary.unchanged) == (0, 0, 1_200)
    assert embedder.calls == []
    assert len(library.batches) == 2


async def test_only_what_changed_is_embedded(written: Written) -> None:
    library, embedder = FakeLibrary(), FakeEmbedder()
    await run(written("corpus.jsonl", corpus(range(10))), library)
    changed = corpus(range(12)).replace("About 3.", "Other 3.")
    summary = await run(written("corpus.jsonl", changed), library, embedder)
    assert (summary.added, summary.updated, summary.unchanged) == (2, 1, 9)
    assert embedder.calls == [["Title 3. Other 3.", "Title 10. About 10.", "Title 11. About 11."]]


async def test_many_new_papers_come_without_indexes(written: Written) -> None:
    library = FakeLibrary(bulk_from=2_000)
    await run(written("corpus.jsonl", corpus(range(2_500))), library)
    assert library.events == ["drop indexes", "refresh statistics", "build indexes"]


async def test_a_few_new_papers_in_a_large_file_keep_the_indexes(written: Written) -> None:
    library = FakeLibrary(bulk_from=2_000)
    await run(written("corpus.jsonl", corpus(range(2_500))), library)
    library.events.clear()
    await run(written("corpus.jsonl", corpus(range(2_510))), library)
    assert library.events == ["refresh statistics", "build indexes"]


class Failing(FakeEmbedder):
    """Gives up at its ``last`` + 1st batch."""

    def __init__(self, last: int) -> None:
        super().__init__()
        self.last = last

    async def aencode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(self.calls) >= self.last:
            raise EmbeddingUnavailableError()
        return await super().aencode_documents(texts)


async def test_when_the_embedder_gives_up_what_is_written_stays(written: Written) -> None:
    library, progress = FakeLibrary(bulk_from=2_000), Recorded()
    path = written("corpus.jsonl", corpus(range(3_500)))
    with pytest.raises(EmbeddingUnavailableError):
        await ingest([path], "c", library, Failing(2), progress)
    assert library.batches == [BATCH, BATCH]
    assert library.events == ["drop indexes", "refresh statistics", "build indexes"]
    assert progress.phases[-1] == "Stopped with 2,000 papers in; the same command goes on from there"
    summary = await run(path, library)
    assert (summary.added, summary.unchanged) == (1_500, 2_000)


async def test_when_the_database_goes_away_the_import_says_so(written: Written) -> None:
    library = FakeLibrary()
    library.error, library.fail_after = DatabaseUnavailableError(), 1
    with pytest.raises(DatabaseUnavailableError):
        await run(written("corpus.jsonl", corpus(range(5_000))), library)
    assert library.batches == [BATCH]


class Waiting(FakeEmbedder):
    """Stays in its second batch until the test has cancelled it."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def aencode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.calls:
            self.reached.set()
            await asyncio.Event().wait()
        return await super().aencode_documents(texts)


async def test_an_interruption_leaves_whole_batches(written: Written) -> None:
    library, embedder, progress = FakeLibrary(bulk_from=2_000), Waiting(), Recorded()
    path = written("corpus.jsonl", corpus(range(2_500)))
    task = asyncio.create_task(ingest([path], "c", library, embedder, progress))
    await asyncio.wait_for(embedder.reached.wait(), 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert library.batches == [BATCH]
    assert library.events == ["drop indexes", "refresh statistics", "build indexes"]
    assert progress.phases[-1] == "Stopped with 1,000 papers in; the same command goes on from there"
    assert (await run(path, library)).added == 1_500


async def test_reading_and_writing_go_on_while_a_batch_is_embedded(written: Written) -> None:
    library, embedder = FakeLibrary(), Waiting()
    path = written("corpus.jsonl", corpus(range(2_500)))
    task = asyncio.create_task(ingest([path], "c", library, embedder, SilentProgress()))
    # The second batch is being embedded; the first is written meanwhile.
    await asyncio.wait_for(embedder.reached.wait(), 30)
    async with asyncio.timeout(30):
        while not library.batches:  # noqa: ASYNC110 - the fake has no event to wait for
            await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_one_id_in_two_files(written: Written) -> None:
    library = FakeLibrary()
    paths = [
        written("a.bib", "@misc{x, title={One}}\n@misc{y, title={Same}}"),
        written("b.bib", "@misc{x, title={Two}}\n@misc{y, title={Same}}\n@misc{z, title={Three}}"),
    ]
    for expected in ((3, 1), (0, 4)):
        summary = await ingest(paths, "c", library, FakeEmbedder(), SilentProgress())
        assert (summary.added, summary.unchanged) == expected
        [rejected] = summary.rejected
        assert rejected.location == "b.bib"
        assert rejected.reason.startswith("the id 'x' is another paper's in ")
    assert library.collections["c"]["x"].title == "One"


async def test_a_file_that_cannot_be_read_stops_all_before_anything_is_imported(written: Written) -> None:
    library = FakeLibrary()
    with pytest.raises(UnreadableFileError):
        await ingest(
            [written("a.bib", "@misc{x, title={One}}"), written("b.zip", "PK")], "c", library, FakeEmbedder(), SilentProgress()
        )
    assert library.collections == {}
    assert library.events == []


async def test_remarks_reach_the_summary(written: Written) -> None:
    summary = await run(written("l.bib", "@misc{x, title={Über}}".encode("latin-1")), FakeLibrary())
    assert summary.as_json()["remarks"] == ["l.bib: is not UTF-8; it was read as Latin-1 (Windows-1252)"]
