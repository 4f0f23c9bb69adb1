"""Stand-ins for tests of imports and uploads: collections in memory, a clock that leaps, and documents of plain text."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from rag.errors import DamagedFileError
from rag.ingest.documents import Document, Metadata, PassageDraft
from rag.papers import Outline, PaperRecord, Place, Section
from rag.store import Embedded, WriteOutcome


class FakeLibrary:
    """Keeps records by collection and source id; tells in ``events`` what it was asked to do, and fails when told to."""

    def __init__(self, *, bulk_from: int = 1_000_000) -> None:
        """``needs_bulk`` says yes from ``bulk_from`` papers on."""
        self.collections: dict[str, dict[str, PaperRecord]] = {}
        self.events: list[str] = []
        self.batches: list[int] = []
        self.error: Exception | None = None
        """Raised by ``write`` once ``fail_after`` batches are in."""
        self.fail_after = 0
        self._bulk_from = bulk_from

    async def unchanged(self, collection: str, records: Sequence[PaperRecord]) -> set[str]:
        """Equal records."""
        there = self.collections.get(collection, {})
        return {record.source_id for record in records if there.get(record.source_id) == record}

    async def write(self, collection: str, batch: Sequence[Embedded]) -> WriteOutcome:
        """All of the batch, or the error."""
        if self.error is not None and len(self.batches) >= self.fail_after:
            raise self.error
        there = self.collections.setdefault(collection, {})
        updated = sum(1 for item in batch if item.record.source_id in there)
        there.update({item.record.source_id: item.record for item in batch})
        self.batches.append(len(batch))
        return WriteOutcome(added=len(batch) - updated, updated=updated)

    async def needs_bulk(self, incoming: int) -> bool:
        """By the number given."""
        return incoming >= self._bulk_from

    async def drop_indexes(self) -> None:
        """Told."""
        self.events.append("drop indexes")

    async def build_indexes(self) -> float:
        """Told."""
        self.events.append("build indexes")
        return 0.0

    async def refresh_statistics(self) -> None:
        """Told."""
        self.events.append("refresh statistics")


class FakeClock:
    """A clock that waits at once: it goes like any other, and leaps ahead when somebody waits."""

    def __init__(self) -> None:
        """Nobody has waited yet."""
        self.waited = 0.0
        """Seconds."""
        self.waits: list[float] = []
        self._events: list[tuple[float, Callable[[], None]]] = []

    def then(self, seconds: float, event: Callable[[], None]) -> None:
        """Call ``event`` once so many seconds have passed."""
        self._events.append((seconds, event))

    def now(self) -> datetime:
        """The time it is, and all the waiting."""
        return datetime.now(UTC) + timedelta(seconds=self.waited)

    async def sleep(self, seconds: float) -> None:
        """At once."""
        self.waits.append(seconds)
        self.waited += seconds
        due = [event for moment, event in self._events if moment <= self.waited]
        self._events = [one for one in self._events if one[0] > self.waited]
        for event in due:
            event()
        await asyncio.sleep(0)


def plain_document(content: bytes, pages: int | None = None) -> Document:
    """A text read as a document: the first line is the title, form feeds end pages, each page is a passage and a section.

    It is read as far as ``pages`` go. Bytes that are no UTF-8 are a DamagedFileError.
    """
    try:
        whole = content.decode().split("\f")
    except UnicodeDecodeError as error:
        raise DamagedFileError("This is no text.") from error
    read = tuple(page.strip() for page in whole[:pages])
    title, _, abstract = read[0].partition("\n")
    passages = tuple(PassageDraft(text, number, f"Part {number}") for number, text in enumerate(read) if text)
    outline = Outline(tuple(Section(each.section, 1, each.page) for each in passages), Place(len(read) - 1, 0))
    metadata = Metadata(title=title, abstract=abstract.partition("\n")[0], authors=("Ada Byron",), year=2020, language="en")
    return Document(metadata, read, passages, "text", (), len(whole), len(read), outline)
