"""Indexes are built, and rows weighed anew, while people upload."""

import asyncio
from collections.abc import Callable
from typing import Any, LiteralString

import anyio
import anyio.lowlevel
import pytest

from rag.embeddings.testing import FakeEmbedder
from rag.papers import Filters, PaperRecord
from rag.store import Database, EmbeddingWork, Index, Job, Jobs, Library, Uploads
from rag.store._connection import Connection
from tests.integration.store.test_library import GRAPHS, NETWORKS, embedded
from tests.integration.store.test_uploads import upload

pytestmark = pytest.mark.anyio

SECONDS = 30.0
WAITING = """
    SELECT 1 FROM pg_stat_activity
    WHERE query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock' AND datname = current_database()
"""
FIRST = "SELECT weights::text FROM paper_stems ORDER BY paper_id LIMIT 1"
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'paper_vectors_1_hnsw'::regclass"


async def until(connection: Connection, statement: LiteralString, holds: Callable[[tuple[Any, ...] | None], bool]) -> None:
    """Ask until the first row of the answer is as it should be."""
    while True:
        if holds(await (await connection.execute(statement)).fetchone()):
            return
        await anyio.lowlevel.checkpoint()


async def embed(database: Database, file_id: str) -> bool:
    """Do the job of an upload."""
    work = EmbeddingWork(database)
    portion = await work.next(file_id, 100)
    assert portion is not None
    vectors = FakeEmbedder().encode_documents([portion.title, *(text.text for _, text in portion.passages)])
    number = next(job.id for job in await Jobs(database).list() if job.file_id == file_id)
    return await work.write(Job(number, "embed", file_id, 1, 0), portion, vectors[0], vectors[1:])


async def test_uploads_go_on_while_the_indexes_are_built(library: Library, database: Database) -> None:
    await library.drop_indexes()
    await library.write("a", embedded([NETWORKS, GRAPHS]))
    async with database.session() as looking:
        async with database.connection() as writer:
            # The building waits for this transaction; nobody may have to wait behind it.
            await writer.execute("UPDATE paper_vectors_1 SET text_hash = ''")
            building = asyncio.create_task(library.build_indexes())
            with anyio.fail_after(SECONDS):
                await until(looking, WAITING, lambda row: row is not None)
                await Uploads(database).write(upload())
                assert await embed(database, "f1")
                found, _ = await Index(database).candidates(embedding=None, stems=["layer"], filters=Filters(), limit=5)
            assert len(found) == 1
            assert not building.done()
        await building
    assert await Uploads(database).states() == {"ready": 1}


async def test_uploads_have_their_turn_while_rows_are_weighed_anew(
    library: Library, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store._library._REWEIGHED_AT_ONCE", 1)
    await library.write("a", embedded([PaperRecord(source_id=str(number), title=f"Paper {number}") for number in range(300)]))
    await library.write("a", embedded([PaperRecord(source_id="long", title="Long", abstract="of words " * 5_000)]))
    async with database.session() as looking:
        before = await (await looking.execute(FIRST)).fetchone()
        weighing = asyncio.create_task(library.refresh_statistics())
        with anyio.fail_after(SECONDS):
            await until(looking, FIRST, lambda row: row != before)
    await Uploads(database).write(upload())
    assert not weighing.done()
    await weighing


async def test_an_index_whose_building_was_broken_off_is_built_again(library: Library, database: Database) -> None:
    await library.write("a", embedded([NETWORKS, GRAPHS]))
    async with database.connection() as connection:
        await connection.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'paper_vectors_1_hnsw'::regclass")
    await library.build_indexes()
    async with database.connection() as connection:
        assert await (await connection.execute(VALID)).fetchone() == (True,)


async def test_those_who_build_take_turns(library: Library, database: Database) -> None:
    await library.drop_indexes()
    await library.write("a", embedded([NETWORKS, GRAPHS]))
    with anyio.fail_after(SECONDS):
        await asyncio.gather(library.build_indexes(), library.build_indexes(), library.refresh_statistics())
    async with database.connection() as connection:
        assert await (await connection.execute(VALID)).fetchone() == (True,)
