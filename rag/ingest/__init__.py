"""Files of papers into the library: readers, and the import that embeds and stores what they yield."""

from rag.ingest.draft import Draft, record, records
from rag.ingest.progress import Progress, RichProgress, SilentProgress
from rag.ingest.reader import Item, Reader, Rejected, Remark
from rag.ingest.runner import ingest
from rag.ingest.sources import READERS, Source, Sources, readers_for
from rag.ingest.summary import Summary

__all__ = [
    "READERS",
    "Draft",
    "Item",
    "Progress",
    "Reader",
    "Rejected",
    "Remark",
    "RichProgress",
    "SilentProgress",
    "Source",
    "Sources",
    "Summary",
    "ingest",
    "readers_for",
    "record",
    "records",
]
