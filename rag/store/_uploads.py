"""Uploads: files that people put into Open WebUI, each a paper of its own with an owner."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from rag.access import Unreadable, UnreadPages
from rag.papers import PaperRecord, PassageText, paper_id
from rag.store._connection import Connection
from rag.store._database import Database
from rag.store._jobs import Job, add_job, drop_job, hold_job
from rag.store._passages import Passages, PassageWriter
from rag.store._stems import StemWriter
from rag.store._writing import paper_columns, text_hash
from rag.text import letters_hash

UPLOAD_STATES = ("reading", "embedding", "ready", "failed")
_ID_OF = "upload"
"""Stands where a shared paper's public id has the name of its first collection."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as far as it was read. ``record.source_id`` is ``file_id``; the passages are in the record."""

    file_id: str
    """Open WebUI's, as is the owner."""
    owner: str
    name: str
    content_hash: bytes
    """SHA-256 of the file's bytes."""
    record: PaperRecord
    pages: tuple[str, ...]
    """The clean text of each page that was read."""
    page_count: int
    pages_read: int
    rest: bytes | None = None
    """The file itself when pages of it are still to be read."""
    unread: tuple[UnreadPages, ...] = ()
    """What cannot be read of it."""

    @property
    def texts(self) -> list[tuple[int, str]]:
        """The text of each page that has any, with its number from 0; when there is none, or none was read yet, the title and the
        file's id, for Open WebUI refuses a second file with the same text.
        """
        read = [(page, text) for page, text in enumerate(self.pages) if text.strip()]
        return read or [(0, f"{self.record.title} ({self.file_id})")]

    @property
    def state(self) -> str:
        """What is to be done first."""
        return "embedding" if self.rest is None else "reading"


@dataclass(frozen=True, slots=True)
class Unread:
    """A file with pages still to be read."""

    owner: str
    name: str
    content: bytes


class Uploads:
    """The uploads of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries
        self._stems = StemWriter(database.queries)
        self._passages = PassageWriter(database.queries)

    async def write(self, upload: Upload) -> None:
        """Store an upload, in the place of an earlier reading of the same file, with the jobs it needs: all or nothing.

        It can be found by its words at once; a job adds the vectors, another one the pages still to be read.
        """
        await self._write(upload, None)

    async def receive(self, upload: Upload) -> None:
        """``write`` for a file that Open WebUI hands over, whose answer is ``upload.texts``: an edit of them is noticed later."""
        given = await asyncio.to_thread(lambda: letters_hash(" ".join(text for _, text in upload.texts)))
        await self._write(upload, None, given)

    async def finish_reading(self, job: Job, upload: Upload) -> bool:
        """``write``, and the end of ``job``, which read the rest; False, and nothing written, when the job is gone."""
        return await self._write(upload, job)

    async def _write(self, upload: Upload, job: Job | None, given_hash: bytes = b"") -> bool:
        try:
            async with self._database.connection() as connection:
                await connection.execute(self._queries.get("lock_for_writing"))
                if job is not None and not await hold_job(connection, self._queries, job):
                    return False
                await self._put(connection, upload)
                if given_hash:
                    given = {"file_id": upload.file_id, "given_hash": given_hash}
                    await connection.execute(self._queries.get("keep_given_text"), given)
        except BaseException:
            self._stems.forget()
            raise
        return True

    async def _put(self, connection: Connection, upload: Upload) -> None:
        kept = {
            **{
                name: getattr(upload, name)
                for name in ("file_id", "owner", "name", "content_hash", "page_count", "pages_read", "state")
            },
            "pages": list(upload.pages),
            "content": upload.rest,
            "unread": Jsonb([{"why": each.why, "pages": each.pages} for each in upload.unread]),
        }
        owner = (await self._one(connection, "keep_upload", **kept))[0]
        key = await self._put_paper(connection, upload, owner)
        texts = {key: (upload.record.title, upload.record.abstract, upload.record.keywords)}
        await connection.execute(self._queries.get("delete_paper_stems"), {"keys": [key]})
        await self._stems.write(connection, texts, counted=False)
        await self._passages.replace(connection, Passages(key, upload.record.passages, None, upload.record.outline))
        await add_job(connection, self._queries, "embed", upload.file_id)
        if upload.rest is None:
            await drop_job(connection, self._queries, "read", upload.file_id)
        else:
            await add_job(connection, self._queries, "read", upload.file_id)

    async def _put_paper(self, connection: Connection, upload: Upload, owner: str) -> int:
        """The paper's key, its row written or brought up to date; the vector of other words goes."""
        record = upload.record
        columns = paper_columns(record)
        found = await (await connection.execute(self._queries.get("paper_of_upload"), {"file_id": upload.file_id})).fetchone()
        key: int = found[0] if found else (await self._one(connection, "new_paper_keys", n=1))[0]
        collection = (await self._one(connection, "ensure_file_collection", name=upload.name, file_id=upload.file_id))[0]
        member = {"collection_id": collection, "source_id": upload.file_id, "paper_id": key}
        # First the membership: a paper's row takes its collections from it.
        await connection.execute(self._queries.get("ensure_membership"), {**member, "record_hash": record.content_hash()})
        if found is None:
            ids = {"id": key, "public_id": paper_id(_ID_OF, upload.file_id), "file_id": upload.file_id, "owner": owner}
            await connection.execute(self._queries.get("add_upload_paper"), {**ids, **columns})
        else:
            await connection.execute(self._queries.get("update_upload_paper"), {"id": key, **columns})
            other = {"id": key, "text_hash": text_hash(record.title, record.abstract)}
            await connection.execute(self._queries.get("drop_other_paper_vector"), other)
        return key

    async def twin(self, file_id: str, owner: str, name: str, content_hash: bytes) -> Upload | None:
        """What an earlier upload of the same bytes by the same person was read as; None without one, or when pages are left."""
        async with self._database.connection() as connection:
            cursor = await connection.cursor(row_factory=dict_row).execute(
                self._queries.get("twin_upload"), {"owner": owner, "content_hash": content_hash}
            )
            row = await cursor.fetchone()
            if row is None:
                return None
            earlier = await connection.execute(self._queries.get("passages_of_upload"), {"file_id": row.pop("file_id")})
            passages = [PassageText(text=text, page=page, section=section) for text, page, section in await earlier.fetchall()]
        pages, page_count, unread = tuple(row.pop("pages")), row.pop("page_count"), unread_of(row.pop("unread"))
        record = PaperRecord(source_id=file_id, passages=passages, **row)
        return Upload(file_id, owner, name, content_hash, record, pages, page_count, page_count, unread=unread)

    async def unread(self, file_id: str) -> Unread | None:
        """The file when pages of it are still to be read."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("upload_content"), {"file_id": file_id})
            row = await cursor.fetchone()
        return Unread(row[0], row[1], bytes(row[2])) if row else None

    async def fail(self, file_id: str, reason: str, code: str) -> None:
        """Mark an upload as one that cannot be read; its owner is told the reason, or what says its error's ``code``."""
        async with self._database.connection() as connection:
            await connection.execute(self._queries.get("fail_upload"), {"file_id": file_id, "reason": reason, "code": code})

    async def delete(self, file_ids: Sequence[str]) -> None:
        """Delete uploads with all that belongs to them; those that are not there are passed over."""
        async with self._database.connection() as connection:
            await connection.execute(self._queries.get("lock_for_writing"))
            await connection.execute(self._queries.get("delete_uploads"), {"file_ids": list(file_ids)})

    async def states(self) -> dict[str, int]:
        """How many uploads are in which of ``UPLOAD_STATES``; those that none is in are left out."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("upload_states"))
            return dict(await cursor.fetchall())

    async def _one(self, connection: Connection, query: str, **parameters: Any) -> tuple[Any, ...]:
        cursor = await connection.execute(self._queries.get(query), parameters)
        row = await cursor.fetchone()
        assert row is not None
        return row


def unread_of(column: Iterable[Mapping[str, Any]]) -> tuple[UnreadPages, ...]:
    """What cannot be read, from the column ``unread``."""
    return tuple(UnreadPages(Unreadable(each["why"]), tuple(each["pages"])) for each in column)
