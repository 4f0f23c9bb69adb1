"""Reading papers whole: by their ids, with their full text, counted, or all of them in turn."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Literal

from psycopg import sql
from pydantic import TypeAdapter

from rag.access import AskedOnce, ScopeOf
from rag.papers import NO_OUTLINE, Filters, Outline, Paper, PaperId, Passage
from rag.store._collections import Collections
from rag.store._database import Database
from rag.store._index import NOTHING, limits_of
from rag.store._rows import paper_from_row
from rag.text import normalised_arxiv_id, normalised_doi

_MOST_PASSAGES = 2_000
_MOST_ATTACHED = 20
_PAGE = 500
_OUTLINE = TypeAdapter(Outline)


class Shelf:
    """The papers that one may see, to be read rather than searched."""

    def __init__(self, database: Database, collections: Sequence[str] = (), scope_of: ScopeOf | None = None) -> None:
        """``scope_of`` is asked what may be seen; what everyone may read, if it is not given."""
        self._database = database
        self._queries = database.queries
        self._within = list(collections)
        self._scope_of = scope_of or Collections(database).everyone

    def within(self, collections: Sequence[str]) -> "Shelf":
        """The papers of these collections alone; all of them when there is none."""
        return Shelf(self._database, collections, self._scope_of)

    def reading(self, scope_of: ScopeOf) -> "Shelf":
        """The same shelf for one question, which asks at most once what may be seen."""
        return Shelf(self._database, self._within, AskedOnce(scope_of))

    async def papers(self, ids: Sequence[PaperId]) -> list[Paper]:
        """The papers with these ids, in this order; an id that there is not is left out.

        Raises:
            DatabaseUnavailableError: the database is away.
        """
        limits, parameters = self._limits(Filters())
        keys = {row[0]: row[1] for row in await self._read("keys_within", limits, {**parameters, "public_ids": list(ids)})}
        found = await self._by_key([keys[paper_id] for paper_id in ids if paper_id in keys])
        return [found[keys[paper_id]] for paper_id in ids if paper_id in keys and keys[paper_id] in found]

    async def identified(self, name: str) -> list[Paper]:
        """The papers whose DOI or arXiv id stands in ``name``; none when it holds neither."""
        identifiers = {"doi": normalised_doi(name), "arxiv_id": normalised_arxiv_id(name)}
        if not any(identifiers.values()):
            return []
        limits, parameters = self._limits(Filters())
        keys = [row[0] for row in await self._read("keys_of_identifier", limits, parameters | identifiers)]
        return list((await self._by_key(keys)).values())

    async def attached(self) -> list[Paper]:
        """The files attached to the chat, the first few in the order in which they came."""
        limits, parameters = self._limits(Filters())
        keys = [row[0] for row in await self._read("keys_of_attached", limits, parameters | {"n": _MOST_ATTACHED})]
        return list((await self._by_key(keys)).values())

    async def passages(self, paper_id: PaperId) -> list[Passage]:
        """A paper's full text in order; empty when only its abstract is known."""
        limits, parameters = self._limits(Filters())
        parameters |= {"public_id": paper_id, "n": _MOST_PASSAGES}
        rows = await self._read("passages_of_paper", limits, parameters)
        return [Passage(text, 1.0, page, section) for text, page, section in rows]

    async def outline(self, paper_id: PaperId) -> Outline:
        """The sections of a paper's full text; an empty one when they are not known."""
        limits, parameters = self._limits(Filters())
        rows = await self._read("outline_of_paper", limits, parameters | {"public_id": paper_id})
        return _OUTLINE.validate_python(rows[0][0]) if rows else NO_OUTLINE

    async def counts(self, filters: Filters, by: Literal["year", "venue", "author"]) -> list[tuple[str, int]]:
        """How many papers within the limits there are of each year (in order), venue or author (most first); '' is unknown."""
        limits, parameters = self._limits(filters)
        return [(name, int(count)) for name, count in await self._read(f"count_by_{by}", limits, parameters)]

    async def collections(self) -> list[tuple[str, int]]:
        """Every collection with its number of records, oldest first."""
        found = await self._read("readable_collections", NOTHING, {})
        return [(name, int(count)) for name, count, _ in found if not self._within or name in self._within]

    async def newest(self, filters: Filters, limit: int) -> list[Paper]:
        """At most ``limit`` papers within the limits, newest record first."""
        limits, parameters = self._limits(filters)
        keys = [row[0] for row in await self._read("newest_keys", limits, {**parameters, "n": limit})]
        return list((await self._by_key(keys)).values())

    async def all(self, filters: Filters) -> AsyncIterator[Paper]:
        """Every paper within the limits, oldest record first."""
        limits, parameters = self._limits(filters)
        after = 0
        while True:
            rows = await self._read("keys_after", limits, {**parameters, "after": after, "n": _PAGE})
            keys = [row[0] for row in rows]
            if not keys:
                return
            found = await self._by_key(keys)
            for key in keys:
                if key in found:
                    yield found[key]
            after = keys[-1]

    def _limits(self, filters: Filters) -> tuple[sql.Composable, dict[str, Any]]:
        """The limits of a question within those of this shelf."""
        return limits_of(self._queries, filters.within(self._within))

    async def _by_key(self, keys: Sequence[int]) -> dict[int, Paper]:
        found = await self._read("papers_by_key", NOTHING, {"keys": list(keys), "collections": None})
        rows = {row[0]: paper_from_row(row) for row in found}
        return {key: rows[key] for key in keys if key in rows}

    async def _read(self, query: str, limits: sql.Composable, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        scope = await self._scope_of()
        parameters = parameters | {"readable": list(scope.collections)}
        (rows,) = await self._database.read(scope, (self._queries.get(query, limits=limits), parameters))
        return rows
