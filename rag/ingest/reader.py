"""The reader seam: one file format in, papers out; what could not be used is said with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from rag.papers import PaperRecord


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that was left out. ``location`` is where it stands ('library.bib:120')."""

    location: str
    reason: str

    def __str__(self) -> str:
        return f"{self.location}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the person who imports should know of a file that was read all the same ('read as GBK')."""

    location: str
    text: str

    def __str__(self) -> str:
        return f"{self.location}: {self.text}"


Item: TypeAlias = PaperRecord | Rejected | Remark


class Reader(Protocol):
    """One format. A bad record is yielded as ``Rejected``; a file that is no such file at all raises UnreadableFileError."""

    name: str

    def reads(self, path: Path) -> bool:
        """Whether ``path`` is of this format, by its name and, where the name does not tell, by its first bytes."""
        ...

    def count(self, path: Path) -> int | None:
        """About how many records there are, cheaply; 0 only when there is none, None when it cannot be told."""
        ...

    def read(self, path: Path) -> Iterator[Item]:
        """The papers of the file, in order; no source_id comes twice."""
        ...
