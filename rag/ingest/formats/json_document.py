"""JSON documents: CSL-JSON, and what the services of OpenAlex, Semantic Scholar, Crossref and others answer with."""

import re
from collections.abc import Iterator
from pathlib import Path

from rag.ingest.draft import Draft, records
from rag.ingest.files import beginning, count_matches
from rag.ingest.formats.json_papers import draft_from
from rag.ingest.formats.json_values import Value, values
from rag.ingest.reader import Item, Rejected, Remark

_TITLE = re.compile(rb'"title"\s*:')
_OPENING = re.compile(r'\s*(?:\[\s*[{\]]|\{\s*")')


class JsonReader:
    """A list of papers, one paper, or an answer with either inside, in bounded memory."""

    name = "JSON"

    def reads(self, path: Path) -> bool:
        """When the file begins as a list of objects or as an object."""
        return _OPENING.match(beginning(path)) is not None

    def count(self, path: Path) -> int | None:
        """About the number of papers: that of titles."""
        return count_matches(path, _TITLE) or None

    def read(self, path: Path) -> Iterator[Item]:
        """Object by object."""
        return records(path.name, _drafts(path))


def _drafts(path: Path) -> Iterator[Draft | Rejected | Remark]:
    for found in values(path):
        yield draft_from(found.value, found.line) if isinstance(found, Value) else found
