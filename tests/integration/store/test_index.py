"""Limits lose nothing: what is within them is compared one by one when it is little, and found by the indexes when it is much."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.embeddings.testing import FakeEmbedder
from rag.papers import Filters, PaperRecord
from rag.store import Database, Embedded, Index, Library, migrate

pytestmark = pytest.mark.anyio

PAPERS = 3_000
FEW = 400
"""Up to so many are compared one by one in these tests."""
WORDS = "graph speech protein planet robot market river engine lattice poem virus tensor".split()


def words_of(number: int) -> str:
    """Four words of twelve: neighbours by meaning and by words."""
    random = np.random.default_rng(number)
    return " ".join(random.choice(WORDS, 4, replace=False))


@pytest.fixture
async def vectors(library: Library) -> NDArray[np.float32]:
    """3,000 papers. 2,700 are of 2020, 30 (1 %) by Ada Rare, 300 (10 %) at the venue Tenth, 3 (0.1 %) in German."""
    records = [
        PaperRecord(
            source_id=str(number),
            title=words_of(number),
            authors=["Ada Rare" if number % 100 == 7 else f"Bo Common{number}"],
            year=2020 if number % 10 else 2010,
            venue="Tenth" if number % 10 == 3 else "Elsewhere",
            language="de" if number % 1_000 == 1 else "en",
        )
        for number in range(PAPERS)
    ]
    noise = np.random.default_rng(1).standard_normal((PAPERS, 64), np.float32)
    rows = FakeEmbedder().encode_documents([record.title for record in records]) + 0.05 * noise
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    await library.write("many", [Embedded(record, row) for record, row in zip(records, rows, strict=True)])
    await library.refresh_statistics()
    return rows


NARROW: list[tuple[dict[str, Any], Callable[[int], bool]]] = [
    ({"authors": ["Ada Rare"]}, lambda number: number % 100 == 7),
    ({"venues": ["Tenth"]}, lambda number: number % 10 == 3),
    ({"languages": ["de"]}, lambda number: number % 1_000 == 1),
    ({"year_to": 2015, "exclude": ["robot"]}, lambda number: number % 10 == 0 and "robot" not in words_of(number)),
]


def best(vectors: NDArray[np.float32], query: NDArray[np.float32], eligible: Sequence[int], n: int) -> set[int]:
    """The true nearest of those papers."""
    cosines = vectors.astype(np.float16).astype(np.float32)[list(eligible)] @ query
    return {eligible[place] for place in np.argsort(-cosines)[:n]}


async def found(index: Index, vector: NDArray[np.float32], filters: Filters, n: int) -> set[int]:
    """Source ids of the candidates by meaning."""
    candidates, _ = await index.candidates(embedding=vector, stems=[], filters=filters, limit=n)
    names = await index.source_ids([candidate.key for candidate in candidates], "many")
    return set(map(int, names.values()))


async def test_under_narrow_limits_nothing_is_lost(vectors: NDArray[np.float32], database: Database) -> None:
    index = Index(database, exact_papers=FEW)
    for limits, within in NARROW:
        eligible = [number for number in range(PAPERS) if within(number)]
        for query in FakeEmbedder().encode_queries(["graph speech", "market river poem", "virus"]):
            assert await found(index, query, Filters(**limits), 10) == best(vectors, query, eligible, 10), limits
    assert await found(index, vectors[0], Filters(year_from=2050), 10) == set()


async def test_under_wide_limits_hardly_anything_is_lost(vectors: NDArray[np.float32], database: Database) -> None:
    index, filters = Index(database, exact_papers=FEW), Filters(year_from=2020)
    eligible = [number for number in range(PAPERS) if number % 10]
    hits = 0
    queries = FakeEmbedder().encode_queries([words_of(-number % 7_919 + 10_000) for number in range(20)])
    for query in queries:
        hits += len(await found(index, query, filters, 10) & best(vectors, query, eligible, 10))
    assert hits / (10 * len(queries)) >= 0.95


@pytest.mark.parametrize("indexed", [16, 32])
async def test_an_index_of_few_dimensions_brings_up_what_all_of_them_order(
    vectors: NDArray[np.float32], empty_database: str, embedder: FakeEmbedder, indexed: int
) -> None:
    await migrate(empty_database, model=embedder.model, dimensions=64, index_dimensions=indexed)
    async with Database.open(empty_database) as database:
        assert "Index Scan using paper_vectors_1_hnsw" in (await plans(database, Filters()))[-1]
        hits, index = 0, Index(database, exact_papers=FEW)
        queries = embedder.encode_queries([words_of(-number % 7_919 + 10_000) for number in range(20)])
        for query in queries:
            candidates, _ = await index.candidates(embedding=query, stems=[], filters=Filters(), limit=100)
            cosines = {candidate.key: candidate.dense or 0.0 for candidate in candidates}
            names = {key: int(name) for key, name in (await index.source_ids(list(cosines), "many")).items()}
            for key, number in names.items():
                assert cosines[key] == pytest.approx(float(vectors[number] @ query), abs=2e-3)
            nearest = sorted(cosines, key=lambda key: -cosines[key])[:10]
            hits += len({names[key] for key in nearest} & best(vectors, query, range(PAPERS), 10))
        assert hits / (10 * len(queries)) >= 0.95


async def test_the_indexes_are_built_anew_for_another_setting_and_stay_without_one(empty_database: str) -> None:
    built = []
    for wanted in (None, 32, None, 16, 64):
        await migrate(empty_database, model="m", dimensions=64, index_dimensions=wanted)
        async with Database.open(empty_database) as database, database.connection() as connection:
            query = "SELECT indexdef FROM pg_indexes WHERE indexname IN ('paper_vectors_1_hnsw', 'passage_vectors_1_hnsw')"
            defined = [row[0] for row in await (await connection.execute(query)).fetchall()]
        built.append((database.space.indexed, [f"subvector(embedding, 1, {wanted or 32})" in one for one in defined]))
    whole, part = [False, False], [True, True]
    assert built == [(64, whole), (32, part), (32, part), (16, part), (64, whole)]


async def test_vectors_longer_than_an_index_takes_are_stored_whole_and_found(empty_database: str) -> None:
    embedder = FakeEmbedder(4096)
    await migrate(empty_database, model=embedder.model, dimensions=4096)
    async with Database.open(empty_database) as database:
        assert database.space.indexed == 4000
        rows = embedder.encode_documents(WORDS)
        records = [PaperRecord(source_id=str(number), title=word) for number, word in enumerate(WORDS)]
        await Library(database).write("many", [Embedded(record, row) for record, row in zip(records, rows, strict=True)])
        assert await found(Index(database, exact_papers=0), rows[3], Filters(), 1) == {3}


async def plans(database: Database, filters: Filters, exact_papers: int = FEW) -> list[str]:
    vector = FakeEmbedder().encode_queries(["graph speech"])[0]
    index = Index(database, exact_papers=exact_papers)
    return await index.explain(embedding=vector, stems=["graph", "speech"], filters=filters, limit=20)


@pytest.mark.usefixtures("vectors")
async def test_the_indexes_that_are_meant_are_used(database: Database) -> None:
    for filters in (Filters(), Filters(year_from=2020)):
        plan = (await plans(database, filters))[-1]
        for name in ("paper_vectors_1_hnsw", "paper_stems_hnsw"):
            assert f"Index Scan using {name}" in plan, plan
    for filters, name in ((Filters(authors=["Ada Rare"]), "papers_author_keys"), (Filters(year_to=2015), "papers_year")):
        eligible, search = await plans(database, filters)
        assert name in eligible
        assert "Seq Scan on papers" not in eligible
        assert "paper_vectors_1_hnsw" not in search
        assert "paper_stems_hnsw" not in search
    # Thirty papers are looked up by their keys.
    search = (await plans(database, Filters(authors=["Ada Rare"])))[-1]
    assert "paper_vectors_1_pkey" in search
    assert "paper_stems_pkey" in search


@pytest.mark.usefixtures("vectors")
async def test_a_search_is_planned_anew_however_often_it_was_asked(database: Database) -> None:
    """Prepared after some times, a statement would get one plan for any parameters: thousands of papers are taken for ten."""
    index, vector = Index(database), FakeEmbedder().encode_queries(["graph speech"])[0]
    for _ in range(50):
        await index.candidates(embedding=vector, stems=["graph", "speech"], filters=Filters(), limit=20)
    ways = []
    for pool in (database._pools.reader, database._pools.owner):
        async with pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT custom_plans > 0, generic_plans FROM pg_prepared_statements WHERE statement LIKE '%candidates%'"
                " OR statement LIKE '%most_passages%' OR statement LIKE '%passage_vectors%'"
            )
            ways += await cursor.fetchall()
    assert ways
    assert set(ways) == {(True, 0)}
