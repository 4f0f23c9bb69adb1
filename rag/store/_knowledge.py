"""Knowledge bases as we hold them: which there are, and which uploads lie in each."""

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg.rows import dict_row

from rag.store._database import Database


class KnowledgeBases:
    """The knowledge bases of one database, by the ids that Open WebUI gives to them and to files."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries

    async def names(self) -> dict[str, str]:
        """The name of each knowledge base by its id."""
        return {row[0]: row[1] for row in await self._rows("knowledge_bases")}

    async def keep(self, names: Mapping[str, str]) -> None:
        """Add knowledge bases, or give them other names."""
        if names:
            await self._write("keep_knowledge_bases", ids=list(names), names=list(names.values()))

    async def drop(self, ids: Iterable[str]) -> set[str]:
        """Forget knowledge bases; the files that lay in them, which stay."""
        gone = sorted(ids)
        files = {row[0] for key in gone for row in await self._rows("files_in_knowledge", knowledge=key)}
        if gone:
            await self._write("drop_knowledge_bases", ids=gone)
        return files

    async def set_files(self, knowledge_id: str, files: Iterable[str]) -> set[str]:
        """Let just these files lie in a knowledge base, as far as they are uploads of ours; those that are not in it any more."""
        wanted = set(files)
        present = {row[0] for row in await self._rows("files_in_knowledge", knowledge=knowledge_id)}
        if missing := wanted - present:
            await self._write("put_into_knowledge", knowledge=knowledge_id, files=sorted(missing))
        gone = present - wanted
        if gone:
            await self._write("take_out_of_knowledge", knowledge=knowledge_id, files=sorted(gone))
        return gone

    async def texts_read(self, files: Iterable[str]) -> dict[str, str]:
        """Of those files that are uploads of ours: the hash of the text that was last read, '' when it was not seen."""
        return {row[0]: row[1] for row in await self._rows("texts_read", files=sorted(files))}

    async def texts_given(self, files: Iterable[str]) -> dict[str, bytes]:
        """``letters_hash`` of the text with which ``/process`` answered each of these uploads, as far as it is known."""
        return {row[0]: bytes(row[1]) for row in await self._rows("texts_given", files=sorted(files))}

    async def keep_text_hashes(self, hashes: Mapping[str, str]) -> None:
        """Remember that uploads are what the texts of these hashes say."""
        if hashes:
            await self._write("keep_text_hashes", files=list(hashes), hashes=list(hashes.values()))

    async def metadata(self, file_id: str) -> dict[str, Any]:
        """What is known of an upload's paper, as fields of a PaperRecord; nothing when there is no such upload."""
        async with self._database.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(self._queries.get("metadata_of_upload"), {"file_id": file_id})
            return await cursor.fetchone() or {}

    async def outside(self, after: str, n: int, age: float) -> list[str]:
        """Up to ``n`` files, after ``after`` in order, that lie in no knowledge base and came ``age`` seconds ago or earlier."""
        return [row[0] for row in await self._rows("uploads_outside", after=after, n=n, age=age)]

    async def _rows(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get(query), parameters)
            return await cursor.fetchall()

    async def _write(self, query: str, **parameters: Any) -> None:
        async with self._database.connection() as connection:
            # In turn with whoever writes papers: both touch their rows and those of their passages.
            await connection.execute(self._queries.get("lock_for_writing"))
            await connection.execute(self._queries.get(query), parameters)
