"""Strangers' uploads neither hide what somebody may see nor show in the work of a search: no index of the library holds them."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import psycopg
import pytest
from numpy.typing import NDArray
from psycopg import sql

from rag.access import Attached, Readable, Scope
from rag.embeddings.testing import FakeEmbedder
from rag.papers import Filters, PaperRecord
from rag.store import Collections, Database, Embedded, Index, Library, migrate
from rag.store._index import EXACT_PASSAGES
from tests.integration.store.strangers import upload_copies
from tests.integration.store.test_index import words_of

pytestmark = pytest.mark.anyio

PAPERS, STRANGERS, OWN = 600, 2_000, 3
GIVE_UP = 400
"""Of an index, so many rows are read at most: strangers' uploads would be all of them."""


@pytest.fixture
async def database(empty_database: str, embedder: FakeEmbedder) -> AsyncIterator[Database]:
    """A library, and an index that gives up early, as it does in large ones."""
    await migrate(empty_database, model=embedder.model, dimensions=embedder.dimensions)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("ALTER DATABASE {} SET hnsw.max_scan_tuples = {}").format(name, sql.Literal(GIVE_UP)))
    async with Database.open(empty_database, pool_size=2) as opened:
        records = [PaperRecord(source_id=str(number), title=words_of(number)) for number in range(PAPERS)]
        noise = np.random.default_rng(1).standard_normal((PAPERS, 64), np.float32)
        rows = embedder.encode_documents([record.title for record in records]) + 0.05 * noise
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        await Library(opened).write("many", [Embedded(record, row) for record, row in zip(records, rows, strict=True)])
        await upload_copies(opened, "own", OWN)
        yield opened


async def scope_of_reader(database: Database) -> Scope:
    return await Collections(database).of_person(Readable({"own": "Own"}), Attached())


def queries() -> list[tuple[str, NDArray[np.float32]]]:
    texts = [words_of(-number % 7_919 + 10_000) for number in range(20)]
    return list(zip(texts, FakeEmbedder().encode_queries(texts), strict=True))


async def best(database: Database, exact_papers: int) -> list[set[tuple[str, int]]]:
    """The ten best papers by meaning and by words of each question, for the reader."""

    index = Index(database, exact_papers=exact_papers).reading(lambda: scope_of_reader(database))
    found = []
    for text, vector in queries():
        candidates, _ = await index.candidates(embedding=vector, stems=text.split(), filters=Filters(), limit=50)
        by_meaning = sorted(candidates, key=lambda one: (-round(one.dense or 0, 6), one.key))[:10]
        by_words = sorted(candidates, key=lambda one: (-round(one.lexical, 6), one.key))[:10]
        found.append({("meaning", one.key) for one in by_meaning} | {("words", one.key) for one in by_words})
    return found


async def test_uploads_of_strangers_hide_nothing(database: Database) -> None:
    await upload_copies(database, "strangers", STRANGERS)
    exact, indexed = await best(database, 10 * PAPERS), await best(database, 0)
    own = [{key for _, key in one if key > PAPERS} for one in exact]
    assert any(own)
    assert sum(len(a & b) for a, b in zip(exact, indexed, strict=True)) >= 0.95 * sum(map(len, exact))


async def test_uploads_of_strangers_do_not_show_in_the_work_of_a_search(database: Database, library: Library) -> None:
    """In the pages that it reads, which tell more exactly than time does."""

    async def pages() -> int:
        index = Index(database, exact_papers=0).reading(lambda: scope_of_reader(database))
        for text, vector in queries()[:1] * 2:  # what the first time finds on the disk, the second has in memory
            plans = await index.explain(embedding=vector, stems=text.split(), filters=Filters(), limit=50, measured=True)
        return sum(
            map(int, re.findall(r"(?:hit|read)=(\d+)", next(line for line in plans[-1].splitlines() if "Buffers" in line)))
        )

    read = []
    for base in ("some", "more"):
        await upload_copies(database, base, STRANGERS)
        await library.refresh_statistics()
        read.append(await pages())
    assert read[1] <= 1.1 * read[0]


async def test_one_of_very_many_uploads_uses_an_index_of_uploads(database: Database) -> None:
    await upload_copies(database, "strangers", STRANGERS)
    few = await scope_of_reader(database)
    many = replace(few, passages=EXACT_PASSAGES)
    for scope, used in ((few, False), (many, True)):

        async def scope_of(scope: Scope = scope) -> Scope:
            return scope

        index = Index(database, exact_papers=0).reading(scope_of)
        plan = (await index.explain(embedding=queries()[0][1], stems=["graph"], filters=Filters(), limit=20))[-1]
        for name in ("paper_vectors_1_hnsw", "passage_vectors_1_hnsw", "paper_stems_hnsw"):
            assert f"Index Scan using {name}" in plan
        assert ("Index Scan using passage_vectors_1_uploads_hnsw" in plan) == used
