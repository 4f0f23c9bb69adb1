"""Chinese questions over English papers with an English model: what the glossary alone finds.

The questions of ``chinese_questions.tsv`` were written from sixty titles drawn by chance, without a look at the glossary.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from rag.embeddings.testing import FakeEmbedder
from rag.ingest import readers_for
from rag.papers import Filters, PaperRecord
from rag.retrieval.asking import ask, balanced
from rag.retrieval.steps import ALL
from rag.settings import CHECKOUT
from rag.store import Database, Embedded, Index, Library

pytestmark = pytest.mark.anyio

BULK = Path(os.environ.get("PAPER_FINDER_TEST_DATA", CHECKOUT.parent / "shared" / "data")) / "bulk"
EVERY = 40
"""One paper in so many stands beside those that are wanted."""


def questions() -> dict[str, str]:
    lines = (Path(__file__).parent / "chinese_questions.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def papers(wanted: set[str]) -> list[PaperRecord]:
    found: dict[str, PaperRecord] = {}
    for source in readers_for(sorted(BULK.glob("*.jsonl.gz"))).found:
        for place, item in enumerate(source.reader.read(source.path)):
            if isinstance(item, PaperRecord) and (item.source_id in wanted or place % EVERY == 0):
                found[item.source_id] = item
    return list(found.values())


@pytest.mark.slow
@pytest.mark.skipif(not BULK.is_dir(), reason="the test data is not there")
@pytest.mark.timeout(900)
async def test_words_put_into_english_find_the_papers_meant(library: Library, database: Database) -> None:
    asked = questions()
    records = papers(set(asked))
    for start in range(0, len(records), 500):
        some = records[start : start + 500]
        vectors = FakeEmbedder().encode_documents([record.title for record in some])
        await library.write("set", [Embedded(record, vector) for record, vector in zip(some, vectors, strict=True)])
    index = Index(database)
    found = []
    for source_id, question in asked.items():
        ready = ask(question, ALL, multilingual=False)
        ready = balanced(ready, await index.frequencies(ready.stems))
        candidates, _ = await index.candidates(embedding=None, stems=ready.stems, filters=Filters(), limit=100)
        best = sorted(candidates, key=lambda candidate: -candidate.lexical)[:10]
        names = await index.source_ids([candidate.key for candidate in best], "set")
        found.append(source_id in names.values())
    assert len(found) == 60
    assert np.mean(found) >= 0.85
