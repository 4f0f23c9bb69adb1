"""Writing the passages of papers and their vectors."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from psycopg.types.json import Jsonb

from rag.papers import NO_OUTLINE, Outline, PassageText
from rag.store._connection import Connection
from rag.store._queries import Queries

if TYPE_CHECKING:
    from rag.store._library import Embedded


@dataclass(frozen=True, slots=True)
class Passages:
    """The passages of the paper with this key, in order, their unit vectors (n, d; None: they come later), and the outline."""

    paper: int
    texts: Sequence[PassageText]
    vectors: NDArray[np.float32] | None
    outline: Outline = NO_OUTLINE

    @classmethod
    def of(cls, key: int, item: "Embedded") -> Self:
        """Those of a record.

        Raises:
            ValueError: the record has passages, and not as many vectors.
        """
        texts, vectors = item.record.passages, item.passage_embeddings
        if texts and (vectors is None or len(vectors) != len(texts)):
            raise ValueError(f"{len(texts)} passages, but {0 if vectors is None else len(vectors)} vectors")
        return cls(key, texts, vectors, item.record.outline)


class PassageWriter:
    """Writes passages inside the transaction of a connection."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    async def replace(self, connection: Connection, passages: Passages) -> None:
        """Write passages in the place of those that the paper has."""
        await connection.execute(self._queries.get("delete_passages"), {"paper_id": passages.paper})
        await connection.execute(self._queries.get("delete_outline"), {"paper_id": passages.paper})
        await self.write(connection, [passages])

    async def write(self, connection: Connection, papers: Sequence[Passages]) -> None:
        """Write the passages of papers that have none."""
        total = sum(len(paper.texts) for paper in papers)
        if not total:
            return
        for paper in papers:
            if paper.outline != NO_OUTLINE:
                outline = {"paper_id": paper.paper, "outline": Jsonb(asdict(paper.outline))}
                await connection.execute(self._queries.get("keep_outline"), outline)
        cursor = await connection.execute(self._queries.get("new_passage_keys"), {"n": total})
        numbers = iter([row[0] for row in await cursor.fetchall()])
        keys = [[next(numbers) for _ in paper.texts] for paper in papers]
        async with connection.cursor().copy(self._queries.get("copy_passages")) as copy:
            copy.set_types(["int8", "int8", "int4", "int4", "text", "text"])
            for paper, own in zip(papers, keys, strict=True):
                for ordinal, (key, passage) in enumerate(zip(own, paper.texts, strict=True)):
                    await copy.write_row((key, paper.paper, ordinal, passage.page, passage.section, passage.text))
        async with connection.cursor().copy(self._queries.get("copy_passage_vectors")) as copy:
            copy.set_types(["int8", "int8", "halfvec"])
            for paper, own in zip(papers, keys, strict=True):
                for key, vector in zip(own, () if paper.vectors is None else paper.vectors, strict=paper.vectors is not None):
                    await copy.write_row((key, paper.paper, HalfVector(vector)))
