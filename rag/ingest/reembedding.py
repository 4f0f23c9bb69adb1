"""Every text of the library embedded by another model, beside what is in use, at a pace that leaves room for questions."""

import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.embeddings import embedding_text, passage_text
from rag.ingest.clock import Clock, SystemClock
from rag.ingest.progress import Progress
from rag.papers import PaperRecord
from rag.store import OldPaper, OldPassage, Reembedding

BATCH = 256
"""Texts that are embedded and written at a time: what a kill costs."""
WAIT_SECONDS = 300.0
"""How long running services are waited for after the switch."""
LOOK_SECONDS = 0.5


class Encoder(Protocol):
    """What is needed of an embedder."""

    async def aencode_documents(self, texts: list[str]) -> NDArray[np.float32]:
        """Unit rows (n, d)."""
        ...


@dataclass(slots=True)
class Reembedded:
    """What was done."""

    texts: int = 0
    seconds: float = 0.0
    followed: bool = True
    """Whether every running service answers from the new vectors."""


async def reembed(
    work: Reembedding, embedder: Encoder, progress: Progress, *, rate: float | None = None, clock: Clock | None = None
) -> Reembedded:
    """Fill the new space, build its indexes, switch to it, and fill in what running services wrote to the old one meanwhile.

    ``rate``: texts per second at most. When it is cancelled or killed, what was written stays, and the same call goes on.

    Raises:
        EmbeddingError: the new model gave up.
        DatabaseUnavailableError: the database is away.
    """
    started = time.perf_counter()
    remaining = await work.remaining()
    progress.start(remaining.texts)
    progress.phase("Embedding")
    await work.prepare()
    filling = _Filling(work, embedder, progress, rate, clock or SystemClock())
    await filling.run()
    progress.phase("Building the indexes")
    await work.build_indexes()
    while not await work.switch():  # somebody wrote meanwhile
        await filling.run()
    progress.phase("Waiting for running services to follow")
    followed = await _followed(work, clock or SystemClock())
    await filling.run()
    progress.phase("Done")
    return Reembedded(filling.texts, time.perf_counter() - started, followed)


class _Filling:
    """Batches one after the other, paced."""

    def __init__(self, work: Reembedding, embedder: Encoder, progress: Progress, rate: float | None, clock: Clock) -> None:
        self.texts = 0
        self._work = work
        self._embedder = embedder
        self._progress = progress
        self._rate = rate
        self._clock = clock

    async def run(self) -> None:
        """Until nothing is left."""
        while True:
            began = self._clock.now()
            most = BATCH if self._rate is None else max(1, min(BATCH, round(self._rate)))
            papers, passages = await self._work.next(most)
            if not papers and not passages:
                return
            vectors = await self._embedder.aencode_documents([*map(_paper, papers), *map(_passage, passages)])
            await self._work.write(papers, passages, vectors)
            done = len(papers) + len(passages)
            self.texts += done
            self._progress.advance(done)
            if self._rate is not None:
                taken = (self._clock.now() - began).total_seconds()
                await self._clock.sleep(max(0.0, done / self._rate - taken))


async def _followed(work: Reembedding, clock: Clock) -> bool:
    began = clock.now()
    while await work.users_of_old():
        if (clock.now() - began).total_seconds() > WAIT_SECONDS:
            return False
        await clock.sleep(LOOK_SECONDS)
    return True


def _paper(paper: OldPaper) -> str:
    return embedding_text(PaperRecord(source_id=str(paper.id), title=paper.title, abstract=paper.abstract))


def _passage(passage: OldPassage) -> str:
    return passage_text(passage.title, passage.text)
