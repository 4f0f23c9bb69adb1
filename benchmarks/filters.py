"""What limits cost and lose: recall@10 against exact search, and latency, at 10 %, 1 % and 0.1 % of a large library.

    .venv/bin/python -m benchmarks.filters [--papers 100000] [--queries 100]

The papers are real ones (titles, authors, years, venues) when the test data is there (``PAPER_FINDER_TEST_DATA``), else made up.
A vector is the sum of fixed random directions of the title's words, rare words counting more: papers of one subject lie
together, and subjects go with venues and years, as they do with a real model. Everything goes in as an import would put it in.
Three ways are compared: as the product does it; with the indexes alone (iterative scan); and all within the limits read, which
is the truth that recall is measured against, for meaning and for words apart. Prints a Markdown table.
"""

import argparse
import asyncio
import math
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embeddings.testing import bag_of_words
from rag.ingest import readers_for
from rag.papers import Filters, PaperRecord
from rag.store import Database, Embedded, Index, Library, migrate
from rag.store.embedded import embedded_postgres
from rag.text import tokens

DATA = Path(os.environ.get("PAPER_FINDER_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
DIMENSIONS = 384
SHARES = (0.1, 0.01, 0.001)
BATCH = 2_000
K, CANDIDATES = 10, 100

Vector = NDArray[np.float32]


def real_papers() -> Iterator[PaperRecord]:
    """Of the bulk files, then of the retrieval sets' corpora."""
    for path in [*sorted((DATA / "bulk").glob("*.jsonl.gz")), DATA / "retrieval" / "findpapers-cs"]:
        for source in readers_for([path]).found:
            for item in source.reader.read(source.path):
                if isinstance(item, PaperRecord):
                    yield item


def made_up_papers() -> Iterator[PaperRecord]:
    """Titles of a few out of 5,000 words, by subject; each subject has its venues and its years."""
    random = np.random.default_rng(7)
    number = 0
    while True:
        subject = int(random.integers(500))
        words = (subject * 37 + random.zipf(1.5, 8) % 400) % 5_000
        title = " ".join(f"word{word}" for word in words)
        venue, year = f"Venue {(subject + int(random.integers(3))) % 200}", 1990 + (subject + int(random.integers(10))) % 36
        author = f"Ada Author{int(random.zipf(1.3)) % 5_000}"
        yield PaperRecord(source_id=str(number), title=title, abstract=title, authors=[author], venue=venue, year=year)
        number += 1


class Vectors:
    """Vectors of texts by their words."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = Counter(stem for text in texts for stem in set(tokens(text)))
        self._weights = {stem: math.log(len(texts) / n) for stem, n in counts.items()}
        stems = list(counts)
        self._rows = dict(zip(stems, bag_of_words([stem.encode().hex() for stem in stems], DIMENSIONS), strict=True))

    def of(self, text: str) -> Vector:
        """Of unit length; the first direction of all where no word is known."""
        total = np.zeros(DIMENSIONS, np.float32)
        total[0] = 1e-3
        for stem in tokens(text):
            if stem in self._rows:
                total += self._weights[stem] * self._rows[stem]
        return np.asarray(total / np.linalg.norm(total), np.float32)


@dataclass(frozen=True)
class Limit:
    """One limit and how many papers are within it."""

    name: str
    filters: Filters
    papers: int


def limits_near(share: float, papers: Sequence[PaperRecord]) -> list[Limit]:
    """A limit by venue, by author and by last years whose share of the papers is nearest to ``share``."""
    wanted = share * len(papers)
    venues = Counter(paper.venue for paper in papers if paper.venue)
    authors = Counter(author for paper in papers for author in set(paper.authors))
    years = Counter(paper.year for paper in papers if paper.year)
    spans = {(first, last): sum(years[y] for y in range(first, last + 1)) for first in years for last in (first, first + 1)}
    spans |= {(first, 2_100): sum(n for year, n in years.items() if year >= first) for first in years}
    venue = min(venues, key=lambda name: abs(venues[name] - wanted))
    author = min(authors, key=lambda name: abs(authors[name] - wanted))
    first, last = min(spans, key=lambda span: abs(spans[span] - wanted))
    return [
        Limit("years", Filters(year_from=first, year_to=last), spans[first, last]),
        Limit("venue", Filters(venues=[venue]), venues[venue]),
        Limit("author", Filters(authors=[author]), authors[author]),
    ]


async def fill(library: Library, papers: Sequence[PaperRecord], vectors: Vectors) -> None:
    """As an import does."""
    await library.drop_indexes()
    for start in range(0, len(papers), BATCH):
        some = papers[start : start + BATCH]
        await library.write("benchmark", [Embedded(paper, vectors.of(paper.title)) for paper in some])
    await library.refresh_statistics()
    await library.build_indexes()


@dataclass
class Way:
    """One way to search and what was measured of it."""

    index: Index
    meaning: float = 0.0
    words: float = 0.0
    milliseconds: tuple[float, float] = (0.0, 0.0)


async def compare(way: Way, exact: Index, queries: Sequence[tuple[str, Vector]], filters: Filters) -> None:
    """Fill in recall@10 by meaning and by words, and the latency of both together."""
    found, seconds = {"meaning": 0.0, "words": 0.0}, []
    for text, vector in queries:
        asked = {"meaning": (vector, []), "words": (None, tokens(text))}
        for kind, (embedding, stems) in asked.items():
            found[kind] += await recall(way.index, exact, embedding, stems, filters)
        start = time.perf_counter()
        await way.index.candidates(embedding=vector, stems=tokens(text), filters=filters, limit=CANDIDATES)
        seconds.append(1_000 * (time.perf_counter() - start))
    way.meaning, way.words = found["meaning"] / len(queries), found["words"] / len(queries)
    p50, p95 = np.quantile(seconds, [0.5, 0.95])
    way.milliseconds = (float(p50), float(p95))


async def recall(index: Index, exact: Index, embedding: Vector | None, stems: list[str], filters: Filters) -> float:
    """Share of the ten best scores that ``index`` reaches: among papers with equal scores any will do."""
    best = []
    for one in (index, exact):
        candidates, _ = await one.candidates(embedding=embedding, stems=stems, filters=filters, limit=CANDIDATES)
        scores = [candidate.lexical if embedding is None else candidate.dense or 0.0 for candidate in candidates]
        best.append(sorted(scores, reverse=True)[:K])
    ours, truth = best
    if not truth:
        return 1.0
    return sum(1 for score in ours if score >= truth[-1] - 1e-6) / len(truth)


async def measure(dsn: str, papers: Sequence[PaperRecord], queries: int) -> None:
    """Fill a library, ask, and print."""
    vectors = Vectors([paper.title for paper in papers])
    await migrate(dsn, model="words", dimensions=DIMENSIONS)
    async with Database.open(dsn, pool_size=2) as database:
        await fill(Library(database), papers, vectors)
        # Questions are half the words of titles spread over the library.
        titles = [papers[place * len(papers) // queries].title for place in range(queries)]
        halves = [" ".join(title.split()[::2]) for title in titles]
        asked = [(half, vectors.of(half)) for half in halves]
        exact = Index(database, exact_papers=10**9)
        print(f"{len(papers):,} papers, {queries} questions, recall@{K} of {CANDIDATES} candidates by meaning / by words\n")
        print("| limit | papers within | share | product | p50 / p95 ms | indexes alone | p50 / p95 ms | all read, ms |")
        print("|---|---|---|---|---|---|---|---|")
        everything = [Limit("none", Filters(year_to=9_999), len(papers))]
        for limit in [*everything, *(limit for share in SHARES for limit in limits_near(share, papers))]:
            ways = [Way(Index(database)), Way(Index(database, exact_papers=0)), Way(exact)]
            for way in ways:
                await compare(way, exact, asked, limit.filters)
            product, alone, read = ways
            print(
                f"| {limit.name} | {limit.papers:,} | {limit.papers / len(papers):.2%} | {shown(product)} | {shown(alone)} "
                f"| {read.milliseconds[0]:.0f} / {read.milliseconds[1]:.0f} |",
                flush=True,
            )


def shown(way: Way) -> str:
    """Two cells."""
    return f"{way.meaning:.3f} / {way.words:.3f} | {way.milliseconds[0]:.0f} / {way.milliseconds[1]:.0f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=100)
    wanted = parser.parse_args()
    source = real_papers() if (DATA / "bulk").exists() else made_up_papers()
    papers = list({paper.source_id: paper for paper in islice(source, wanted.papers + 5_000)}.values())[: wanted.papers]
    with tempfile.TemporaryDirectory() as home, embedded_postgres(Path(home)) as dsn:
        asyncio.run(measure(dsn, papers, wanted.queries))


if __name__ == "__main__":
    main()
