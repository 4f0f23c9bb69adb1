"""Parquet."""

from datetime import date
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from rag.errors import UnreadableFileError
from rag.ingest import Rejected, readers_for
from rag.papers import PaperRecord


def test_rows_with_lists_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "papers.parquet"
    table = {
        "Title": ["One", None, "Three"],
        "authors": [["Ada Byron", "Xu, Bo"], [], None],
        "publication_date": [date(2019, 5, 1), None, None],
        "DOI": ["10.1000/one", None, None],
        "embedding": [[1.0], [2.0], [3.0]],
    }
    parquet.write_table(pyarrow.table(table), path)
    [source] = readers_for([path]).found
    assert (source.reader.name, source.expected) == ("Parquet", 3)
    first, second, third = source.reader.read(path)
    assert isinstance(first, PaperRecord)
    assert (first.title, first.authors, first.year, first.doi) == ("One", ["Ada Byron", "Bo Xu"], 2019, "10.1000/one")
    assert second == Rejected("papers.parquet:2", "no title")
    assert isinstance(third, PaperRecord)


def test_without_titles_or_damaged(tmp_path: Path) -> None:
    path = tmp_path / "numbers.parquet"
    parquet.write_table(pyarrow.table({"a": [1]}), path)
    with pytest.raises(UnreadableFileError, match="no column named 'title'"):
        readers_for([path])
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(UnreadableFileError, match="cannot be read as Parquet"):
        readers_for([path])
