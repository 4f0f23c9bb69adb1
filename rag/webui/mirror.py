"""Our collections kept like Open WebUI's knowledge bases: what is added, removed, deleted, moved, renamed or edited there.

Open WebUI tells nobody of most of it, so it is looked at: every two seconds the list of knowledge bases, every four those files
that were changed last, wherever they lie, and the files of each knowledge base of which these two tell that it changed. What has
to be read is read beside the looks. Access is no matter of the mirror: it is asked at each question.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import chain

from rag.errors import DatabaseUnavailableError, NotFoundError, PaperFinderError, WebUIRefusedError, WebUIUnavailableError
from rag.store import KnowledgeBases, Uploads
from rag.webui.client import WebUI
from rag.webui.knowledge import KnowledgeBase, KnowledgeFile
from rag.webui.readings import Reader, Readings, Wanted

log = logging.getLogger(__name__)

PAUSE, SHORT_PAUSE = 2.0, 0.5
"""Seconds between two looks; the short ones while an upload is fresh, or when one look was not enough."""
FRESH = 30.0
"""Seconds after an upload in which it is likely to be put into a knowledge base."""
LISTED_AGAIN = 60.0
"""Seconds after which a knowledge base's files are listed though nothing tells of a change."""
AT_ONCE = 4
MOST_LISTED = 60
"""Knowledge bases whose files are listed in one look; more wait for the next."""
CHANGES_AGAIN = 4.0
"""Seconds after which the files that were changed last are listed again: Open WebUI loads their whole texts for it."""
OVERLAP = 5
"""Seconds before the last change that was seen in which another may have been made, and be told only now."""
STRAYS = 20
"""Uploads outside of every knowledge base that are looked for in one round, every ``STRAYS_AGAIN`` seconds."""
STRAYS_AGAIN = 60.0
STRAY_AGE = 60.0
REFUSED_PAUSE = 60.0
"""Open WebUI locks out who tries to sign in too often."""


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
        self._missing: set[str] = set()
        # Apart from each other, for files that were there before us may be many and slow.
        self._edited = Readings(knowledge, reader, self._put_in, self._missing.add, clock, at_once=AT_ONCE)
        self._new = Readings(knowledge, reader, self._put_in, self._missing.add, clock, at_once=1)
        self._clock = clock
        self._admin: WebUI | None = None
        self._seen: dict[str, _Seen] = {}
        self._was_empty = False
        self._doubted: set[str] = set()
        self._fresh_until = 0.0
        self._changes_at = 0.0
        self._changed_until = float("inf")
        self._page = 2
        self._strays_at = 0.0
        self._stray = ""
        self._hurried = False
        self._failure: BaseException | None = None
        self._news = asyncio.Event()
        self.trouble = "not looked at yet"
        """Why the last look failed; '' when it did not."""

    @property
    def left(self) -> int:
        """How many files of Open WebUI are still to be read because they were changed, or were there before us."""
        return self._edited.left + self._new.left

    @property
    def behind(self) -> float:
        """For how many seconds the first of them has waited."""
        return max(self._edited.behind, self._new.behind)

    async def close(self) -> None:
        """Give up what is not read yet."""
        await self._edited.close()
        await self._new.close()

    def hurry(self) -> None:
        """A file came in: look at once, and more often for a while."""
        self._fresh_until = self._clock() + FRESH
        self._news.set()

    async def run(self) -> None:
        """Look again and again until cancelled, whatever goes away meanwhile."""
        try:
            while True:
                pause = await self._try()
                self._news.clear()
                try:
                    await asyncio.wait_for(self._news.wait(), pause)
                except TimeoutError:
                    continue
                await asyncio.sleep(SHORT_PAUSE)  # what came in has first to be put where it belongs
        finally:
            await self.close()

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
        return SHORT_PAUSE if self._hurried or self._clock() < self._fresh_until else PAUSE

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
        changed = [] if self._clock() < self._changes_at else await self._changed(admin)
        listed = await self._listed(admin, bases)
        held: dict[str, set[str]] = {}
        for base, files in listed.items():
            gone |= await self._knowledge.set_files(base.id, [file.id for file in files])
            self._seen[base.id] = _Seen(base.file_count, self._clock())
            for file in files:
                held.setdefault(file.id, set()).add(base.id)
        await self._delete(admin, (gone - held.keys()) | await self._strays())
        await self._read(admin, [*changed, *chain(*listed.values())], held)
        if changed:
            self._changes_at = self._clock() + CHANGES_AGAIN
            self._changed_until = max(file.changed_at for file in changed)
        if self._failure is not None:  # the others are in step
            raise self._failure

    async def _changed(self, admin: WebUI) -> list[KnowledgeFile]:
        """Files that were changed since the last time; and each time a page of all others, until each was seen once.

        The knowledge bases that files were put into last are listed in this look: one may have taken the place of another.
        """
        since = self._changed_until - OVERLAP
        pages = [await admin.newest_files(1)]
        while pages[-1] and pages[-1][-1].changed_at >= since:
            pages.append(await admin.newest_files(len(pages) + 1))
        if self._page:
            pages.append(await admin.newest_files(self._page))
            self._page = self._page + 1 if pages[-1] else 0
        found = [file for page in pages for file in page]
        for file in found:
            if file.changed_at >= since:
                self._seen.pop(file.collection, None)
        return found

    async def _listed(self, admin: WebUI, bases: list[KnowledgeBase]) -> dict[KnowledgeBase, list[KnowledgeFile]]:
        """The files of the knowledge bases whose turn it is; ``_failure`` is why those of another are not known."""
        slots = asyncio.Semaphore(AT_ONCE)

        async def listed(base: KnowledgeBase) -> list[KnowledgeFile]:
            async with slots:
                return await admin.files_of(base.id)

        due = self._due(bases)
        self._hurried = len(due) > MOST_LISTED
        now = due[:MOST_LISTED]
        lists = dict(zip(now, await asyncio.gather(*map(listed, now), return_exceptions=True), strict=True))
        self._failure = next((found for found in lists.values() if isinstance(found, BaseException)), None)
        return {
            base: found
            for base, found in lists.items()
            if not isinstance(found, BaseException) and not self._is_doubtful(base, found)
        }

    def _is_doubtful(self, base: KnowledgeBase, found: list[KnowledgeFile]) -> bool:
        """Whether the list is empty though there are files, for the first time: so it answers when its database fails."""
        doubtful = not found and base.file_count > 0 and base.id not in self._doubted
        (self._doubted.add if doubtful else self._doubted.discard)(base.id)
        return doubtful

    def _due(self, bases: list[KnowledgeBase]) -> list[KnowledgeBase]:
        """Those whose files are to be listed, the longest overdue first."""
        now = self._clock()

        def since(base: KnowledgeBase) -> float:
            seen = self._seen.get(base.id)
            return float("inf") if seen is None or seen.file_count != base.file_count else now - seen.at

        waiting = [base for base in bases if since(base) >= LISTED_AGAIN and (base.file_count or since(base) == float("inf"))]
        return sorted(waiting, key=since, reverse=True)

    async def _read(self, admin: WebUI, files: list[KnowledgeFile], held: dict[str, set[str]]) -> None:
        """Begin to read, of these files, those that were edited, and those that lie in a knowledge base and are not there yet."""
        read = await self._knowledge.texts_read(file.id for file in files)
        differing = [file for file in files if file.text_hash not in {"", read.get(file.id)}]
        self._edited.begin(admin, [Wanted(file) for file in differing if file.id in read])
        new = (file for file in differing if file.id in held and file.id not in read)
        self._new.begin(admin, [Wanted(file, frozenset(held[file.id])) for file in new])

    def _put_in(self, bases: frozenset[str]) -> None:
        """A file came in that lies in these knowledge bases: list them, and soon."""
        for base in bases:
            self._seen.pop(base, None)
        self._news.set()

    async def _strays(self) -> set[str]:
        """Uploads outside of every knowledge base whose turn it is to be looked for."""
        if self._clock() < self._strays_at:
            return set()
        self._strays_at = self._clock() + STRAYS_AGAIN
        strays = await self._knowledge.outside(self._stray, STRAYS, STRAY_AGE)
        self._stray = strays[-1] if len(strays) == STRAYS else ""
        return set(strays)

    async def _delete(self, admin: WebUI, files: set[str]) -> None:
        """Delete uploads whose files Open WebUI does not have any more.

        It has to say so at two looks: it also says so when its database fails it.
        """
        missing = set(self._missing)
        gone = {file for file in sorted(files | missing) if not await admin.may_read_file(file)}
        if certain := sorted(gone & missing):
            await self._uploads.delete(certain)
        # In place, for readings add to it meanwhile.
        self._missing -= missing
        self._missing |= gone - missing
