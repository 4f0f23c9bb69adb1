"""What row-level security costs a search: latency with and without it, asked in turn, and whether the plans keep the indexes.

    .venv/bin/python -m benchmarks.row_level_security [--papers 50000] [--uploads 10000] [--queries 200]

The library is made up (``benchmarks.filters``); the uploads of 200 people, each with a passage, bear vectors of its papers. Three
readers ask: one of the library alone, one of the library and two knowledge bases, one who picked a knowledge base. Without
row-level security means: the same statements with the same explicit limits, by the owner of the tables, whom no policy binds.
Prints a Markdown table.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.filters import CANDIDATES, DIMENSIONS, Vectors, fill, made_up_papers
from rag.access import Attached, Readable, Scope
from rag.papers import Filters
from rag.store import Collections, Database, Index, Library, migrate
from rag.store._connection import Connection
from rag.store.embedded import embedded_postgres
from rag.text import tokens

PEOPLE = 200
INDEXES = ("paper_vectors_1_hnsw", "passage_vectors_1_hnsw", "paper_stems_hnsw")

UPLOADS = """
    INSERT INTO collections (name, kind, webui_id)
    SELECT 'Knowledge ' || i, 'knowledge', 'base' || i FROM generate_series(1, {people}) i;
    INSERT INTO uploads (file_id, owner, name, content_hash, state, page_count, pages_read, pages)
    SELECT 'file' || i, 'person' || i % {people}, 'a.pdf', '', 'ready', 1, 1, '{{}}' FROM generate_series(1, {uploads}) i;
    CREATE TEMP TABLE twins AS
    SELECT i, nextval(pg_get_serial_sequence('paper_finder.papers', 'id')) AS id, p.id AS twin
    FROM generate_series(1, {uploads}) i
    JOIN (SELECT id, row_number() OVER (ORDER BY public_id) AS n FROM papers) p ON p.n = 1 + i % {papers};
    INSERT INTO memberships (collection_id, source_id, paper_id, record_hash)
    SELECT c.id, 'file' || t.i, t.id, '' FROM twins t JOIN collections c ON c.webui_id = 'base' || (1 + t.i % {people});
    INSERT INTO papers (id, public_id, title, abstract, authors, author_keys, year, content_hash, owner, file_id)
    OVERRIDING SYSTEM VALUE
    SELECT t.id, 'u' || t.i, p.title, p.abstract, p.authors, p.author_keys, p.year, '', 'person' || t.i % {people}, 'file' || t.i
    FROM twins t JOIN papers p ON p.id = t.twin;
    INSERT INTO paper_vectors_1 (paper_id, text_hash, embedding)
    SELECT t.id, v.text_hash, v.embedding FROM twins t JOIN paper_vectors_1 v ON v.paper_id = t.twin;
    INSERT INTO paper_stems (paper_id, length, mean_length, stems, weights)
    SELECT t.id, s.length, s.mean_length, s.stems, s.weights FROM twins t JOIN paper_stems s ON s.paper_id = t.twin;
    INSERT INTO passages (paper_id, ordinal, page, text) SELECT id, 0, 0, 'A passage.' FROM twins;
    INSERT INTO passage_vectors_1 (passage_id, paper_id, embedding)
    SELECT s.id, t.id, v.embedding FROM twins t JOIN passages s ON s.paper_id = t.id JOIN paper_vectors_1 v ON v.paper_id = t.twin
"""


class Unprotected(Database):
    """The same database, read by the owner of the tables."""

    @asynccontextmanager
    async def reading(self, scope: Scope) -> AsyncIterator[Connection]:
        """Whatever the scope."""
        del scope
        async with self.connection() as connection, connection.pipeline():
            yield connection


async def readers(database: Database) -> dict[str, Scope]:
    """What each reader may see."""
    collections = Collections(database)
    two = Readable({"base1": "One", "base2": "Two"})
    return {
        "the library": await collections.everyone(),
        "library + 2 knowledge bases": await collections.of_person(two, Attached()),
        "in: one knowledge base": await collections.of_person(two, Attached(knowledge=frozenset({"base1"}))),
    }


async def seconds(index: Index, text: str, vector: NDArray[np.float32]) -> float:
    """How long one search takes."""
    start = time.perf_counter()
    await index.candidates(embedding=vector, stems=tokens(text), filters=Filters(), limit=CANDIDATES)
    return time.perf_counter() - start


async def compare(databases: Sequence[Database], scope: Scope, queries: Sequence[tuple[str, NDArray[np.float32]]]) -> list[float]:
    """Median milliseconds over the queries in each database, asked in turn."""

    async def scope_of() -> Scope:
        return scope

    indexes = [Index(database).reading(scope_of) for database in databases]
    measured: list[list[float]] = [[] for _ in indexes]
    for text, vector in queries:
        for times, index in zip(measured, indexes, strict=True):
            times.append(1_000 * await seconds(index, text, vector))
    return [float(np.median(times[len(times) // 10 :])) for times in measured]


async def plan(database: Database, scope: Scope, query: tuple[str, NDArray[np.float32]]) -> str:
    """The indexes of neighbours that a search uses."""

    async def scope_of() -> Scope:
        return scope

    index = Index(database).reading(scope_of)
    found = await index.explain(embedding=query[1], stems=tokens(query[0]), filters=Filters(), limit=CANDIDATES)
    return (
        ", ".join(name.removesuffix("_1_hnsw").removesuffix("_hnsw") for name in INDEXES if name in found[-1])
        or "none: all compared"
    )


async def run(dsn: str, papers: int, uploads: int, queries: int) -> None:
    """Fill, ask, print."""
    records = list(islice(made_up_papers(), papers + queries))
    vectors = Vectors([record.title for record in records])
    await migrate(dsn, model="made up", dimensions=DIMENSIONS)
    async with Database.open(dsn, pool_size=2) as database, Unprotected.open(dsn, pool_size=2) as unprotected:
        library = Library(database)
        await fill(library, records[:papers], vectors)
        async with database.connection() as connection:
            await connection.execute(UPLOADS.format(people=PEOPLE, uploads=uploads, papers=papers).encode())
        await library.refresh_statistics()
        asked = [(record.title, vectors.of(record.title)) for record in records[papers:]]
        print(f"{papers:,} papers of the library, {uploads:,} uploads in {PEOPLE} knowledge bases, {queries} queries\n")
        print("| reader | p50 without | p50 with | ratio | indexes of neighbours, with |\n|---|---|---|---|---|")
        for reader, scope in (await readers(database)).items():
            without, protected = await compare([unprotected, database], scope, asked)
            used = await plan(database, scope, asked[0])
            print(f"| {reader} | {without:.1f} ms | {protected:.1f} ms | {protected / without:.2f} | {used} |")


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--papers", type=int, default=50_000)
    parser.add_argument("--uploads", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=200)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, embedded_postgres(Path(home)) as dsn:
        asyncio.run(run(dsn, arguments.papers, arguments.uploads, arguments.queries))


if __name__ == "__main__":
    main()
