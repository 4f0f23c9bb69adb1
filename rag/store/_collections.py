"""Collections: who may read which, and what that makes the scope of a question."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.access import COUNTED_PAPERS, COUNTED_PASSAGES, Attached, Readable, Scope, UploadNote
from rag.errors import InvalidRequestError
from rag.store._database import Database
from rag.store._uploads import unread_of

MOST_NOTES = 100
"""Uploads of one person of which something is told; there are seldom any."""


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """A collection's name and how many records it has."""

    name: str
    papers: int
    groups: tuple[str, ...] | None = None
    """Groups of Open WebUI that alone may read it, by name or id; None: everyone may."""


class Collections:
    """The collections of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries

    async def everyone(self) -> Scope:
        """What anybody may read: the shared library but for what is restricted to groups."""
        return await self._scope(library=True)

    async def operator(self) -> Scope:
        """The whole shared library, and no upload."""
        return await self._scope(library=True, restricted=True)

    async def of_person(self, readable: Readable, attached: Attached, person: str = "") -> Scope:
        """What a person may read of the library, of knowledge bases and of attached files.

        When knowledge bases were picked, the search keeps to these and the attached files. ``person`` is Open WebUI's id, where
        it is known: there may be something to tell of this person's own uploads.
        """
        chosen = bool(attached.knowledge)
        named = {key: name for key, name in readable.knowledge.items() if not chosen or key in attached.knowledge}
        scope = await self._scope(
            library=not chosen,
            groups=sorted(readable.groups),
            knowledge=sorted(named),
            files=sorted(readable.files & attached.files),
            person=person,
        )
        notes = await self._notes(person, scope.uploads) if person and scope.uploads else ()
        return replace(scope, chosen=chosen, knowledge=tuple(sorted(named.values())), notes=notes)

    async def _notes(self, person: str, uploads: Sequence[int]) -> tuple[UploadNote, ...]:
        async with self._database.connection() as connection:
            parameters = {"person": person, "uploads": list(uploads), "most": MOST_NOTES}
            cursor = await connection.execute(self._queries.get("upload_notes"), parameters)
            rows = await cursor.fetchall()
        return tuple(UploadNote(name, reason, code, unread_of(unread)) for name, reason, code, unread in rows)

    async def _scope(
        self,
        *,
        library: bool,
        restricted: bool = False,
        groups: Sequence[str] = (),
        knowledge: Sequence[str] = (),
        files: Sequence[str] = (),
        person: str = "",
    ) -> Scope:
        parameters = {
            "library": library,
            "restricted": restricted,
            "groups": list(groups),
            "knowledge": list(knowledge),
            "files": list(files),
            "person": person,
            "most": COUNTED_PAPERS,
            "most_passages": COUNTED_PASSAGES,
        }
        collections, papers, uploads, passages, attached, pending = await self._one("scope", parameters)
        return Scope(tuple(collections), papers, tuple(uploads), passages, files=attached, pending=pending)

    async def any_restricted(self) -> bool:
        """Whether any collection is restricted to groups, so that a person's groups have to be asked for."""
        return bool((await self._one("any_restricted", {}))[0])

    async def list(self, scope: Scope) -> list[CollectionInfo]:
        """Those collections of a scope that have a name: all but single files."""
        asked = self._queries.get("readable_collections"), {"readable": list(scope.collections)}
        (rows,) = await self._database.read(scope, asked)
        return [CollectionInfo(name, papers, None if groups is None else tuple(groups)) for name, papers, groups in rows]

    async def check(self, names: Sequence[str], scope: Scope) -> None:
        """Make sure that a scope has collections of these names.

        Raises:
            InvalidRequestError: one does not exist, or may not be read, which is told alike; the hint lists those that do.
        """
        if not names:
            return
        known = {collection.name for collection in await self.list(scope)}
        if unknown := [name for name in names if name not in known]:
            there = f"There are: {', '.join(sorted(known))}." if known else "The library is empty."
            raise InvalidRequestError(f"There is no collection named {unknown[0]!r}.", hint=there)

    async def restrict(self, name: str, groups: Sequence[str]) -> int:
        """Let only members of ``groups`` read a collection of the library; how many of its papers others read elsewhere.

        Raises:
            InvalidRequestError: there is no such collection.
        """
        await self._set_groups(name, sorted(set(groups)))
        return int((await self._one("also_open", {"name": name}))[0])

    async def open(self, name: str) -> None:
        """Let everyone read a collection of the library.

        Raises:
            InvalidRequestError: there is no such collection.
        """
        await self._set_groups(name, None)

    async def _set_groups(self, name: str, groups: Sequence[str] | None) -> None:
        await self.check([name], await self.operator())
        async with self._database.connection() as connection:
            await connection.execute(self._queries.get("set_groups"), {"name": name, "groups": groups})

    async def _one(self, query: str, parameters: dict[str, Any]) -> tuple[Any, ...]:
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get(query), parameters)
            row = await cursor.fetchone()
        assert row is not None
        return row
