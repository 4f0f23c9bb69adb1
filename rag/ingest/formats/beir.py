"""The BEIR layout: a folder with corpus.jsonl[.gz], as public retrieval sets come."""

from collections.abc import Iterator
from pathlib import Path

from rag.ingest.draft import records
from rag.ingest.files import count_lines, refuse_utf_16
from rag.ingest.formats.jsonl import drafts
from rag.ingest.reader import Item

_CORPUS = ("corpus.jsonl", "corpus.jsonl.gz")


class BeirReader:
    """``_id``, ``title``, ``text`` and ``metadata`` a line; other files of the folder (queries, qrels) are not papers."""

    name = "BEIR"

    def reads(self, path: Path) -> bool:
        """A folder that holds a corpus, or the corpus itself."""
        return _corpus(path) is not None

    def count(self, path: Path) -> int:
        """The number of lines of the corpus."""
        corpus = _corpus(path) or path
        refuse_utf_16(corpus)
        return count_lines(corpus)

    def read(self, path: Path) -> Iterator[Item]:
        """Line by line, in bounded memory. Metadata with other names (categories, split, …) is passed over."""
        corpus = _corpus(path) or path
        return records(corpus.name, drafts(corpus))


def _corpus(path: Path) -> Path | None:
    if path.is_dir():
        return next((path / name for name in _CORPUS if (path / name).is_file()), None)
    return path if path.name in _CORPUS else None
