"""BM25 in Postgres beside bm25s on the same tokens, k1, b and title weight: nDCG@10, what is missed, and what it takes.

    .venv/bin/python -m benchmarks.bm25 FOLDER… [--beside FILE…]

Each FOLDER is a set in the BEIR layout. Nine tenths of its papers come in as an import brings them, the last tenth later, past
the indexes. ``--beside`` adds papers of other files that answer nothing, to see a large library. Vectors are made up: only words
count here. *Overlap* is the share of bm25s's ten best scores that Postgres reaches. Prints a Markdown table.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import bm25s
import ir_measures
import numpy as np
from ir_measures import nDCG
from numpy.typing import NDArray

from rag.evaluation import EvaluationSet, load_set
from rag.ingest import readers_for
from rag.papers import Filters, PaperRecord
from rag.store import Database, Embedded, Index, Library, migrate
from rag.store._lexical import K1, B, term_counts
from rag.store.embedded import embedded_postgres
from rag.text import tokens

DIMENSIONS, BATCH, K, CANDIDATES = 8, 2_000, 10, 100
LATE = 10
"""One paper in so many comes after the indexes are built."""


@dataclass(frozen=True)
class Measured:
    """One way over all queries."""

    ndcg: float
    overlap: float
    milliseconds: tuple[float, float]
    """p50 and p95 of one question."""

    def __str__(self) -> str:
        """Three cells."""
        p50, p95 = self.milliseconds
        return f"{self.ndcg:.4f} | {self.overlap:.3f} | {p50:.1f} / {p95:.1f}"


def records_of(path: Path) -> Iterator[PaperRecord]:
    """The papers of a file or folder."""
    for source in readers_for([path]).found:
        for item in source.reader.read(source.path):
            if isinstance(item, PaperRecord):
                yield item


class InMemory:
    """bm25s over the same records."""

    def __init__(self, records: Sequence[PaperRecord], queries: Mapping[str, str]) -> None:
        model = bm25s.BM25(method="lucene", k1=K1, b=B)
        model.index([list(term_counts(r.title, r.abstract, r.keywords).elements()) for r in records], show_progress=False)
        self.run: dict[str, list[str]] = {}
        self.worst: dict[str, float] = {}
        """The tenth best score of each query."""
        for query, text in queries.items():
            known = [token for token in tokens(text) if token in model.vocab_dict]
            scores: NDArray[np.float32] = model.get_scores(known) if known else np.zeros(len(records), np.float32)
            best = np.argsort(-scores, kind="stable")[:K]
            self.run[query] = [records[place].source_id for place in best if scores[place] > 0]
            self.worst[query] = float(scores[best[-1]])


def quality(one: EvaluationSet, run: Mapping[str, Sequence[str]]) -> float:
    """Mean nDCG@10."""
    placed = {query: {name: -float(place) for place, name in enumerate(names)} for query, names in run.items()}
    return float(ir_measures.calc_aggregate([nDCG @ K], one.qrels, placed)[nDCG @ K])


async def in_postgres(index: Index, one: EvaluationSet, truth: InMemory) -> Measured:
    """Every query of the set, one after the other."""
    run: dict[str, list[str]] = {}
    shares, seconds = [], []
    for query, text in one.queries.items():
        stems = tokens(text)
        start = time.perf_counter()
        found, _ = await index.candidates(embedding=None, stems=stems, filters=Filters(), limit=CANDIDATES)
        seconds.append(1_000 * (time.perf_counter() - start))
        best = sorted(found, key=lambda candidate: (-candidate.lexical, candidate.key))[:K]
        names = await index.source_ids([candidate.key for candidate in best], "set")
        run[query] = [names[candidate.key] for candidate in best if candidate.key in names]
        if wanted := len(truth.run[query]):
            # Postgres keeps weights in single precision.
            reached = sum(candidate.lexical >= truth.worst[query] * (1 - 1e-3) for candidate in best)
            shares.append(min(reached, wanted) / wanted)
    p50, p95 = np.quantile(seconds, [0.5, 0.95])
    return Measured(quality(one, run), float(np.mean(shares)), (float(p50), float(p95)))


async def write(library: Library, records: Sequence[PaperRecord]) -> None:
    """With made-up vectors."""
    random = np.random.default_rng(len(records))
    for start in range(0, len(records), BATCH):
        some = records[start : start + BATCH]
        vectors = random.normal(size=(len(some), DIMENSIONS)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        await library.write("set", [Embedded(record, vector) for record, vector in zip(some, vectors, strict=True)])


async def measure(one: EvaluationSet, beside: Sequence[PaperRecord], dsn: str) -> None:
    """Fill a library, ask, and print a row for each state and way."""
    own = {record.source_id: record for record in [*records_of(one.folder), *beside]}
    # Spread over the whole, the same every time.
    records = sorted(own.values(), key=lambda record: crc32(record.source_id.encode()))
    early = records[: len(records) * (LATE - 1) // LATE]
    await migrate(dsn, model="made up", dimensions=DIMENSIONS)
    async with Database.open(dsn, pool_size=2) as database:
        library = Library(database)
        await library.drop_indexes()
        await write(library, early)
        await library.refresh_statistics()
        await library.build_indexes()
        for known in (early, records):
            if known is records:
                await write(library, records[len(early) :])
                await library.refresh_statistics()
            truth = InMemory(known, one.queries)
            for name, index in (("product", Index(database)), ("index", Index(database, exact_papers=0))):
                measured = await in_postgres(index, one, truth)
                print(f"| {one.name} | {len(known):,} | {quality(one, truth.run):.4f} | {name} | {measured} |", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--beside", type=Path, nargs="*", default=[])
    parser.add_argument("--queries", type=int, default=10_000, help="of each set at most, evenly spread")
    wanted = parser.parse_args()
    beside = [record for path in wanted.beside for record in records_of(path)]
    print("| set | papers | bm25s | way | nDCG@10 | overlap | p50 / p95 ms |\n|---|---|---|---|---|---|---|")
    for folder in wanted.folders:
        with tempfile.TemporaryDirectory() as home, embedded_postgres(Path(home)) as dsn:
            asyncio.run(measure(load_set(folder).sample(wanted.queries), beside, dsn))


if __name__ == "__main__":
    main()
