"""The connection pools: the owner's, and the reader's for searches."""

import logging
import math
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, LiteralString, Self

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.sql import Composed
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from rag.access import Scope
from rag.errors import DatabaseUnavailableError, MigrationError
from rag.store._connection import CONNECT_SECONDS, Connection, configure
from rag.store._queries import Queries, named_queries
from rag.store._reader import Reader
from rag.store._replicas import Replicas
from rag.store._space import Space

log = logging.getLogger(__name__)

Statement = tuple[LiteralString | Composed, Mapping[str, Any]]
"""With its parameters."""

# A server that is gone without a word is noticed within a minute, by either side.
_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


class Database:
    """Connections to the schema ``paper_finder``; statements are bound to the active embedding space."""

    def __init__(self, dsn: str, pools: "_Pools", reader: Reader, space: Space) -> None:
        """``dsn`` is that of ``session``."""
        self._dsn = dsn
        self._pools = pools
        self._reader = reader
        self.space = space
        self.queries = Queries(space)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, dsn: str, *, pool_size: int = 8, timeout: float = CONNECT_SECONDS, answers: bool = True, replicas: Sequence[str] = ()
    ) -> AsyncIterator[Self]:
        """Connect to a migrated database; ``answers``: from the active space, which is then not dropped meanwhile.

        ``replicas``: addresses of read replicas, which ``read`` uses while they are in step.

        Raises:
            DatabaseUnavailableError: no connection within ``timeout`` seconds.
            MigrationError: the schema is missing; ``paper-finder migrate`` makes it.
        """
        with _told_plainly():
            space, reader = await _look(dsn, timeout)
        if reader.refused:
            log.warning("Searches share the owner's connections; 'paper-finder doctor' says what to do: %s", reader.refused)
        named = make_conninfo(dsn, application_name=application_name(space.id) if answers else "paper_finder")
        async with AsyncExitStack() as stack:
            owner = await stack.enter_async_context(_pool(named, pool_size, timeout))
            reading = owner
            if not reader.refused:
                reading = await stack.enter_async_context(_pool(reader.address(named), pool_size, timeout))
            addresses = [reader.address(replica) for replica in replicas]
            watched = await stack.enter_async_context(Replicas.open(addresses, space.id, pool_size=pool_size))
            yield cls(named, _Pools(owner, reading, watched if replicas else None), reader, space)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection in a transaction of its own; committed at the end, rolled back on an exception.

        Raises:
            DatabaseUnavailableError: the server is away; the pool connects again by itself when it is back.
        """
        with _told_plainly():
            async with self._pools.owner.connection() as connection:
                yield connection

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Connection]:
        """A connection of its own beside the pool, each statement committed by itself: for locks and notifications.

        Raises:
            DatabaseUnavailableError: the server is away, now or later within the block.
        """
        with _told_plainly():
            async with await Connection.connect(
                make_conninfo(self._dsn, **_ALIVE), autocommit=True, connect_timeout=CONNECT_SECONDS
            ) as connection:
                await configure(connection)
                yield connection

    async def read(self, scope: Scope, *statements: Statement, binary: bool = False) -> list[list[tuple[Any, ...]]]:
        """The rows that each statement finds, all in one transaction as ``reading`` has it: of a replica that is in step, or of
        the primary; also when a replica dies over it.

        Raises:
            DatabaseUnavailableError: the server is away.
        """
        if self._pools.replicas is not None:
            with suppress(psycopg.OperationalError, psycopg.InterfaceError):
                async with self._pools.replicas.connection() as replica:
                    if replica is not None:
                        async with self._bound(replica, scope):
                            return await _rows(replica, statements, binary=binary)
        async with self.reading(scope) as connection:
            return await _rows(connection, statements, binary=binary)

    @asynccontextmanager
    async def reading(self, scope: Scope) -> AsyncIterator[Connection]:
        """A connection in a transaction that can read the scope's collections and nothing else, whatever it is asked.

        Row-level security sees to it (migrations 0006 and 0013): the connection is one of a role that owns nothing. Nothing of
        that waits for an answer: it goes to the server together with the first statement.

        Raises:
            DatabaseUnavailableError: the server is away.
        """
        with _told_plainly():
            async with self._pools.reader.connection() as connection, self._bound(connection, scope):
                yield connection

    @asynccontextmanager
    async def _bound(self, connection: Connection, scope: Scope) -> AsyncIterator[None]:
        async with connection.pipeline():
            await self._reader.begin(connection, scope)
            yield

    async def ping(self) -> None:
        """Ask the server for an answer."""
        async with self.connection() as connection:
            await connection.execute("SELECT 1")


def application_name(space_id: int) -> str:
    """What connections call themselves that answer from a space: so it is known when nobody does any more."""
    return f"paper_finder space {space_id}"


@dataclass(frozen=True, slots=True)
class _Pools:
    """Where connections come from."""

    owner: AsyncConnectionPool[Connection]
    reader: AsyncConnectionPool[Connection]
    replicas: Replicas | None


async def _rows(connection: Connection, statements: Sequence[Statement], *, binary: bool) -> list[list[tuple[Any, ...]]]:
    cursors = [await connection.cursor(binary=binary).execute(*statement) for statement in statements]
    return [await cursor.fetchall() for cursor in cursors]


@asynccontextmanager
async def _pool(dsn: str, size: int, timeout: float) -> AsyncIterator[AsyncConnectionPool[Connection]]:
    pool = AsyncConnectionPool(
        dsn,
        connection_class=Connection,
        min_size=min(2, size),
        max_size=size,
        timeout=timeout,
        configure=configure,
        open=False,
    )
    try:
        with _told_plainly():
            await pool.open(wait=True, timeout=timeout)
        yield pool
    finally:
        await pool.close()


async def _look(dsn: str, timeout: float) -> tuple[Space, Reader]:
    """Over a connection of its own, so that a wrong address fails with its own message and not with a pool's time-out."""
    async with await AsyncConnection.connect(dsn, connect_timeout=max(2, math.ceil(timeout))) as connection:
        try:
            cursor = await connection.execute(named_queries()["active_space"])
            row = await cursor.fetchone()
            reader = await Reader.of(connection, dsn)
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as error:
            raise MigrationError("The tables of Paper Finder are missing or old.", hint="Run 'paper-finder migrate'.") from error
    if row is None:
        raise MigrationError("The database has no embedding space yet.", hint="Run 'paper-finder migrate'.")
    return Space(*row), reader


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
        raise DatabaseUnavailableError(f"The database cannot be reached ({_first_line(error)}).") from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
