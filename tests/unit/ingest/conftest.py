"""Helpers of the import's tests."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.ingest import Item, Reader, Rejected, Remark
from rag.papers import PaperRecord

DATA = Path(os.environ.get("PAPER_FINDER_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))

Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a file of the test's folder and say where it is."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def papers(reader: Reader, path: Path) -> list[PaperRecord]:
    """The records alone."""
    return [item for item in reader.read(path) if isinstance(item, PaperRecord)]


def told(reader: Reader, path: Path) -> list[str]:
    """What was said of rejected records and of the file."""
    return [str(item) for item in reader.read(path) if isinstance(item, Rejected | Remark)]


def only(items: list[Item]) -> PaperRecord:
    """The one record."""
    [item] = items
    assert isinstance(item, PaperRecord)
    return item
