"""Files of Open WebUI that no upload brought, or whose text was edited there, stored as uploads."""

import asyncio
from dataclasses import replace
from pathlib import PurePath

from rag.errors import DocumentError
from rag.ingest.documents import Budget, Document, read_document
from rag.ingest.uploading import unread_upload, upload_of
from rag.store import KnowledgeBases, Upload, Uploads
from rag.text import normalised_title, one_line, tokens
from rag.webui.knowledge import KnowledgeFile

MOST_UNREAD = 20
"""So many files at most wait for a job to read them; others stay in Open WebUI alone until it has."""
_OF_TITLE = 0.6
AGAIN = 5.0
"""Seconds until it is looked whether it has."""


class FileReader:
    """Stores files of Open WebUI as uploads of their owners."""

    def __init__(self, knowledge: KnowledgeBases, uploads: Uploads) -> None:
        self._knowledge = knowledge
        self._uploads = uploads

    async def read_file(self, file: KnowledgeFile, content: bytes) -> None:
        """Take in a file that is not there yet: it was in Open WebUI before Paper Finder. A job reads it."""
        while (await self._uploads.states()).get("reading", 0) >= MOST_UNREAD:  # noqa: ASYNC110 - jobs of other processes
            await asyncio.sleep(AGAIN)
        await self._uploads.write(await _unread(file, content))

    async def read_text(self, file: KnowledgeFile, text: str) -> None:
        """Put an edited text in the place of what was read; title, authors and the like stay as long as the text has most words
        of the title, its pages are not known any more.

        One that takes long counts as far as it was read, until all of it is, after other long documents.

        Raises:
            DocumentError: it cannot be read.
            BusyError: others are read, and its turn does not come.
        """
        content = text.encode()
        for budget in (Budget(), None):
            document = await read_document(content, filename=_as_text(file), budget=budget)
            await self._write(file, text, content, document)
            if document.pages_read >= document.page_count:
                break

    async def _write(self, file: KnowledgeFile, text: str, content: bytes, document: Document) -> None:
        upload = await asyncio.to_thread(
            upload_of, document, file_id=file.id, owner=file.owner, name=_name(file), content=content
        )
        known = await self._knowledge.metadata(file.id)
        if not await asyncio.to_thread(_has_words, text, known.get("title", "")):
            known = {}  # another text altogether
        # An abstract that was taken out of the text goes; what is still there may stand in other lines.
        elif normalised_title(known.get("abstract", "")) not in normalised_title(text):
            known.pop("abstract")
        # No job is to read a rest: it would be of another kind than the file is called.
        await self._uploads.write(replace(upload, rest=None, record=upload.record.model_copy(update=known)))

    async def refuse(self, file: KnowledgeFile, error: DocumentError) -> None:
        """Let nothing be found of what an edited text that cannot be read has replaced, but its title; its owner is told why."""
        upload = await _unread(file, b"")
        known = await self._knowledge.metadata(file.id) | {"abstract": ""}
        await self._uploads.write(replace(upload, rest=None, record=upload.record.model_copy(update=known)))
        await self._uploads.fail(file.id, str(error), error.code)


async def _unread(file: KnowledgeFile, content: bytes) -> Upload:
    return await asyncio.to_thread(unread_upload, file_id=file.id, owner=file.owner, name=_name(file), content=content)


def _as_text(file: KnowledgeFile) -> str:
    """A name by which an edited text is read as what it is."""
    return "text.md" if PurePath(file.name).suffix.lower() in {".md", ".markdown"} else "text.txt"


def _has_words(text: str, title: str) -> bool:
    """Whether most words of a title stand in a text, wherever: of a printed title other words may stand in between."""
    words = set(tokens(title))
    return len(words & set(tokens(text))) >= _OF_TITLE * len(words)


def _name(file: KnowledgeFile) -> str:
    return one_line(file.name) or "upload"
