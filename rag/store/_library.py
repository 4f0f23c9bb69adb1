"""The library's repository: adding papers to collections, merging what is one work, and reading papers back."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.papers import PaperRecord
from rag.store._building import analyse, build_indexes, drop_indexes
from rag.store._collections import CollectionInfo
from rag.store._database import Database
from rag.store._queries import STEMS_INDEX
from rag.store._stems import StemWriter
from rag.store._writing import BatchWriter, text_hash

_DRIFT = 0.05
"""BM25 rows are computed anew when the mean length has moved by more than this share."""
_BULK = 2_000
"""Fewer incoming papers than this are added with the indexes in place."""
_REWEIGHED_AT_ONCE = 500
"""A second's work where the rows are indexed."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A record, the unit vector (d,) of its ``embedding_text``, and those (n, d) of its n passages, if it has any."""

    record: PaperRecord
    embedding: NDArray[np.float32]
    passage_embeddings: NDArray[np.float32] | None = None

    @property
    def text_hash(self) -> bytes:
        """Of the text that the vector stands for."""
        return text_hash(self.record.title, self.record.abstract)


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """How many records of a batch were new to their collection, changed, or there already."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0


class Library:
    """The shared library in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries
        self._stems = StemWriter(database.queries)

    async def unchanged(self, collection: str, records: Sequence[PaperRecord]) -> set[str]:
        """The source ids of those records that stand in the collection already, exactly as they are."""
        parameters = {"collection": collection, "source_ids": [record.source_id for record in records]}
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("known_records"), parameters)
            known = {source_id: bytes(record_hash) for source_id, _, record_hash in await cursor.fetchall()}
        return {r.source_id for r in records if known.get(r.source_id) == r.content_hash()}

    async def write(self, collection: str, batch: Sequence[Embedded]) -> WriteOutcome:
        """Add or update records in one transaction; all of them go in or none.

        A record of a work that another collection holds joins that paper and fills in what it lacked. The passages of a
        paper are replaced as a whole.
        The last record wins where a source id stands twice.
        """
        latest = list({item.record.source_id: item for item in batch}.values())
        try:
            async with self._database.connection() as connection:
                await connection.execute(self._queries.get("lock_for_writing"))
                writer = BatchWriter(connection, self._queries, self._stems)
                counts = await writer.write(collection, latest)
        except BaseException:
            self._stems.forget()
            raise
        return WriteOutcome(counts.added, counts.updated, counts.unchanged + len(batch) - len(latest))

    async def needs_bulk(self, incoming: int) -> bool:
        """Whether ``incoming`` papers are so many that building the indexes afterwards is quicker."""
        return incoming > max(_BULK, await self.count() // 4)

    async def drop_indexes(self) -> None:
        """Drop the library's vector indexes; searches stay right, by reading every row."""
        await drop_indexes(self._database, self._queries, (STEMS_INDEX, "paper_vectors_hnsw", "passage_vectors_hnsw"))

    async def build_indexes(self) -> float:
        """Build the vector indexes that are missing; return the seconds it took."""
        start = time.perf_counter()
        await build_indexes(self._database, self._queries)
        return time.perf_counter() - start

    async def refresh_statistics(self) -> None:
        """After an import: tell the planner, and compute BM25 rows anew if papers have become longer or shorter."""
        await analyse(self._database, self._queries)
        async with self._database.connection() as connection:
            await connection.execute(self._queries.get("lock_for_writing"))
            cursor = await connection.execute(self._queries.get("lexical_statistics"))
            row = await cursor.fetchone()
            if row is not None and row[0] > 0 and row[2] and abs(row[1] / row[0] / row[2] - 1) > _DRIFT:
                await connection.execute(self._queries.get("keep_mean_length"), {"mean": row[1] / row[0]})
        await self._reweigh()

    async def _reweigh(self) -> None:
        """Compute rows anew, also those that were left when this was broken off; bit by bit, so that uploads have their turn."""
        after: int | None = 0
        while after is not None:
            async with self._database.connection() as connection:
                await connection.execute(self._queries.get("lock_for_writing"))
                after = await self._stems.reweigh(connection, after, _REWEIGHED_AT_ONCE)

    async def count(self) -> int:
        """How many papers there are."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("count_papers"))
            row = await cursor.fetchone()
        return int(row[0]) if row else 0

    async def collections(self) -> list[CollectionInfo]:
        """Every collection with its number of records, oldest first."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("collections"))
            return [CollectionInfo(name, papers) for name, papers in await cursor.fetchall()]
