"""Building the indexes of neighbours, and what the planner knows, while people search and upload."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from psycopg import sql

from rag.store._connection import Connection
from rag.store._database import Database
from rag.store._queries import STEMS_INDEX, VECTOR_INDEXES, Queries, named_queries

LOOK_SECONDS = 0.2


async def build_indexes(database: Database, queries: Queries, names: Iterable[str] = (STEMS_INDEX, *VECTOR_INDEXES)) -> None:
    """Build those of the indexes that are missing."""
    async with _turn(database) as connection:
        await connection.execute(queries.get("prepare_to_build"))
        for (broken,) in await (await connection.execute(named_queries()["broken_indexes"])).fetchall():
            if broken.endswith("_hnsw"):  # else one whose building was broken off would pass for built
                await connection.execute(queries.get("drop_index", index=sql.Identifier(broken)))
        for name in names:
            await connection.execute(queries.get(f"build_{name}", beside_writers=sql.SQL("CONCURRENTLY")))


async def drop_indexes(database: Database, queries: Queries, names: Iterable[str]) -> None:
    """Drop indexes; searches stay right, by reading every row."""
    async with _turn(database) as connection:
        for name in names:
            await connection.execute(queries.get("drop_index", index=sql.Identifier(queries.index(name))))


async def analyse(database: Database, queries: Queries) -> None:
    """Tell the planner what the tables hold."""
    async with _turn(database) as connection:
        await connection.execute(queries.get("refresh_planner_statistics"))


@asynccontextmanager
async def _turn(database: Database) -> AsyncIterator[Connection]:
    """A session while no other does any of this.

    No statement waits for the turn: an index that is built beside writers waits for every statement, and would wait for ever.
    """
    async with database.session() as connection:
        while True:
            if await _is_ours(connection):
                break
            await asyncio.sleep(LOOK_SECONDS)
        yield connection


async def _is_ours(connection: Connection) -> bool:
    row = await (await connection.execute(named_queries()["try_to_build"])).fetchone()
    return row == (True,)
