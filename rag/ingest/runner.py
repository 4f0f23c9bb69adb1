"""An import from beginning to end: batches are read, embedded and written at the same time, each in one transaction."""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.embeddings import embedding_text, passage_text
from rag.ingest.batches import Batch, Batches
from rag.ingest.progress import Progress
from rag.ingest.sources import Sources, readers_for
from rag.ingest.summary import Summary
from rag.papers import PaperRecord
from rag.store import Embedded, WriteOutcome


class Shelf(Protocol):
    """What an import needs of ``rag.store.Library``."""

    async def unchanged(self, collection: str, records: Sequence[PaperRecord]) -> set[str]:
        """Source ids of the records that are there already, just so."""
        ...

    async def write(self, collection: str, batch: Sequence[Embedded]) -> WriteOutcome:
        """All or nothing."""
        ...

    async def needs_bulk(self, incoming: int) -> bool:
        """Whether the indexes should be dropped for so many."""
        ...

    async def drop_indexes(self) -> None:
        """Searches go on, slowly."""
        ...

    async def build_indexes(self) -> float:
        """Build those that are missing."""
        ...

    async def refresh_statistics(self) -> None:
        """After an import."""
        ...


class Encoder(Protocol):
    """What an import needs of ``rag.embeddings.Embedder``."""

    async def aencode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows (n, d)."""
        ...


async def ingest(paths: Sequence[Path], collection: str, library: Shelf, embedder: Encoder, progress: Progress) -> Summary:
    """Read ``paths`` into ``collection``. What is there already and unchanged is neither embedded nor written again.

    When it is cancelled or fails, the batches written so far stay, and the same call goes on where it stopped.

    Raises:
        UnreadableFileError: a path cannot be read; unless the file changed meanwhile, nothing was imported.
        EmbeddingError: the embedder gave up.
        DatabaseUnavailableError: the database is away.
    """
    started = time.perf_counter()
    progress.phase("Looking at the files")
    sources = await asyncio.to_thread(readers_for, paths)
    progress.start(sources.expected)
    progress.phase("Importing")
    work = _Import(collection, library, embedder, progress, sources)
    try:
        await work.run()
    except BaseException:
        progress.phase(f"Stopped with {work.summary.papers:,} papers in; the same command goes on from there")
        raise
    progress.phase("Done")
    work.summary.seconds = time.perf_counter() - started
    return work.summary


async def embedded(records: Sequence[PaperRecord], embedder: Encoder) -> list[Embedded]:
    """The records with the vectors of their titles and abstracts, and of their passages."""
    if not records:
        return []
    # In one go: a batch of documents has few papers, and the embedder likes many texts.
    texts = [embedding_text(record) for record in records]
    texts += [passage_text(record.title, passage) for record in records for passage in record.passages]
    vectors = await embedder.aencode_documents(texts)
    own = np.split(vectors[len(records) :], np.cumsum([len(record.passages) for record in records])[:-1])
    return [
        Embedded(record, vector, passages if record.passages else None)
        for record, vector, passages in zip(records, vectors[: len(records)], own, strict=True)
    ]


@dataclass(slots=True)
class _Checked:
    """A batch, and those of its records that are to be written."""

    batch: Batch
    changed: list[PaperRecord]


class _Import:
    """The state of one import: at most one batch is being read, two embedded and one written."""

    def __init__(self, collection: str, library: Shelf, embedder: Encoder, progress: Progress, sources: Sources) -> None:
        self.summary = Summary()
        self._collection = collection
        self._library = library
        self._embedder = embedder
        self._progress = progress
        self._expected = sources.expected
        self._batches = Batches(sources)
        self._reading: asyncio.Task[_Checked | None] | None = None
        self._embedding: tuple[_Checked, asyncio.Task[list[Embedded]]] | None = None
        self._writing: asyncio.Task[None] | None = None
        self._bulk = False

    async def run(self) -> None:
        try:
            await self._papers()
        finally:
            await self._settle()
            await self._timed_as_index(self._finish())

    async def _papers(self) -> None:
        while (checked := await self._next()) is not None:
            # The next batch is at the embedder before this one is done: a server never waits for us.
            before, self._embedding = self._embedding, (checked, asyncio.create_task(embedded(checked.changed, self._embedder)))
            if before is not None:
                await self._hand_over(*before)
        if self._embedding is not None:
            await self._hand_over(*self._embedding)
        if self._writing is not None:
            await asyncio.shield(self._writing)

    async def _hand_over(self, checked: "_Checked", embedding: "asyncio.Task[list[Embedded]]") -> None:
        """A batch to the database, once it is embedded; the one before is written when this returns."""
        started = time.perf_counter()
        items = await embedding
        self.summary.embedding_seconds += time.perf_counter() - started
        before, self._writing = self._writing, asyncio.create_task(self._write_after(self._writing, checked, items))
        if before is not None:
            # Shielded: a batch that is embedded is better written than thrown away.
            await asyncio.shield(before)

    async def _next(self) -> _Checked | None:
        """The batch that was read meanwhile; the one after it is begun."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        # Shielded: a thread cannot be stopped in its work.
        checked = await asyncio.shield(self._reading)
        if checked is not None:
            self._reading = asyncio.create_task(self._read())
        return checked

    async def _settle(self) -> None:
        """Wait for what still runs. Its errors matter no more: another one ended the import, or there are none."""
        embedding = self._embedding[1] if self._embedding is not None else None
        if embedding is not None:
            embedding.cancel()
        running = (self._reading, embedding, self._writing)
        await asyncio.gather(*(task for task in running if task is not None), return_exceptions=True)

    async def _read(self) -> _Checked | None:
        batch = await asyncio.to_thread(self._batches.next)
        if batch is None:
            return None
        there = await self._library.unchanged(self._collection, batch.records) if batch.records else set()
        return _Checked(batch, [record for record in batch.records if record.source_id not in there])

    async def _write_after(self, before: "asyncio.Task[None] | None", checked: _Checked, items: Sequence[Embedded]) -> None:
        if before is not None:
            await before
        await self._prepare_bulk(checked)
        await self._write(checked, items)

    async def _write(self, checked: _Checked, embedded: Sequence[Embedded]) -> None:
        batch, summary = checked.batch, self.summary
        if embedded:
            outcome = await self._library.write(self._collection, embedded)
            summary.added += outcome.added
            summary.updated += outcome.updated
            summary.unchanged += outcome.unchanged
        summary.unchanged += len(batch.records) - len(checked.changed) + batch.repeated
        for rejected in batch.rejected:
            summary.reject(rejected)
        for remark in batch.remarks:
            summary.remark(remark)
        self._progress.advance(batch.read)

    async def _prepare_bulk(self, checked: _Checked) -> None:
        """Drop the indexes once so much is coming that they are built more quickly afterwards."""
        if self._bulk or not checked.changed:
            return
        # How much is new is seen batch by batch: a file imported again must not cost its indexes.
        rest = max((self._expected or 0) - checked.batch.before, checked.batch.read)
        if await self._library.needs_bulk(round(rest * len(checked.changed) / checked.batch.read)):
            self._bulk = True
            await self._timed_as_index(self._library.drop_indexes())

    async def _finish(self) -> None:
        """Also mends what an import that was killed left behind: indexes that are there are not built again."""
        self._progress.phase("Building the indexes" if self._bulk else "Finishing")
        # First: rows that are computed anew go into an index that is there one by one, many times slower than it is built.
        if self.summary.added or self.summary.updated:
            await self._library.refresh_statistics()
        await self._library.build_indexes()

    async def _timed_as_index(self, work: Coroutine[Any, Any, None]) -> None:
        started = time.perf_counter()
        await work
        self.summary.index_seconds += time.perf_counter() - started
