"""The connection pool and what every connection is set to."""

import math
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, LiteralString, Self

import psycopg
from pgvector.psycopg import register_vector_async
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.sql import Composed
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from rag.access import Scope
from rag.errors import DatabaseUnavailableError, MigrationError
from rag.store._queries import Queries, named_queries
from rag.store._replicas import Replicas
from rag.store._space import Space

BECOME_READER = "SET LOCAL ROLE paper_finder_reader"
SAY_READABLE = "SELECT set_config('paper_finder.readable', %s::integer[]::text, true)"

Connection = AsyncConnection[tuple[Any, ...]]
Statement = tuple[LiteralString | Composed, Mapping[str, Any]]
"""With its parameters."""

# A plan for any parameters takes an array of thousands of papers for ten, and reads them all for each row: seconds instead of
# milliseconds.
CONNECTION_SETTINGS = """
    SET search_path = paper_finder, public;
    SET jit = off;
    SET plan_cache_mode = force_custom_plan;
    SET hnsw.ef_search = 200;
    SET hnsw.iterative_scan = relaxed_order;
"""


# A server that is gone without a word is noticed within a minute, by either side.
_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


class Database:
    """A pool of connections to the schema ``paper_finder``; statements are bound to the active embedding space."""

    def __init__(self, dsn: str, pool: AsyncConnectionPool[Connection], space: Space, replicas: Replicas | None = None) -> None:
        """``dsn`` is that of ``session``, ``replicas`` serve ``read``, ``pool`` everything else."""
        self._dsn = dsn
        self._pool = pool
        self._replicas = replicas
        self.space = space
        self.queries = Queries(space)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, dsn: str, *, pool_size: int = 8, timeout: float = 10, answers: bool = True, replicas: Sequence[str] = ()
    ) -> AsyncIterator[Self]:
        """Connect to a migrated database; ``answers``: from the active space, which is then not dropped meanwhile.

        ``replicas``: addresses of read replicas, which ``read`` uses while they are in step.

        Raises:
            DatabaseUnavailableError: no connection within ``timeout`` seconds.
            MigrationError: the schema is missing; ``paper-finder migrate`` makes it.
        """
        with _told_plainly():
            space = await _active_space(dsn, timeout)
        named = make_conninfo(dsn, application_name=application_name(space.id) if answers else "paper_finder")
        pool = AsyncConnectionPool[Connection](
            named, min_size=min(2, pool_size), max_size=pool_size, timeout=timeout, configure=_configure, open=False
        )
        try:
            with _told_plainly():
                await pool.open(wait=True, timeout=timeout)
            async with Replicas.open(replicas, space.id, _configure, pool_size=pool_size) as watched:
                yield cls(named, pool, space, watched if replicas else None)
        finally:
            await pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection in a transaction of its own; committed at the end, rolled back on an exception.

        Raises:
            DatabaseUnavailableError: the server is away; the pool connects again by itself when it is back.
        """
        with _told_plainly():
            async with self._pool.connection() as connection:
                yield connection

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Connection]:
        """A connection of its own beside the pool, each statement committed by itself: for locks and notifications.

        Raises:
            DatabaseUnavailableError: the server is away, now or later within the block.
        """
        with _told_plainly():
            async with await AsyncConnection.connect(
                make_conninfo(self._dsn, **_ALIVE), autocommit=True, connect_timeout=10
            ) as connection:
                await _configure(connection)
                yield connection

    async def read(self, scope: Scope, *statements: Statement, binary: bool = False) -> list[list[tuple[Any, ...]]]:
        """The rows that each statement finds, in one transaction that can read the scope's collections and nothing else, whatever
        it is asked: of a replica that is in step, or of the primary; also when a replica dies over it.

        Row-level security sees to it (migration 0006): the transaction gives up the owner's rights. Nothing of that waits for
        an answer: it goes to the server together with the statements.

        Raises:
            DatabaseUnavailableError: the server is away.
        """
        if self._replicas is not None:
            with suppress(psycopg.OperationalError, psycopg.InterfaceError):
                async with self._replicas.connection() as replica:
                    if replica is not None:
                        return await _rows(replica, scope, statements, binary=binary)
        async with self.connection() as connection:
            return await _rows(connection, scope, statements, binary=binary)

    async def ping(self) -> None:
        """Ask the server for an answer."""
        async with self.connection() as connection:
            await connection.execute("SELECT 1")


def application_name(space_id: int) -> str:
    """What connections call themselves that answer from a space: so it is known when nobody does any more."""
    return f"paper_finder space {space_id}"


async def _rows(
    connection: Connection, scope: Scope, statements: Sequence[Statement], *, binary: bool
) -> list[list[tuple[Any, ...]]]:
    async with connection.pipeline():
        await connection.execute(BECOME_READER)
        await connection.execute(SAY_READABLE, [list(scope.collections)])
        cursors = [await connection.cursor(binary=binary).execute(*statement) for statement in statements]
        return [await cursor.fetchall() for cursor in cursors]


async def _configure(connection: Connection) -> None:
    await connection.execute(CONNECTION_SETTINGS)
    await register_vector_async(connection)
    await connection.commit()


async def _active_space(dsn: str, timeout: float) -> Space:
    """Over a connection of its own, so that a wrong address fails with its own message and not with a pool's time-out."""
    async with await AsyncConnection.connect(dsn, connect_timeout=max(2, math.ceil(timeout))) as connection:
        try:
            cursor = await connection.execute(named_queries()["active_space"])
        except psycopg.errors.UndefinedTable as error:
            raise MigrationError("The database has no Paper Finder tables yet.", hint="Run 'paper-finder migrate'.") from error
        except psycopg.errors.UndefinedColumn as error:
            raise MigrationError("The database is older than this program.", hint="Run 'paper-finder migrate'.") from error
        row = await cursor.fetchone()
    if row is None:
        raise MigrationError("The database has no embedding space yet.", hint="Run 'paper-finder migrate'.")
    return Space(*row)


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
        raise DatabaseUnavailableError(f"The database cannot be reached ({_first_line(error)}).") from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
