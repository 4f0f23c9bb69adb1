"""Taking papers out of the shared library again: a collection, or single papers."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.errors import NotFoundError
from rag.papers import PaperId
from rag.store._connection import Connection
from rag.store._database import Database
from rag.store._stems import StemWriter

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Removed:
    """How many papers are gone, and how many stay because another collection has them."""

    gone: int = 0
    kept: int = 0


class Removal:
    """Removes from the library of one database; uploads are Open WebUI's to remove."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries
        self._stems = StemWriter(database.queries)

    async def collection(self, name: str) -> Removed:
        """Remove a collection, and its papers but for those of other collections.

        A few thousand papers at a time: when it is broken off, the same call goes on where it stopped.
        """
        removed = Removed()
        while True:
            async with self._database.connection() as connection:
                await connection.execute(self._queries.get("lock_for_writing"))
                taken = await self._keys(connection, "take_members", {"name": name, "n": _AT_ONCE})
                if not taken:
                    await connection.execute(self._queries.get("delete_collection"), {"name": name})
                    return removed
                gone = await self._delete_orphans(connection, taken)
            removed = Removed(removed.gone + gone, removed.kept + len(taken) - gone)

    async def papers(self, ids: Sequence[PaperId]) -> int:
        """Remove single papers from all collections; how many there were.

        Raises:
            NotFoundError: one of them is not in the library; nothing was removed.
        """
        async with self._database.connection() as connection:
            await connection.execute(self._queries.get("lock_for_writing"))
            taken = await self._keys(connection, "take_papers", {"public_ids": list(ids)})
            if len(taken) < len(set(ids)):
                raise NotFoundError("There is no such paper in the library.", hint="Uploads are removed in Open WebUI.")
            return await self._delete_orphans(connection, taken)

    async def _delete_orphans(self, connection: Connection, keys: list[int]) -> int:
        orphans = await self._keys(connection, "papers_without_members", {"keys": keys})
        await self._stems.remove(connection, orphans)
        await connection.execute(self._queries.get("delete_papers"), {"keys": orphans})
        return len(orphans)

    async def _keys(self, connection: Connection, query: str, parameters: dict[str, object]) -> list[int]:
        cursor = await connection.execute(self._queries.get(query), parameters)
        return sorted({row[0] for row in await cursor.fetchall()})
