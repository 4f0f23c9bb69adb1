"""What an index over fewer dimensions than the vectors have costs and saves: recall@10, size, build time, latency.

    .venv/bin/python -m benchmarks.index_dimensions FOLDER [--papers N]

FOLDER is a set in the BEIR layout. Two libraries of N papers each: its papers and questions as the bundled model embeds them (384
dimensions; that model was not trained to be cut), and made-up vectors of 2,560 dimensions shaped as Matryoshka training shapes
them: the variance of number i falls as 1/i, papers lie around topics, a question lies near a paper. Each index brings up 100
candidates, as a search does, which all dimensions order; recall is against comparing all papers. Prints a Markdown table.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.bm25 import records_of
from rag.embeddings import embedding_text
from rag.embeddings.bundled import BundledEmbedder
from rag.embeddings.stored import StoredEmbedder, VectorStore
from rag.embeddings.vectors import unit_rows
from rag.evaluation import load_set
from rag.evaluation.runner import CACHE
from rag.papers import Filters, PaperRecord
from rag.settings import load_settings
from rag.store import Database, Embedded, Index, Library, migrate
from rag.store.embedded import embedded_postgres

BATCH, K, CANDIDATES, QUESTIONS, TOPICS = 1_000, 10, 100, 200, 300
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class World:
    """Unit rows of papers and questions."""

    name: str
    papers: Vectors
    questions: Vectors
    sizes: Sequence[int]


def real(folder: Path, n: int) -> World:
    """By the bundled model; `paper-finder eval` keeps these vectors too."""
    texts = [embedding_text(record) for record in islice(records_of(folder), n)]
    bundled, store = BundledEmbedder(), VectorStore(load_settings().home / CACHE)
    embedder = StoredEmbedder(bundled, store)
    try:
        questions = embedder.encode_queries(list(load_set(folder).sample(QUESTIONS).queries.values()))
        return World("MiniLM", embedder.encode_documents(texts), questions, (64, 128, 256, 384))
    finally:
        bundled.close()
        store.close()


def made_up(n: int) -> World:
    """Topics, papers around them, questions near papers, all with the same falling spectrum."""
    random, dimensions = np.random.default_rng(0), 2_560
    spectrum = np.arange(1, dimensions + 1, dtype=np.float32) ** -0.5

    def drawn(rows: int) -> Vectors:
        return unit_rows(random.standard_normal((rows, dimensions), np.float32) * spectrum)

    papers = unit_rows(0.7 * drawn(TOPICS)[random.integers(TOPICS, size=n)] + 0.7 * drawn(n))
    questions = unit_rows(0.7 * papers[random.integers(n, size=QUESTIONS)] + 0.7 * drawn(QUESTIONS))
    return World("made up", papers, questions, (256, 512, 1_024, 2_560))


async def fill(dsn: str, world: World) -> None:
    """A library of papers that are nothing but their vectors."""
    await migrate(dsn, model=world.name, dimensions=world.papers.shape[1])
    async with Database.open(dsn, pool_size=2) as database:
        library = Library(database)
        await library.drop_indexes()
        for start in range(0, len(world.papers), BATCH):
            some = world.papers[start : start + BATCH]
            rows = [Embedded(PaperRecord(source_id=str(start + at), title=f"t{start + at}"), row) for at, row in enumerate(some)]
            await library.write("set", rows)
        await library.refresh_statistics()


async def measure(dsn: str, world: World, size: int) -> str:
    """A row of the table."""
    start = time.perf_counter()
    await migrate(dsn, model=world.name, dimensions=world.papers.shape[1], index_dimensions=size)
    built = time.perf_counter() - start
    async with Database.open(dsn, pool_size=2) as database:
        index = Index(database, exact_papers=0).for_one_question()
        for _ in range(2):  # the first round warms the caches
            found: list[list[int]] = []
            seconds: list[float] = []
            for question in world.questions:
                start = time.perf_counter()
                candidates, _ = await index.candidates(embedding=question, stems=[], filters=Filters(), limit=CANDIDATES)
                seconds.append(1_000 * (time.perf_counter() - start))
                best = sorted(candidates, key=lambda candidate: -(candidate.dense or 0.0))[:K]
                found.append([candidate.key for candidate in best])
        names = await index.source_ids([key for keys in found for key in keys], "set")
        async with database.connection() as connection:
            (row,) = await (await connection.execute("SELECT pg_relation_size('paper_vectors_1_hnsw')")).fetchall()
    hits = sum(len({int(names[key]) for key in keys} & near) for keys, near in zip(found, nearest(world), strict=True))
    p50, p95 = np.quantile(seconds, [0.5, 0.95])
    cells = f"{hits / (K * len(found)):.3f} | {row[0] / 2**20:,.0f} MB | {built:.0f} s | {p50:.1f} / {p95:.1f} ms"
    return f"| {world.name}, {world.papers.shape[1]:,} | {len(world.papers):,} | {size:,} | {cells} |"


def nearest(world: World) -> list[set[int]]:
    """The ten papers nearest to each question, as stored in half precision."""
    cosines = world.questions @ unit_rows(world.papers.astype(np.float16).astype(np.float32)).T
    return [set(row.tolist()) for row in np.argsort(-cosines, axis=1)[:, :K]]


async def run(world: World) -> None:
    """All sizes of one library."""
    with tempfile.TemporaryDirectory() as home, embedded_postgres(Path(home)) as dsn:
        await fill(dsn, world)
        for size in world.sizes:
            print(await measure(dsn, world, size), flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--papers", type=int, default=20_000)
    wanted = parser.parse_args()
    print("| vectors | papers | dimensions in the index | recall@10 | index | built in | a question, p50 / p95 |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for world in (made_up(wanted.papers), real(wanted.folder, wanted.papers)):
        asyncio.run(run(world))


if __name__ == "__main__":
    main()
