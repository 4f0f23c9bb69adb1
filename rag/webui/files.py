"""Files of Open WebUI that no upload brought, or whose text was edited there, read and stored as uploads."""

import asyncio
from dataclasses import replace

from rag.ingest.documents import Document, read_document
from rag.ingest.uploading import upload_of
from rag.store import KnowledgeBases, Upload, Uploads
from rag.text import normalised_title
from rag.webui.knowledge import KnowledgeFile


class FileReader:
    """Stores files of Open WebUI as uploads of their owners."""

    def __init__(self, knowledge: KnowledgeBases, uploads: Uploads) -> None:
        self._knowledge = knowledge
        self._uploads = uploads

    async def read_file(self, file: KnowledgeFile, content: bytes) -> None:
        """Read a file that is not there yet: it was in Open WebUI before Paper Finder.

        Raises:
            DocumentError: it cannot be read.
        """
        document = await read_document(content, filename=file.name)
        await self._uploads.write(await _upload(document, file, content))

    async def read_text(self, file: KnowledgeFile, text: str) -> None:
        """Put an edited text in the place of what was read; title, authors and the like stay, its pages are not known any more.

        Raises:
            DocumentError: it cannot be read.
        """
        content = text.encode()
        document = await read_document(content, filename="text.txt", content_type="text/plain")
        upload = await _upload(document, file, content)
        known = await self._knowledge.metadata(file.id)
        # An abstract that was taken out of the text goes; what is still there may stand in other lines.
        if normalised_title(known.get("abstract", "")) not in normalised_title(text):
            known.pop("abstract")
        await self._uploads.write(replace(upload, record=upload.record.model_copy(update=known)))


async def _upload(document: Document, file: KnowledgeFile, content: bytes) -> Upload:
    return await asyncio.to_thread(upload_of, document, file_id=file.id, owner=file.owner, name=file.name, content=content)
