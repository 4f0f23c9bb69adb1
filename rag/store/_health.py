"""The state of a database as it is, whatever is wrong with it: nothing is changed and nothing is required."""

from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import AsyncConnection

from rag.errors import DatabaseUnavailableError
from rag.store._connection import CONNECT_SECONDS, CONNECTION_SETTINGS
from rag.store._migrations import load_migrations
from rag.store._queries import STEMS_INDEX, VECTOR_INDEXES, Queries, named_queries
from rag.store._reader import Reader
from rag.store._space import Space

SAMPLE = 20
"""Papers that are looked for by their own vector."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What the server runs."""

    postgres: str
    postgres_number: int
    """As PostgreSQL counts: 180004 is 18.4."""
    pgvector: str | None
    """Of this database; None without the extension."""
    pgvector_available: str | None
    """What is installed on the server."""
    size: int
    """Bytes of the database."""


@dataclass(frozen=True, slots=True)
class SchemaState:
    """The migrations."""

    missing: tuple[str, ...]
    """Not applied yet, in order."""
    edited: tuple[int, ...]
    """Applied, and another text since."""
    newer: bool
    """Whether the database was made by a newer program."""


@dataclass(frozen=True, slots=True)
class VectorState:
    """The vectors of the active space and the indexes over them."""

    papers: int
    papers_without: int
    passages: int
    passages_without: int
    index_bytes: int
    missing_indexes: tuple[str, ...]
    sampled: int
    """Papers that were looked for by their own vector."""
    found: int


class DatabaseHealth:
    """One connection that only looks."""

    def __init__(self, connection: AsyncConnection[tuple[Any, ...]], dsn: str) -> None:
        self._connection = connection
        self._dsn = dsn

    @classmethod
    async def open(cls, dsn: str) -> "DatabaseHealth":
        """Connect.

        Raises:
            DatabaseUnavailableError: the server is away, or refuses.
        """
        try:
            connection = await AsyncConnection.connect(dsn, autocommit=True, connect_timeout=CONNECT_SECONDS)
        except psycopg.OperationalError as error:
            raise DatabaseUnavailableError(f"The database cannot be reached ({str(error).strip().splitlines()[0]}).") from error
        return cls(connection, dsn)

    async def aclose(self) -> None:
        """Disconnect."""
        await self._connection.close()

    async def versions(self) -> Versions:
        """Of Postgres and pgvector."""
        (number, postgres, pgvector, available, size) = await self._row(named_queries()["versions"])
        return Versions(postgres, number, pgvector, available, size)

    async def schema(self) -> SchemaState:
        """The migrations of this program against those applied."""
        known = load_migrations()
        try:
            rows = await self._rows(named_queries()["applied_migrations"])
        except psycopg.errors.UndefinedTable:
            rows = []
        applied: dict[int, str] = {row[0]: row[1] for row in rows}
        missing = tuple(f"{one.number:04}_{one.name}" for one in known if one.number not in applied)
        edited = tuple(one.number for one in known if applied.get(one.number, one.checksum) != one.checksum)
        return SchemaState(missing, edited, bool(set(applied) - {one.number for one in known}))

    async def space(self) -> Space | None:
        """The active embedding space; None before there is one."""
        rows = await self._rows(named_queries()["active_space"])
        return Space(*rows[0]) if rows else None

    async def reader(self) -> tuple[Reader, str]:
        """Whom searches log in as, and the owner's name."""
        owner: str = self._connection.info.user
        return await Reader.of(self._connection, self._dsn), owner

    async def spaces_beside(self) -> list[tuple[str, int, int]]:
        """Model, dimensions and bytes of each space that is not in use: one on its way, or one of before."""
        return [(row[0], row[1], row[2]) for row in await self._rows(named_queries()["spaces_beside"])]

    async def broken_indexes(self) -> list[str]:
        """Indexes whose building failed half-way: they are kept up and never used."""
        return [row[0] for row in await self._rows(named_queries()["broken_indexes"])]

    async def vectors(self, space: Space) -> VectorState:
        """Whether every text has a vector, and every vector an index that finds it."""
        await self._connection.execute(CONNECTION_SETTINGS)
        queries = Queries(space)
        wanted = [queries.index(name) for name in (STEMS_INDEX, *VECTOR_INDEXES)]
        sizes = dict(await self._rows(named_queries()["index_sizes"], {"names": wanted}))
        papers, papers_without, passages, passages_without = await self._row(queries.get("vector_counts"))
        sampled, found = await self._row(queries.get("found_by_own_vector"), {"n": SAMPLE})
        return VectorState(
            papers=papers,
            papers_without=papers_without,
            passages=passages,
            passages_without=passages_without,
            index_bytes=sum(sizes.values()),
            missing_indexes=tuple(name for name in wanted if name not in sizes),
            sampled=sampled,
            found=found,
        )

    async def _row(self, query: "LiteralString | psycopg.sql.Composed", parameters: Any = None) -> tuple[Any, ...]:
        return (await self._rows(query, parameters))[0]

    async def _rows(self, query: "LiteralString | psycopg.sql.Composed", parameters: Any = None) -> list[tuple[Any, ...]]:
        cursor = await self._connection.execute(query, parameters)
        return await cursor.fetchall()
