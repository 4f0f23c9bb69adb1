"""BM25 in Postgres against bm25s on the same tokens, k1, b and title weight, also after papers are added."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import bm25s
import ir_measures
import numpy as np
import pytest
from ir_measures import nDCG

from rag.embeddings.testing import FakeEmbedder
from rag.evaluation.beir import load_set
from rag.ingest.formats.beir import BeirReader
from rag.papers import Filters, PaperRecord
from rag.settings import CHECKOUT
from rag.store import Database, Embedded, Index, Library
from rag.store._lexical import K1, TITLE_WEIGHT, B
from rag.text import tokens

pytestmark = pytest.mark.anyio

SCIFACT = Path(os.environ.get("PAPER_FINDER_TEST_DATA", CHECKOUT.parent / "shared" / "data")) / "retrieval" / "scifact"
PAPERS, QUERIES, WORDS = 600, 60, 400
Qrels = dict[str, dict[str, int]]


def real() -> tuple[list[PaperRecord], dict[str, str], Qrels]:
    """SciFact's papers and every third of its claims."""
    found = load_set(SCIFACT).sample(370)
    return [item for item in BeirReader().read(SCIFACT) if isinstance(item, PaperRecord)], found.queries, found.qrels


def generated() -> tuple[list[PaperRecord], dict[str, str], Qrels]:
    """Papers of words as frequent as those of a language (Zipf's law), and questions of words out of one paper."""
    random = np.random.default_rng(7)
    chances = 1 / np.arange(1, WORDS + 1)
    chances /= chances.sum()

    def words(n: int) -> list[str]:
        return [f"word{number}" for number in random.choice(WORDS, n, p=chances)]

    texts = [(words(6), words(int(length))) for length in random.integers(10, 120, PAPERS)]
    records = [
        PaperRecord(source_id=str(number), title=" ".join(title), abstract=" ".join(abstract))
        for number, (title, abstract) in enumerate(texts)
    ]
    asked = [int(number) for number in random.choice(PAPERS, QUERIES, replace=False)]
    queries = {str(number): " ".join(random.choice(texts[number][1], 4)) for number in asked}
    return records, queries, {str(number): {str(number): 1} for number in asked}


def quality(qrels: Qrels, run: Mapping[str, Sequence[str]]) -> float:
    scored = {query: {paper: float(-place) for place, paper in enumerate(papers)} for query, papers in run.items()}
    return float(ir_measures.calc_aggregate([nDCG @ 10], qrels, scored)[nDCG @ 10])


def in_memory(records: Sequence[PaperRecord], queries: Mapping[str, str]) -> dict[str, list[str]]:
    """The ten best by bm25s, the title as often as we count it."""
    model = bm25s.BM25(method="lucene", k1=K1, b=B)
    model.index([TITLE_WEIGHT * tokens(r.title) + tokens(r.abstract) for r in records], show_progress=False)
    run: dict[str, list[str]] = {}
    for query, text in queries.items():
        scores = model.get_scores([token for token in tokens(text) if token in model.vocab_dict])
        run[query] = [records[place].source_id for place in np.argsort(-scores, kind="stable")[:10]]
    return run


async def in_postgres(index: Index, queries: Mapping[str, str]) -> dict[str, list[str]]:
    run: dict[str, list[str]] = {}
    for query, text in queries.items():
        found, _ = await index.candidates(embedding=None, stems=tokens(text), filters=Filters(), limit=100)
        best = sorted(found, key=lambda candidate: (-candidate.lexical, candidate.key))[:10]
        names = await index.source_ids([candidate.key for candidate in best], "set")
        run[query] = [names[candidate.key] for candidate in best]
    return run


async def add(library: Library, records: Sequence[PaperRecord]) -> None:
    vector = FakeEmbedder().encode_documents(["the same for all: meaning does not matter here"])[0]
    for start in range(0, len(records), 500):
        await library.write("set", [Embedded(record, vector) for record in records[start : start + 500]])
    await library.refresh_statistics()


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "source",
    [
        generated,
        pytest.param(real, marks=[pytest.mark.slow, pytest.mark.skipif(not SCIFACT.is_dir(), reason="the real set is not here")]),
    ],
)
async def test_as_good_as_in_memory_also_after_papers_are_added(source: object, library: Library, database: Database) -> None:
    records, queries, qrels = real() if source is real else generated()
    # Short ones first, so that the mean length moves when the rest comes.
    records.sort(key=lambda record: len(record.abstract))
    ways = (Index(database), Index(database, exact_papers=0))
    half = records[: len(records) // 2]
    for known in (half, records):
        await add(library, known[len(half) if known is records else 0 :])
        expected = quality(qrels, in_memory(known, queries))
        assert expected > 0.2
        for index in ways:
            assert quality(qrels, await in_postgres(index, queries)) == pytest.approx(expected, abs=0.01)
