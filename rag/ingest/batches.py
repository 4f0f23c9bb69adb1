"""The papers of all sources in batches, with no id twice."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from rag.ingest.reader import Item, Rejected, Remark
from rag.ingest.seen import SeenIds
from rag.ingest.sources import Source, Sources
from rag.papers import PaperRecord

BATCH = 1_000
_MOST_CHARACTERS = 4_000_000
"""A batch of very long records ends earlier: four batches are in memory at a time."""
_MOST_ITEMS = 10 * BATCH


@dataclass(slots=True)
class Batch:
    """Up to a thousand papers, and what was met on the way to them. ``before`` counts the records read earlier."""

    before: int
    records: list[PaperRecord] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    repeated: int = 0
    """Papers that another file of this import has brought already, word for word."""

    @property
    def read(self) -> int:
        """Records read, good or bad."""
        return len(self.records) + len(self.rejected) + self.repeated


class Batches:
    """Reads the sources one after the other; ``next`` is called from one thread at a time."""

    def __init__(self, sources: Sources) -> None:
        beside: list[Item] = [*sources.rejected, *sources.remarks]
        self._items: Iterator[tuple[Source | None, Item]] = chain(
            ((None, item) for item in beside),
            ((source, item) for source in sources.found for item in source.reader.read(source.path)),
        )
        self._files = {id(source): number for number, source in enumerate(sources.found)}
        self._names = [str(source.path) for source in sources.found]
        # A reader sees to its own file; only several files can bring one id twice.
        self._ids = SeenIds() if len(sources.found) > 1 else None
        self._exact = SeenIds()
        self._read = 0

    def next(self) -> Batch | None:
        """The next batch; None when everything has been read. Raises UnreadableFileError."""
        batch = Batch(self._read)
        characters = 0
        for source, item in self._items:
            if isinstance(item, Rejected):
                batch.rejected.append(item)
            elif isinstance(item, Remark):
                batch.remarks.append(item)
            elif source is not None:
                self._add(batch, source, item)
                characters += len(item.title) + len(item.abstract) + sum(len(passage.text) for passage in item.passages)
            if len(batch.records) >= BATCH or characters >= _MOST_CHARACTERS or batch.read >= _MOST_ITEMS:
                break
        self._read += batch.read
        return batch if batch.read or batch.remarks else None

    def _add(self, batch: Batch, source: Source, record: PaperRecord) -> None:
        if self._ids is not None:
            here = self._files[id(source)]
            if self._exact.remember(f"{record.source_id}\0{record.content_hash().hex()}", here) is not None:
                batch.repeated += 1
                return
            earlier = self._ids.remember(record.source_id, here)
            if earlier is not None:
                reason = f"the id {record.source_id!r} is another paper's in {self._names[earlier]}"
                batch.rejected.append(Rejected(source.path.name, reason))
                return
        batch.records.append(record)
