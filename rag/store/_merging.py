"""Merging papers that are one work, so that it can be undone: what is taken away is kept row by row."""

from collections.abc import Callable, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from rag.store._audit import Audited, Duplicates
from rag.store._backup import TableShape, tables_of
from rag.store._connection import Connection
from rag.store._database import Database
from rag.store._queries import Queries
from rag.store._space import Space
from rag.store._stems import StemWriter

Undo = dict[str, Any]
"""What one merge took away, as JSON."""


class Merging:
    """Merges and parts papers of the shared library of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries
        self._stems = StemWriter(database.queries)

    async def merge(self, work: Duplicates, keep: Callable[[Undo], None]) -> int:
        """Make one paper of those that the same people may read; how many are gone: none when titles disagree or readers differ.

        The paper with an abstract, with full text, the oldest, stays; it takes what it lacks from the others. ``keep`` gets what
        ``undo`` needs before anything is final: when it fails, nothing was merged.
        """
        by_readers: dict[str, list[Audited]] = {}
        for paper in work.papers:
            by_readers.setdefault(paper.readers, []).append(paper)
        same = [papers for readers, papers in by_readers.items() if readers and len(papers) > 1 and not work.disagreeing]
        return sum([await self._merge(papers, keep) for papers in same])

    async def _merge(self, papers: Sequence[Audited], keep: Callable[[Undo], None]) -> int:
        ranked = sorted(papers, key=lambda paper: (not paper.has_abstract, not paper.has_text, paper.key))
        kept, others = ranked[0], ranked[1:]
        async with self._database.connection() as connection:
            await self._run(connection, "lock_for_writing")
            undo = await self._taken(connection, kept.key, [paper.key for paper in others])
            for other in others:
                await self._run(connection, "fill_in_from", target=kept.key, source=other.key)
            giver = next((paper.key for paper in others if paper.has_text), None)
            if not kept.has_text and giver is not None:
                undo["texts_of"] = giver
                await self._run(connection, "take_outline", source=giver, target=kept.key)
                await self._move_texts(connection, source=giver, target=kept.key)
            gone = [paper.key for paper in others]
            await self._run(connection, "move_members", target=kept.key, ids=gone)
            await self._stems.remove(connection, gone)
            await self._run(connection, "delete_papers", keys=gone)
            keep(undo)
        return len(gone)

    async def undo(self, merge: Undo) -> int:
        """Put back what a merge took away; how many papers there are again, none when they are there already."""
        papers, giver = merge["papers"], merge.get("texts_of")
        async with self._database.connection() as connection:
            await self._run(connection, "lock_for_writing")
            if await self._rows(connection, "rows_of_papers", ids=[row["id"] for row in papers]):
                return 0
            for collection_id, source_id, key in merge["members"]:
                await self._run(connection, "move_member", target=key, collection_id=collection_id, source_id=source_id)
            shapes = {shape.name: shape for shape in await tables_of(connection)}
            await self._put_back(connection, shapes["papers"], papers)
            if giver is not None:
                await self._move_texts(connection, source=merge["kept"]["id"], target=giver)
            await self._run(connection, "put_paper_facts_back", row=Jsonb(merge["kept"]))
            await self._put_back(connection, shapes["passages"], [row for row in merge["passages"] if row["paper_id"] != giver])
            for name, rows in merge["vectors"].items():
                # Vectors of a model that was dropped meanwhile are wanted no more.
                if name in shapes:
                    moved = giver if name.startswith("passage") else None
                    await self._put_back(connection, shapes[name], [row for row in rows if row["paper_id"] != moved])
            await self._stems.write(connection, {row["id"]: (row["title"], row["abstract"], row["keywords"]) for row in papers})
        return len(papers)

    async def _taken(self, connection: Connection, kept: int, gone: list[int]) -> Undo:
        vectors: dict[str, list[Any]] = {}
        for space in await self._spaces(connection):
            for kind, query in (("paper", "rows_of_vectors"), ("passage", "rows_of_passage_vectors")):
                rows = await self._rows(connection, query, Queries(space), ids=gone)
                vectors[f"{kind}_vectors_{space.id}"] = [row[0] for row in rows]
        return {
            "kept": (await self._rows(connection, "rows_of_papers", ids=[kept]))[0][0],
            "papers": [row[0] for row in await self._rows(connection, "rows_of_papers", ids=gone)],
            "members": [list(row) for row in await self._rows(connection, "rows_of_members", ids=gone)],
            "passages": [row[0] for row in await self._rows(connection, "rows_of_passages", ids=gone)],
            "vectors": vectors,
        }

    async def _move_texts(self, connection: Connection, *, source: int, target: int) -> None:
        await self._run(connection, "move_passages", source=source, target=target)
        for space in await self._spaces(connection):
            await connection.execute(Queries(space).get("move_passage_vectors"), {"source": source, "target": target})

    async def _put_back(self, connection: Connection, shape: TableShape, rows: Sequence[Undo]) -> None:
        pieces = shape.pieces()
        query = self._queries.get("put_row_back", table=pieces["table"], columns=pieces["columns"])
        for row in rows:
            await connection.execute(query, {"row": Jsonb(row)})

    async def _spaces(self, connection: Connection) -> list[Space]:
        return [Space(*row[:4]) for row in await self._rows(connection, "every_space")]

    async def _rows(
        self, connection: Connection, query: str, queries: Queries | None = None, **parameters: Any
    ) -> list[tuple[Any, ...]]:
        return await (await connection.execute((queries or self._queries).get(query), parameters)).fetchall()

    async def _run(self, connection: Connection, query: str, **parameters: Any) -> None:
        await connection.execute(self._queries.get(query), parameters)
