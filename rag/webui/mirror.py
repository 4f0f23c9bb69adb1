"""Our collections kept like Open WebUI's knowledge bases: what is added, removed, deleted, moved, renamed or edited there.

Open WebUI tells nobody of most of it, so it is looked at: the list of knowledge bases every two seconds, the files of one
at once when their number changed and else every few seconds. Access is no matter of the mirror: it is asked at each question.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from rag.errors import DatabaseUnavailableError, NotFoundError, PaperFinderError, WebUIRefusedError, WebUIUnavailableError
from rag.store import KnowledgeBases, Uploads
from rag.text import letters_hash
from rag.webui.client import WebUI
from rag.webui.knowledge import KnowledgeBase, KnowledgeFile

log = logging.getLogger(__name__)

PAUSE, SHORT_PAUSE = 2.0, 0.5
"""Seconds between two looks; the short ones while an upload is fresh."""
FRESH = 30.0
"""Seconds after an upload in which it is likely to be put into a knowledge base."""
LISTED_AGAIN = 6.0
"""Seconds after which a knowledge base's files are listed though their number is the same: a text may have been edited."""
AT_ONCE = 4
MOST_LISTED = 60
"""Knowledge bases whose files are listed in one look; more wait for the next."""
MOST_READ = 4
"""Files that are read anew in one look."""
MOST_COMPARED = 20
"""Uploads whose text is looked at for the first time in one look."""
STRAYS = 20
"""Uploads outside of every knowledge base that are looked for in one round, every ``STRAYS_AGAIN`` seconds."""
STRAYS_AGAIN = 60.0
STRAY_AGE = 60.0
REFUSED_PAUSE = 60.0
"""Open WebUI locks out who tries to sign in too often."""


class Reader(Protocol):
    """Stores a file of Open WebUI as an upload."""

    async def read_file(self, file: KnowledgeFile, content: bytes) -> None:
        """Read a file that is not there yet."""
        ...

    async def read_text(self, file: KnowledgeFile, text: str) -> None:
        """Put an edited text in the place of what was read before."""
        ...


@dataclass(slots=True)
class _Seen:
    """A knowledge base when its files were last listed."""

    file_count: int
    at: float


class Mirror:
    """Keeps the collections of one database like the knowledge bases of one Open WebUI."""

    def __init__(
        self,
        sign_in: Callable[[], Awaitable[WebUI]],
        knowledge: KnowledgeBases,
        uploads: Uploads,
        reader: Reader,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``sign_in`` gives Open WebUI as an administrator sees it."""
        self._sign_in = sign_in
        self._knowledge = knowledge
        self._uploads = uploads
        self._reader = reader
        self._clock = clock
        self._admin: WebUI | None = None
        self._seen: dict[str, _Seen] = {}
        self._was_empty = False
        self._doubted: set[str] = set()
        self._fresh_until = 0.0
        self._strays_at = 0.0
        self._stray = ""
        self._failed: dict[str, str] = {}
        self._news = asyncio.Event()
        self.trouble = "not looked at yet"
        """Why the last look failed; '' when it did not."""

    def hurry(self) -> None:
        """A file came in: look at once, and more often for a while."""
        self._fresh_until = self._clock() + FRESH
        self._news.set()

    async def run(self) -> None:
        """Look again and again until cancelled, whatever goes away meanwhile."""
        while True:
            pause = await self._try()
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), pause)
            except TimeoutError:
                continue
            await asyncio.sleep(SHORT_PAUSE)  # what came in has first to be put where it belongs

    async def _try(self) -> float:
        """One look; the seconds to wait before the next."""
        try:
            await self.look()
        except (WebUIUnavailableError, WebUIRefusedError, NotFoundError, DatabaseUnavailableError) as error:
            self._told(error)
            if isinstance(error, WebUIRefusedError):
                had_admin, self._admin = self._admin is not None, None
                return PAUSE if had_admin else REFUSED_PAUSE
        except Exception:
            # A fault of ours is to stop no later change from taking effect.
            log.exception("Looking at Open WebUI's knowledge bases stumbled.")
            self.trouble = "an error in Paper Finder; its log says which"
        else:
            if self.trouble:
                log.info("The knowledge bases are in step with Open WebUI.")
            self.trouble = ""
        return SHORT_PAUSE if self._clock() < self._fresh_until else PAUSE

    def _told(self, error: PaperFinderError) -> None:
        if error.message != self.trouble:
            log.warning("Open WebUI's knowledge bases cannot be looked at: %s", error)
        self.trouble = error.message

    async def look(self) -> None:
        """Bring what we hold in step with what Open WebUI has now.

        Raises:
            WebUIUnavailableError, WebUIRefusedError, DatabaseUnavailableError: it cannot be looked at.
        """
        if self._admin is None:
            self._admin = await self._sign_in()
        admin = self._admin
        bases = [base for base in await admin.knowledge_bases() if not base.external]
        known = await self._knowledge.names()
        # Open WebUI answers with an empty list too when its database fails it: then nothing is dropped before it says so twice.
        if not bases and known and not self._was_empty:
            self._was_empty = True
            return
        self._was_empty = not bases
        await self._knowledge.keep({base.id: base.name for base in bases if known.get(base.id) != base.name})
        there = {base.id for base in bases}
        gone = await self._knowledge.drop(known.keys() - there)
        self._seen = {key: seen for key, seen in self._seen.items() if key in there}
        gone |= await self._list_files(admin, bases)
        await self._delete(admin, gone | await self._strays())

    async def _list_files(self, admin: WebUI, bases: list[KnowledgeBase]) -> set[str]:
        """Look into the knowledge bases whose turn it is; files that were in one of them and are not any more."""
        slots = asyncio.Semaphore(AT_ONCE)

        async def listed(base: KnowledgeBase) -> list[KnowledgeFile]:
            async with slots:
                return await admin.files_of(base.id)

        due = self._due(bases)
        lists = await asyncio.gather(*map(listed, due), return_exceptions=True)
        gone: set[str] = set()
        files: dict[str, KnowledgeFile] = {}
        failures: list[BaseException] = []
        for base, found in zip(due, lists, strict=True):
            if isinstance(found, BaseException):
                failures.append(found)
                continue
            if self._is_doubtful(base, found):
                continue
            gone |= await self._knowledge.set_files(base.id, [file.id for file in found])
            files |= {file.id: file for file in found}
            self._seen[base.id] = _Seen(base.file_count, self._clock())
        if failures:  # the others are in step; what was deleted meanwhile is not listed the next time
            raise failures[0]
        if await self._read(admin, files):
            for base in due:
                self._seen.pop(base.id, None)
        return gone - files.keys()

    def _is_doubtful(self, base: KnowledgeBase, found: list[KnowledgeFile]) -> bool:
        """Whether the list is empty though there are files, for the first time: so it answers when its database fails."""
        doubtful = not found and base.file_count > 0 and base.id not in self._doubted
        (self._doubted.add if doubtful else self._doubted.discard)(base.id)
        return doubtful

    def _due(self, bases: list[KnowledgeBase]) -> list[KnowledgeBase]:
        now = self._clock()

        def since(base: KnowledgeBase) -> float:
            seen = self._seen.get(base.id)
            return float("inf") if seen is None or seen.file_count != base.file_count else now - seen.at

        waiting = [base for base in bases if since(base) >= LISTED_AGAIN and (base.file_count or since(base) == float("inf"))]
        return sorted(waiting, key=since, reverse=True)[:MOST_LISTED]

    async def _read(self, admin: WebUI, files: dict[str, KnowledgeFile]) -> bool:
        """Read files that are not there yet or were edited; whether any came in that has to be put into its knowledge base."""
        read = await self._knowledge.texts_read(files)
        tried = self._failed
        others = [file for file in files.values() if file.text_hash not in {"", read.get(file.id), tried.get(file.id)}]
        unseen = [file for file in others if read.get(file.id) == ""]
        wanted = await self._edited(admin, unseen[:MOST_COMPARED])
        wanted += [file for file in others if read.get(file.id) != ""]
        for file in wanted[:MOST_READ]:
            await self._read_one(admin, file, edited=file.id in read)
        too_many = len(wanted) > MOST_READ or len(unseen) > MOST_COMPARED
        return too_many or any(file.id not in read for file in wanted)

    async def _edited(self, admin: WebUI, files: list[KnowledgeFile]) -> list[KnowledgeFile]:
        """Those whose text is another than ``/process`` gave to Open WebUI; of the others, this is how their texts are."""
        given = await self._knowledge.texts_given([file.id for file in files])
        edited: list[KnowledgeFile] = []
        for file in files:
            try:
                same = file.id not in given or await self._letters(admin, file.id) == given[file.id]
            except NotFoundError:  # deleted a moment ago
                continue
            if same:
                await self._knowledge.keep_text_hashes({file.id: file.text_hash})
            else:
                edited.append(file)
        return edited

    async def _letters(self, admin: WebUI, file_id: str) -> bytes:
        text = await admin.file_text(file_id)
        return await asyncio.to_thread(letters_hash, text)

    async def _read_one(self, admin: WebUI, file: KnowledgeFile, *, edited: bool) -> None:
        try:
            if edited:
                await self._reader.read_text(file, await admin.file_text(file.id))
            else:
                await self._reader.read_file(file, await admin.file_content(file.id))
        except (WebUIUnavailableError, WebUIRefusedError, DatabaseUnavailableError):
            raise
        except PaperFinderError as error:
            log.warning("%s in a knowledge base cannot be read: %s", file.id, error)
            self._failed[file.id] = file.text_hash
            return
        await self._knowledge.keep_text_hashes({file.id: file.text_hash})

    async def _strays(self) -> set[str]:
        """Uploads outside of every knowledge base whose turn it is to be looked for."""
        if self._clock() < self._strays_at:
            return set()
        self._strays_at = self._clock() + STRAYS_AGAIN
        strays = await self._knowledge.outside(self._stray, STRAYS, STRAY_AGE)
        self._stray = strays[-1] if len(strays) == STRAYS else ""
        return set(strays)

    async def _delete(self, admin: WebUI, files: set[str]) -> None:
        """Delete uploads whose files Open WebUI does not have any more."""
        gone = [file for file in sorted(files) if not await admin.may_read_file(file)]
        if gone:
            await self._uploads.delete(gone)
