"""The readings that the mirror starts: they go on beside its looks, a few at once, so that a slow one holds nothing else up."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from rag.errors import (
    BusyError,
    DatabaseUnavailableError,
    DocumentError,
    NotFoundError,
    NotReadyError,
    WebUIRefusedError,
    WebUIUnavailableError,
)
from rag.store import KnowledgeBases
from rag.text import letters_hash
from rag.webui.client import WebUI
from rag.webui.knowledge import KnowledgeFile

log = logging.getLogger(__name__)

PASSING = (BusyError, NotReadyError, DatabaseUnavailableError, WebUIUnavailableError, WebUIRefusedError)
"""What mends itself: the file is tried again at the next look."""
PLAIN = {".txt", ".text", ".md", ".markdown", ".tex"}
"""Files whose text Open WebUI keeps as it stands in them. Of a PDF it keeps what its own reader made of it, which is seldom quite
ours: by that no edit can be told."""
STUMBLED_FOR = 60.0
"""Seconds in which a file that could not be read is not tried again."""


class Reader(Protocol):
    """Stores a file of Open WebUI as an upload."""

    async def read_file(self, file: KnowledgeFile, content: bytes) -> None:
        """Take in a file that is not there yet."""
        ...

    async def read_text(self, file: KnowledgeFile, text: str) -> None:
        """Put an edited text in the place of what was read before."""
        ...

    async def refuse(self, file: KnowledgeFile, error: DocumentError) -> None:
        """Put in its place that the edited text cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is to be read, and the knowledge bases in which it lies."""

    file: KnowledgeFile
    bases: frozenset[str] = frozenset()


class Readings:
    """The files that are read or wait for it, each once."""

    def __init__(
        self,
        knowledge: KnowledgeBases,
        reader: Reader,
        came_in: Callable[[frozenset[str]], None],
        missed: Callable[[str], None],
        clock: Callable[[], float],
        at_once: int,
    ) -> None:
        """``came_in`` is told the knowledge bases of a file that was not there before, which is now to be put into them;
        ``missed``, a file that Open WebUI did not have any more once it was read.
        """
        self._knowledge = knowledge
        self._reader = reader
        self._came_in = came_in
        self._missed = missed
        self._clock = clock
        self._at_once = at_once
        self._waiting: dict[str, Wanted] = {}
        self._again: dict[str, Wanted] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._since: dict[str, float] = {}
        self._stumbled: dict[str, tuple[str, float]] = {}

    @property
    def left(self) -> int:
        """How many files are still to be read."""
        return len(self._since)

    @property
    def behind(self) -> float:
        """For how many seconds the first of them has waited."""
        return self._clock() - min(self._since.values(), default=self._clock())

    def begin(self, admin: WebUI, wanted: Iterable[Wanted]) -> None:
        """Read these files, but for those that are being read, and those that could not be read a moment ago."""
        now = self._clock()
        self._stumbled = {key: stumbled for key, stumbled in self._stumbled.items() if now - stumbled[1] < STUMBLED_FOR}
        again, self._again = self._again, {}
        for one in [*again.values(), *wanted]:
            key = one.file.id
            if key not in self._running and self._stumbled.get(key, ("",))[0] != one.file.text_hash:
                self._waiting[key] = one
                self._since.setdefault(key, now)
        self._fill(admin)

    async def close(self) -> None:
        """Give up what is not read yet."""
        self._waiting.clear()
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _fill(self, admin: WebUI) -> None:
        while self._waiting and len(self._running) < self._at_once:
            key = next(iter(self._waiting))
            self._running[key] = asyncio.create_task(self._run(admin, self._waiting.pop(key)))

    async def _run(self, admin: WebUI, wanted: Wanted) -> None:
        file = wanted.file
        try:
            await self._read(admin, wanted)
        except NotFoundError as error:  # deleted a moment ago, or never kept, or Open WebUI's database failed it
            log.info("%s cannot be had: %s", file.id, error)
            self._stumbled[file.id] = file.text_hash, self._clock()
        except PASSING as error:
            log.warning("%s is read at the next look: %s", file.id, error)
            self._again[file.id] = wanted
        except Exception:
            # A fault of ours is to cost this file alone, and seldom.
            log.exception("Reading %s stumbled.", file.id)
            self._stumbled[file.id] = file.text_hash, self._clock()
        finally:
            del self._running[file.id]
            if file.id not in self._again:
                del self._since[file.id]
        self._fill(admin)

    async def _read(self, admin: WebUI, wanted: Wanted) -> None:
        file = wanted.file
        read = (await self._knowledge.texts_read([file.id])).get(file.id)
        if read is None:
            await self._take_in(admin, file)
        elif read != file.text_hash:
            text = await admin.file_text(file.id)
            if read or not await self._is_as_given(file.id, text):
                await self._replace(file, text)
        await self._knowledge.keep_text_hashes({file.id: file.text_hash})
        # It may have been deleted after the last look and before it was written.
        if not await admin.may_read_file(file.id):
            self._missed(file.id)
        if read is None:
            self._came_in(wanted.bases)

    async def _take_in(self, admin: WebUI, file: KnowledgeFile) -> None:
        """Read a file that is not there yet, or its text when that was edited before."""
        content = await admin.file_content(file.id)
        if PurePath(file.name).suffix.lower() in PLAIN:
            text = await admin.file_text(file.id)
            if await asyncio.to_thread(lambda: letters_hash(text) != letters_hash(content.decode(errors="replace"))):
                await self._replace(file, text)
                return
        await self._reader.read_file(file, content)

    async def _is_as_given(self, file_id: str, text: str) -> bool:
        """Whether a text that is looked at for the first time is the one that ``/process`` gave."""
        given = await self._knowledge.texts_given([file_id])
        return file_id not in given or await asyncio.to_thread(letters_hash, text) == given[file_id]

    async def _replace(self, file: KnowledgeFile, text: str) -> None:
        try:
            await self._reader.read_text(file, text)
        except DocumentError as error:
            log.warning("The edited text of %s cannot be read: %s", file.id, error)
            await self._reader.refuse(file, error)
