"""Changing the model: the vectors of a second space filled in beside those in use, and the switch to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from pgvector import HalfVector
from psycopg import AsyncConnection, sql

from rag.errors import InvalidRequestError
from rag.papers import PassageText
from rag.store._building import analyse, build_indexes, drop_indexes
from rag.store._connection import CONNECT_SECONDS, Connection
from rag.store._database import Database, application_name
from rag.store._queries import VECTOR_INDEXES, Queries, named_queries
from rag.store._space import Space, indexed_dimensions

_BULK = 2_000
"""Fewer vectors than this are added with the indexes in place."""


@dataclass(frozen=True, slots=True)
class SpaceInfo:
    """An embedding space; ``endpoint`` is 'bundled', a URL, or '' when only the environment says where its model is."""

    id: int
    model: str
    dimensions: int
    active: bool
    endpoint: str


@dataclass(frozen=True, slots=True)
class OldPaper:
    """A paper whose vector is to be made."""

    id: int
    title: str
    abstract: str
    text_hash: bytes


@dataclass(frozen=True, slots=True)
class OldPassage:
    """A passage whose vector is to be made."""

    id: int
    title: str
    text: PassageText


@dataclass(frozen=True, slots=True)
class Remaining:
    """What the new space lacks of the old."""

    papers: int
    passages: int

    @property
    def texts(self) -> int:
        """Both."""
        return self.papers + self.passages


async def spaces_of(dsn: str) -> list[SpaceInfo]:
    """The embedding spaces of a database as it is; none where the schema is missing, is older, or the server is away."""
    try:
        async with await AsyncConnection.connect(dsn, connect_timeout=CONNECT_SECONDS) as connection:
            cursor = await connection.execute(named_queries()["spaces"])
            return [SpaceInfo(*row) for row in await cursor.fetchall()]
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
        return []


class Spaces:
    """The embedding spaces of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[SpaceInfo]:
        """All of them, oldest first."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._database.queries.get("spaces"))
            return [SpaceInfo(*row) for row in await cursor.fetchall()]

    async def active(self) -> SpaceInfo:
        """The one that searches answer from, as it is now."""
        return next(space for space in await self.all() if space.active)

    async def next_active(self) -> SpaceInfo:
        """Wait until another space is active than the one that the database was opened with.

        Raises:
            DatabaseUnavailableError: the server goes away meanwhile.
        """
        async with self._database.session() as session:
            await session.execute(self._database.queries.get("listen_for_switch"))
            while (active := await self.active()).id == self._database.space.id:
                async for _ in session.notifies(stop_after=1):
                    pass
        return active

    async def drop_old(self) -> list[SpaceInfo]:
        """Drop every space that is not active; which ones.

        Raises:
            InvalidRequestError: a service still answers from one.
        """
        dropped = [space for space in await self.all() if not space.active]
        async with self._database.connection() as connection:
            for space in dropped:
                if await _users(connection, self._database.queries, space.id):
                    raise InvalidRequestError(
                        f"A service still answers from the vectors of {space.model}.",
                        hint="It follows within a minute; one of another version has to be restarted.",
                    )
                await connection.execute(self._database.queries.get("drop_space_tables", **_old(space.id)))
                await connection.execute(self._database.queries.get("forget_space"), {"id": space.id})
        return dropped


class Reembedding:
    """A new space on its way to take the place of the active one. All that is done stands in the tables: whoever begins the
    same again goes on where the last one stopped."""

    def __init__(self, database: Database, target: Space, old: SpaceInfo) -> None:
        """From ``old`` to ``target``; use ``begin``."""
        self.target = target
        self._database = database
        self._old = old
        self._queries = Queries(target)
        self._after = {"papers_to_reembed": 0, "passages_to_reembed": 0}

    @classmethod
    async def begin(
        cls, database: Database, *, model: str, dimensions: int, endpoint: str, index_dimensions: int | None = None
    ) -> "Reembedding":
        """Make the new space, or find the one begun before. One that is active already gets what it still lacks of the former.

        The indexes of a new one hold ``index_dimensions`` of each vector; as many as they can, when not given.

        Raises:
            InvalidRequestError: the library has this model's vectors, and had no others.
        """
        async with database.connection() as connection:
            await connection.execute(database.queries.get("lock_for_writing"))
            wanted = {"model": model, "dimensions": dimensions, "indexed": indexed_dimensions(dimensions, index_dimensions)}
            cursor = await connection.execute(database.queries.get("make_space"), wanted)
            row = await cursor.fetchone()
            assert row is not None
            target = Space(row[0], model, dimensions, indexed=row[1])
            await connection.execute(database.queries.get("set_endpoint"), {"id": target.id, "endpoint": endpoint})
        others = [space for space in await Spaces(database).all() if space.id != target.id]
        if not others:
            raise InvalidRequestError(f"The library's vectors are those of {model} with {dimensions} dimensions already.")
        old = next((space for space in others if space.active), others[-1])
        return cls(database, target, old)

    @property
    def switched(self) -> bool:
        """Whether the new space is the one that a database opened now answers from."""
        return self._database.space.id == self.target.id

    async def remaining(self) -> Remaining:
        """What is still to be done."""
        async with self._database.connection() as connection:
            return await self._remaining(connection)

    async def prepare(self) -> None:
        """Where much is to be done, the new space's indexes go: building them at the end is quicker."""
        if not self.switched and (await self.remaining()).texts > _BULK:
            await drop_indexes(self._database, self._queries, VECTOR_INDEXES)

    async def next(self, most: int) -> tuple[list[OldPaper], list[OldPassage]]:
        """Up to ``most`` papers, or passages once no paper is left; nothing when a whole round found nothing."""
        papers = [OldPaper(row[0], row[1], row[2], bytes(row[3])) for row in await self._round("papers_to_reembed", most)]
        if papers:
            return papers, []
        rows = await self._round("passages_to_reembed", most)
        passages = [OldPassage(row[0], row[1], PassageText(text=row[2], page=row[3], section=row[4])) for row in rows]
        return [], passages

    async def write(self, papers: Sequence[OldPaper], passages: Sequence[OldPassage], vectors: NDArray[np.float32]) -> None:
        """Write the vectors (n, d) of papers and then passages, in one transaction; what changed meanwhile comes again."""
        own, others = vectors[: len(papers)], vectors[len(papers) :]
        rows = [
            {"id": p.id, "title": p.title, "abstract": p.abstract, "text_hash": p.text_hash, "embedding": HalfVector(vector)}
            for p, vector in zip(papers, own, strict=True)
        ]
        parts = [{"id": p.id, "embedding": HalfVector(vector)} for p, vector in zip(passages, others, strict=True)]
        async with self._database.connection() as connection:
            if rows:
                await connection.cursor().executemany(self._queries.get("put_paper_vector"), rows)
            if parts:
                await connection.cursor().executemany(self._queries.get("add_passage_vector"), parts)

    async def build_indexes(self) -> None:
        """Build those of the new space that are missing, and tell the planner."""
        await build_indexes(self._database, self._queries, VECTOR_INDEXES)
        await analyse(self._database, self._queries)

    async def switch(self) -> bool:
        """Make the new space the active one, in one step and only when it lacks nothing; whether that was so."""
        async with self._database.connection() as connection:
            await connection.execute(self._queries.get("lock_for_writing"))
            await connection.execute(self._queries.get("hold_old_vectors", **_old(self._old.id)))
            if (await self._remaining(connection)).texts:
                return False
            await connection.execute(self._queries.get("retire_space"))
            await connection.execute(self._queries.get("activate_space"), {"id": self.target.id})
            await connection.execute(self._queries.get("tell_of_switch"), {"id": self.target.id})
        return True

    async def users_of_old(self) -> int:
        """Connections of services that still answer from the old space."""
        async with self._database.connection() as connection:
            return await _users(connection, self._queries, self._old.id)

    async def _remaining(self, connection: Connection) -> Remaining:
        cursor = await connection.execute(self._queries.get("texts_to_reembed", **_old(self._old.id)))
        row = await cursor.fetchone()
        assert row is not None
        return Remaining(row[0], row[1])

    async def _round(self, query: str, most: int) -> list[tuple[Any, ...]]:
        """The next rows; at the end from the beginning again, because what was written meanwhile may stand before."""
        rows = await self._rows(query, most, self._after[query])
        if not rows and self._after[query]:
            rows = await self._rows(query, most, 0)
        self._after[query] = int(rows[-1][0]) if rows else 0
        return rows

    async def _rows(self, query: str, most: int, after: int) -> list[tuple[Any, ...]]:
        async with self._database.connection() as connection:
            statement = self._queries.get(query, **_old(self._old.id))
            cursor = await connection.execute(statement, {"after": after, "n": most})
            return await cursor.fetchall()


def _old(space_id: int) -> dict[str, sql.Identifier]:
    names = ("paper_vectors", "passage_vectors")
    return {f"old_{name}": sql.Identifier(f"{name}_{space_id}") for name in names}


async def _users(connection: Connection, queries: Queries, space_id: int) -> int:
    cursor = await connection.execute(queries.get("users_of_space"), {"name": application_name(space_id)})
    row = await cursor.fetchone()
    return int(row[0]) if row else 0
