"""Parquet with named columns, a thousand rows at a time."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import UnreadableFileError
from rag.ingest.draft import Draft, records
from rag.ingest.files import head
from rag.ingest.formats.general_paper import draft_of
from rag.ingest.formats.tables import columns_of
from rag.ingest.reader import Item, Rejected

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

_BATCH = 1_000


class ParquetReader:
    """One row a paper; authors and keywords may be lists. A paper's line is its row, from 1."""

    name = "Parquet"

    def reads(self, path: Path) -> bool:
        """By its first bytes."""
        return path.is_file() and head(path, 4) == b"PAR1"

    def count(self, path: Path) -> int:
        """The number of rows. Raises UnreadableFileError when the file is damaged or has no column of titles."""
        with _opened(path) as file:
            if "title" not in columns_of(file.schema_arrow.names):
                raise UnreadableFileError(f"{path} has no column named 'title'.")
            return int(file.metadata.num_rows)

    def read(self, path: Path) -> Iterator[Item]:
        """Row by row, in bounded memory."""
        return records(path.name, _rows(path))


def _opened(path: Path) -> "ParquetFile":
    # Imported late: a service that never reads such a file does without 100 MB of it.
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        return ParquetFile(path)
    except (ArrowException, OSError) as error:
        raise UnreadableFileError(f"{path} cannot be read as Parquet: {_told(error)}.") from error


def _rows(path: Path) -> Iterator[Draft | Rejected]:
    from pyarrow import ArrowException

    with _opened(path) as file:
        header = list(file.schema_arrow.names)
        columns = {ours: header[number] for ours, number in columns_of(header).items()}
        row = 0
        try:
            for batch in file.iter_batches(batch_size=_BATCH, columns=list(columns.values())):
                for value in batch.to_pylist():
                    row += 1
                    yield draft_of(_named(value, columns), row)
        except (ArrowException, OSError, ValueError) as error:
            yield Rejected(f"{path.name}:{row + 1}", f"the file is damaged from here on ({_told(error)}); the rest is missing")


def _named(value: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The row under our names; a date or a decimal as text."""
    named = {ours: value[theirs] for ours, theirs in columns.items()}
    year = named.get("year")
    return named if year is None or isinstance(year, int) else named | {"year": str(year)}


def _told(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
