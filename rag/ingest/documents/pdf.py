"""PDF: pages by pypdfium2; those without a text layer, or with one that makes no sense, by tesseract."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from rag.access import Unreadable, UnreadPages
from rag.errors import DamagedFileError, EncryptedFileError, NoTextError, NoTextLayerError, TooLargeError
from rag.ingest.documents.clock import Clock
from rag.ingest.documents.layout import Layout, layout_of, pages_of
from rag.ingest.documents.limits import Limits
from rag.ingest.documents.model import Page
from rag.ingest.documents.ocr import Tesseract, recognised, tesseract

_FEW = 20
"""Characters; a page with fewer, on which something is drawn, may be a picture of text."""
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_LATIN = re.compile("[A-Za-z]")
_VOWEL = re.compile("[AEIOUYaeiouy]")
_MANY_LETTERS = 200
_MANY_OBJECTS = 1_000
_LONGEST_RECOGNITION = 40.0
"""Seconds that one page may take."""


@dataclass(slots=True)
class PdfText:
    """What was read of a PDF."""

    pages: list[Page]
    page_count: int
    pages_read: int
    info: dict[str, str]
    """The file's own metadata, as pypdfium2 gives it: Title, Author, CreationDate…"""
    unread: list[UnreadPages]
    """What cannot be read, however long it takes."""


@dataclass(slots=True)
class _Pages:
    """Layouts by page, and the pages with which something is the matter."""

    layouts: list[Layout] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)


def read_pdf(data: bytes, filename: str, limits: Limits, clock: Clock, done: Callable[[int], None]) -> PdfText:
    """The text of a PDF as far as the clock allows; ``done`` is called after each page.

    Raises:
        EncryptedFileError, DamagedFileError, TooLargeError, NoTextError: as their names say.
    """
    document = _opened(data, filename)
    try:
        count = len(document)
        if count == 0:
            raise DamagedFileError(f"{filename} has no pages.")
        if count > limits.pages:
            raise TooLargeError(f"{filename} has {count:,} pages; Paper Finder reads up to {limits.pages:,}.")
        found = _layouts(document, filename, limits, clock, done)
        if len(found.damaged) == len(found.layouts):
            raise DamagedFileError(f"{filename} is damaged: none of its pages can be opened.")
        unread, later = _recognise(document, found, clock, done)
        pages = pages_of(found.layouts)
        if not any(page.text for page in pages) and not later:
            raise _nothing(filename, found)
        return PdfText(pages, count, len(found.layouts) - later, document.get_metadata_dict(), unread)
    finally:
        document.close()


def _opened(data: bytes, filename: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            raise EncryptedFileError(f"{filename} is protected by a password.") from error
        raise DamagedFileError(f"{filename} is damaged: it cannot be opened as a PDF.") from error


def _layouts(document: pypdfium2.PdfDocument, filename: str, limits: Limits, clock: Clock, done: Callable[[int], None]) -> _Pages:
    found = _Pages()
    characters = 0
    for number in range(min(len(document), clock.pages)):
        # The first page is read in any case: nothing at all would help nobody.
        if number and clock.over():
            break
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            found.damaged.append(number)
            found.layouts.append(Layout(number, 0.0, 0.0, [], []))
            continue
        layout = layout_of(page, number)
        if _is_picture(layout, _draws(page)):
            found.pictures.append(number)
        page.close()
        found.layouts.append(layout)
        characters += sum(len(line.text) for line in layout.lines)
        if characters > limits.characters:
            raise TooLargeError(f"{filename} has more than {limits.characters:,} characters of text.")
        done(number)
    return found


def _draws(page: pypdfium2.PdfPage) -> bool:
    """Whether anything but text is drawn."""
    objects = (pdfium.FPDFPage_GetObject(page, place) for place in range(min(pdfium.FPDFPage_CountObjects(page), _MANY_OBJECTS)))
    return any(pdfium.FPDFPageObj_GetType(each) != pdfium.FPDF_PAGEOBJ_TEXT for each in objects)


def _is_picture(layout: Layout, draws: bool) -> bool:
    """Whether there is hardly any text beside what is drawn, or none that means anything."""
    text = "".join(line.text for line in [*layout.lines, *layout.sideways])
    if len(text) < _FEW:
        return draws
    letters = len(_LATIN.findall(text))
    strange = letters > _MANY_LETTERS and letters * 2 > len(text) and len(_VOWEL.findall(text)) * 6 < letters
    return strange or len(_UNREADABLE.findall(text)) * 4 > len(text)


def _recognise(
    document: pypdfium2.PdfDocument, found: _Pages, clock: Clock, done: Callable[[int], None]
) -> tuple[list[UnreadPages], int]:
    """Read pictures of text, as long as the clock allows. What cannot be read, and how many pages are left for later."""
    unread = [UnreadPages(Unreadable.DAMAGED, tuple(found.damaged))] if found.damaged else []
    engine = tesseract() if found.pictures else None
    if engine is None:
        if missing := _without_text(found):
            unread.append(UnreadPages(Unreadable.PICTURES, tuple(missing)))
        return unread, 0
    late: list[int] = []
    for number in found.pictures:
        if clock.over():
            late.append(number)
            continue
        layout = _recognised(document, number, engine, clock)
        if layout is None:
            late.append(number)
        elif len(layout.lines) > 0:
            found.layouts[number] = layout
        done(number)
    if late and clock.limited:
        return unread, len(late)
    if late:
        unread.append(UnreadPages(Unreadable.SLOW, tuple(late)))
    return unread, 0


def _recognised(document: pypdfium2.PdfDocument, number: int, engine: Tesseract, clock: Clock) -> Layout | None:
    page = document[number]
    try:
        return recognised(page, number, engine, min(_LONGEST_RECOGNITION, clock.left()))
    except pypdfium2.PdfiumError:
        return Layout(number, 0.0, 0.0, [], [])
    finally:
        page.close()


def _without_text(found: _Pages) -> list[int]:
    return [number for number in found.pictures if not any(line.text for line in found.layouts[number].lines)]


def _nothing(filename: str, found: _Pages) -> NoTextError:
    if found.pictures and tesseract() is None:
        return NoTextLayerError(f"{filename} has no text layer: its pages are pictures.")
    if found.pictures:
        return NoTextError(f"{filename} has no text layer, and no text was found in its pictures.")
    return NoTextError(f"There is no text in {filename}.")
