"""Keys of our own for scripts: each reads certain collections of the library. Only their hashes are kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rag.access import COUNTED_PAPERS, Scope
from rag.errors import InvalidRequestError, NotFoundError
from rag.store._collections import Collections
from rag.store._database import Database

KEY_PREFIX = "pf-"


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A key without its secret."""

    name: str
    collections: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None


class Keys:
    """The keys in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries

    async def create(self, name: str, collections: Sequence[str]) -> str:
        """A new key for these collections of the library; it is told now and never again.

        Raises:
            InvalidRequestError: the name is empty or taken, no collection is named, or one does not exist.
        """
        if not name.strip() or not collections:
            raise InvalidRequestError("A key needs a name and at least one collection.")
        repository = Collections(self._database)
        await repository.check(collections, await repository.operator())
        key = KEY_PREFIX + secrets.token_urlsafe(32)
        parameters = {"name": name.strip(), "hash": _hash(key), "collections": list(collections)}
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("add_key"), parameters)
            if await cursor.fetchone() is None:
                raise InvalidRequestError(f"There is a key named {name!r} already.", hint="Choose another name.")
            await connection.execute(self._queries.get("add_key_collections"), parameters)
        return key

    async def list(self) -> list[KeyInfo]:
        """Every key, oldest first."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("keys"))
            return [KeyInfo(name, tuple(names), created, revoked) for name, names, created, revoked in await cursor.fetchall()]

    async def revoke(self, name: str) -> None:
        """End a key: the next request with it is refused.

        Raises:
            NotFoundError: there is no such key, or it has ended.
        """
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("revoke_key"), {"name": name})
            if await cursor.fetchone() is None:
                raise NotFoundError(
                    f"There is no key named {name!r} that is in use.", hint="'paper-finder keys list' shows them."
                )

    async def scope(self, key: str) -> Scope | None:
        """What a key reads; None when there is no such key, or it was revoked."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("scope_of_key"), {"hash": _hash(key), "most": COUNTED_PAPERS})
            row = await cursor.fetchone()
        return None if row is None else Scope(tuple(row[0]), row[1])


def _hash(key: str) -> bytes:
    # 256 random bits cannot be guessed, so a plain hash keeps them.
    return hashlib.sha256(key.encode()).digest()
