"""How long an upload waits until it can be searched by its meaning, and a search takes, while a large import runs.

    .venv/bin/python -m benchmarks.uploads_during_import [--before 20000] [--papers 20000]

A library of made-up papers with short texts (``benchmarks.filters``) gets as many with long ones, by an import in a process of
its own. Their words move the mean length, so that all rows are weighed anew. Vectors are random: what is measured is the waiting
for the database. One upload after the other is written and embedded, and one search after the other asked, from the import's
beginning to its end. Prints a Markdown table.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.filters import DIMENSIONS, made_up_papers
from rag.ingest import SilentProgress, Summary, ingest
from rag.ingest.testing import plain_document
from rag.ingest.uploading import upload_of
from rag.papers import Filters, PaperRecord
from rag.store import Database, EmbeddingWork, Index, Jobs, Library, Uploads, migrate
from rag.store.embedded import embedded_postgres
from rag.text import tokens

PAUSE = 0.1
PAGES = 20


class RandomVectors:
    """Of unit length, for any text."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(3)

    async def aencode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows (n, d)."""
        return self.rows(len(texts))

    def rows(self, n: int) -> NDArray[np.float32]:
        """Rows (n, d)."""
        rows = self._random.standard_normal((n, DIMENSIONS), np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def written(records: Iterator[PaperRecord], folder: Path, name: str, times: int) -> Path:
    """A file of the records; their abstracts ``times`` as long."""
    path = folder / f"{name}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, record in enumerate(records):
            fields = {"_id": f"{name}{number}", "title": record.title, "text": " ".join([record.abstract] * times)}
            file.write(json.dumps({**fields, "metadata": {"authors": record.authors, "year": record.year}}) + "\n")
    return path


async def upload(database: Database, vectors: RandomVectors, number: int) -> None:
    """A file of 20 pages, until it can be searched."""
    content = "\f".join(
        [f"Title {number}", *(f"Page {page} of file {number} about wet birds" for page in range(1, PAGES))]
    ).encode()
    file_id = f"file{number}"
    await Uploads(database).write(upload_of(plain_document(content), file_id=file_id, owner="ada", name="a.pdf", content=content))
    async with Jobs(database).session() as session:
        work = EmbeddingWork(database)
        while (job := await session.claim(["embed"], await now(database))) is not None:
            portion = await work.next(job.file_id, 100)
            assert portion is not None
            await work.write(job, portion, vectors.rows(1)[0], vectors.rows(len(portion.passages)))


async def now(database: Database) -> datetime:
    """By the database's clock."""
    async with database.connection() as connection:
        row = await (await connection.execute("SELECT now()")).fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


async def repeated(work: Callable[[int], Awaitable[None]], seconds: list[float], stop: asyncio.Event) -> None:
    """Do it again and again, and note how long each took; the one that is under way when asked to stop counts as well."""
    for number in count():
        if stop.is_set():
            return
        started = time.perf_counter()
        await work(number)
        seconds.append(time.perf_counter() - started)
        await asyncio.sleep(PAUSE)


def imported(dsn: str, path: Path) -> Summary:
    """What an import of ``path`` tells at its end."""

    async def run() -> Summary:
        async with Database.open(dsn) as database:
            return await ingest([path], "new", Library(database), RandomVectors(), SilentProgress())

    return asyncio.run(run())


async def measure(dsn: str, folder: Path, before: int, papers: int) -> None:
    """Fill, import, and print."""
    vectors, records = RandomVectors(), made_up_papers()
    await migrate(dsn, model="random", dimensions=DIMENSIONS)
    async with Database.open(dsn) as database:
        library, index = Library(database), Index(database)
        await ingest([written(islice(records, before), folder, "old", 1)], "old", library, vectors, SilentProgress())
        coming = written(islice(records, papers), folder, "new", 12)

        async def search(number: int) -> None:
            stems = tokens(f"word{number % 400} word{number % 300}")
            await index.for_one_question().candidates(embedding=vectors.rows(1)[0], stems=stems, filters=Filters(), limit=100)

        async def one_upload(number: int) -> None:
            await upload(database, vectors, number)

        uploads: list[float] = []
        searches: list[float] = []
        stop = asyncio.Event()
        others = asyncio.gather(repeated(one_upload, uploads, stop), repeated(search, searches, stop))
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            summary = await asyncio.get_running_loop().run_in_executor(process, imported, dsn, coming)
        stop.set()
        await others
        print(f"{before:,} papers, {papers:,} more in {summary.seconds:.0f} s, {summary.index_seconds:.0f} s of it at the end\n")
        print("| | how many | p50 | p95 | longest |\n| --- | --- | --- | --- | --- |")
        for name, seconds in (("an upload until it can be searched", uploads), ("a search", searches)):
            p50, p95 = np.quantile(seconds, [0.5, 0.95])
            print(f"| {name} | {len(seconds)} | {p50:.2f} s | {p95:.2f} s | {max(seconds):.2f} s |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=int, default=20_000)
    parser.add_argument("--papers", type=int, default=20_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, embedded_postgres(Path(home)) as dsn:
        asyncio.run(measure(dsn, Path(home), wanted.before, wanted.papers))


if __name__ == "__main__":
    main()
