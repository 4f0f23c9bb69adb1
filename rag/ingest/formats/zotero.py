"""An export that comes with its files, as Zotero writes it: a list of papers beside a folder 'files' with their PDFs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

from rag.errors import UnreadableFileError
from rag.ingest.document_reader import DocumentsReader
from rag.ingest.draft import Draft, checked
from rag.ingest.formats import bibtex, ris
from rag.ingest.reader import Item, Reader, Rejected, Remark
from rag.papers import PaperRecord

FILES = "files"
_LISTS: dict[str, tuple[Reader, Callable[[Path], Iterator[Draft | Rejected | Remark]]]] = {
    ".bib": (bibtex.BibtexReader(), bibtex.drafts),
    ".ris": (ris.RisReader(), ris.drafts),
}
_BY_PREFERENCE = (".pdf", ".epub", ".docx", ".html", ".htm")


class ZoteroReader:
    """Each paper gets the text of its file; a file that belongs to none is a paper of its own."""

    name = "library with files"

    def __init__(self, documents: DocumentsReader | None = None) -> None:
        """``documents`` reads the files."""
        self._documents = documents or DocumentsReader()

    def reads(self, path: Path) -> bool:
        """A folder with one BibTeX or RIS file and a folder 'files'."""
        return path.is_dir() and (path / FILES).is_dir() and _list_of(path) is not None

    def count(self, path: Path) -> int | None:
        """The number of records of the list."""
        listed = _list_of(path)
        return None if listed is None else _LISTS[listed.suffix.lower()][0].count(listed)

    def read(self, path: Path) -> Iterator[Item]:
        """The papers of the list, then the files that it does not name."""
        listed = _list_of(path)
        if listed is None:
            raise UnreadableFileError(f"{path} has no list of papers any more.")
        used: set[Path] = set()
        for draft, item in checked(listed.name, _LISTS[listed.suffix.lower()][1](listed)):
            if isinstance(item, PaperRecord) and draft is not None:
                yield from self._with_text(path, draft, item, used)
            else:
                yield item
        for file in sorted((path / FILES).rglob("*")):
            if file.is_file() and file.resolve() not in used and file.suffix.lower() == ".pdf":
                yield from self._documents.read(file)

    def _with_text(self, folder: Path, draft: Draft, record: PaperRecord, used: set[Path]) -> Iterator[Item]:
        files = [found for name in draft.files if (found := _inside(folder, name)) is not None]
        used.update(files)
        for name in draft.files:
            if name.strip() and _inside(folder, name) is None:
                yield Remark(f"{folder.name}:{draft.line}", f"the file {name} is not in the folder")
        files = sorted(
            (file for file in files if file.suffix.lower() in _BY_PREFERENCE),
            key=lambda file: _BY_PREFERENCE.index(file.suffix.lower()),
        )
        for item in self._documents.read(files[0]) if files else ():
            if isinstance(item, PaperRecord):
                text = {"passages": item.passages, "outline": item.outline, "abstract": record.abstract or item.abstract}
                record = record.model_copy(update=text)
            else:
                yield Remark(item.location, item.reason if isinstance(item, Rejected) else item.text)
        yield record


def _list_of(folder: Path) -> Path | None:
    lists = [path for path in folder.iterdir() if path.suffix.lower() in _LISTS and path.is_file()]
    return lists[0] if len(lists) == 1 else None


def _inside(folder: Path, name: str) -> Path | None:
    """The file that an export means; None when it is not there or not inside the folder: a list may name anything."""
    root = folder.resolve()
    for written in (name, unquote(name)):
        try:
            file = (root / written.strip()).resolve()
            if file.is_relative_to(root) and file.is_file():
                return file
        except (OSError, ValueError):
            continue
    return None
