"""What the embedding of an upload still lacks, and writing the vectors: each passage once, together with the job's end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector

from rag.papers import PassageText
from rag.store._connection import Connection
from rag.store._database import Database
from rag.store._jobs import Job, hold_job
from rag.store._writing import text_hash


@dataclass(frozen=True, slots=True)
class Portion:
    """Up to so many texts without a vector: the paper's own title and abstract, if it lacks one, and passages by key."""

    paper: int
    title: str
    abstract: str
    whole: bool
    """Whether the paper's own vector is missing."""
    passages: tuple[tuple[int, PassageText], ...]


class EmbeddingWork:
    """The vectors that uploads lack."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries

    async def next(self, file_id: str, most: int) -> Portion | None:
        """The next ``most`` passages without a vector; those that the same owner's other uploads have are copied first.

        None when the upload is gone.
        """
        async with self._database.connection() as connection:
            for query in ("reuse_paper_vector", "reuse_passage_vectors"):
                await connection.execute(self._queries.get(query), {"file_id": file_id})
            cursor = await connection.execute(self._queries.get("paper_without_vector"), {"file_id": file_id})
            paper = await cursor.fetchone()
            if paper is None:
                return None
            parameters = {"paper_id": paper[0], "n": most}
            cursor = await connection.execute(self._queries.get("passages_without_vector"), parameters)
            rows = await cursor.fetchall()
        passages = ((key, PassageText(text=text, page=page, section=section)) for key, text, page, section in rows)
        key, title, abstract, whole = paper
        return Portion(key, title, abstract, whole, tuple(passages))

    async def write(self, job: Job, portion: Portion, own: NDArray[np.float32] | None, vectors: NDArray[np.float32]) -> bool:
        """Write the paper's own vector (d,), those of its passages (n, d), and the job's end, or that it goes on.

        False, and nothing written, when the job is gone: the upload was deleted, or somebody else has finished it.
        """
        async with self._database.connection() as connection:
            if not await hold_job(connection, self._queries, job):
                return False
            if own is not None:
                paper = {"id": portion.paper, "title": portion.title, "abstract": portion.abstract}
                made = {"text_hash": text_hash(portion.title, portion.abstract), "embedding": HalfVector(own)}
                await connection.execute(self._queries.get("add_paper_vector"), {**paper, **made})
            rows = [
                {"id": key, "embedding": HalfVector(vector)} for (key, _), vector in zip(portion.passages, vectors, strict=True)
            ]
            if rows:
                await connection.cursor().executemany(self._queries.get("add_passage_vector"), rows)
            await self._end(connection, job)
        return True

    async def _end(self, connection: Connection, job: Job) -> None:
        cursor = await connection.execute(self._queries.get("paper_without_vector"), {"file_id": job.file_id})
        paper = await cursor.fetchone()
        assert paper is not None  # the job holds its upload, and the upload its paper
        cursor = await connection.execute(self._queries.get("passages_without_vector"), {"paper_id": paper[0], "n": 1})
        if paper[3] or await cursor.fetchone() is not None:
            # At the end of the queue: a long document does not keep short ones waiting.
            await connection.execute(self._queries.get("continue_job"), {"id": job.id})
            return
        await connection.execute(self._queries.get("finish_job"), {"id": job.id})
        await connection.execute(self._queries.get("upload_embedded"), {"file_id": job.file_id})
