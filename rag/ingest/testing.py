"""The library's stand-in for tests of imports: collections in memory."""

from collections.abc import Sequence

from rag.papers import PaperRecord
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
