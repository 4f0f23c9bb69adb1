"""What the jobs of uploads do: add the vectors that are missing, and read the pages that are still to be read."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.embeddings import embedding_text, passage_text
from rag.errors import EmbeddingBusyError, EmbeddingError, EmbeddingUnavailableError
from rag.ingest.documents import Document
from rag.ingest.uploading import upload_of
from rag.papers import PaperRecord
from rag.store import EmbeddingWork, Job, Uploads

PORTION = 64
"""Passages that are embedded and written at a time; after them it is the next document's turn."""

ReadDocument = Callable[[bytes, str], Awaitable[Document]]
"""The whole document of a file, given its bytes and name; raises DocumentError."""


class Encoder(Protocol):
    """What the jobs need of ``rag.embeddings.Embedder``."""

    async def aencode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows (n, d), after those that somebody waits for."""
        ...

    async def answers(self) -> bool:
        """Whether it can be reached."""
        ...


class Tasks:
    """Does jobs. Each step writes what it has made and the job's end, or that it goes on, in one transaction."""

    def __init__(self, uploads: Uploads, work: EmbeddingWork, embedder: Encoder, read: ReadDocument) -> None:
        self._uploads = uploads
        self._work = work
        self._embedder = embedder
        self._read = read

    async def run(self, job: Job) -> None:
        """One step of ``job``. An upload that is gone is none to do anything for.

        Raises:
            EmbeddingUnavailableError, DatabaseUnavailableError: a part that will be back is away.
            PaperFinderError: this file cannot be dealt with.
        """
        await (self._embed(job) if job.task == "embed" else self._read_rest(job))

    async def _embed(self, job: Job) -> None:
        portion = await self._work.next(job.file_id, PORTION)
        if portion is None:
            return
        paper = PaperRecord(source_id=job.file_id, title=portion.title, abstract=portion.abstract)
        texts = [embedding_text(paper)] if portion.whole else []
        texts += [passage_text(portion.title, passage) for _, passage in portion.passages]
        vectors = await self._encoded(texts)
        own = vectors[0] if portion.whole else None
        await self._work.write(job, portion, own, vectors[1:] if portion.whole else vectors)

    async def _encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts; a server that fails at these alone is not away, and this file not to be tried for ever."""
        try:
            return await self._embedder.aencode_documents(texts)
        except EmbeddingBusyError:
            raise
        except EmbeddingUnavailableError as error:
            if await self._embedder.answers():
                raise EmbeddingError(error.message) from error
            raise

    async def _read_rest(self, job: Job) -> None:
        unread = await self._uploads.unread(job.file_id)
        if unread is None:
            return
        document = await self._read(unread.content, unread.name)
        upload = await asyncio.to_thread(
            upload_of, document, file_id=job.file_id, owner=unread.owner, name=unread.name, content=unread.content
        )
        await self._uploads.finish_reading(job, upload)
