"""Words of a PDF page with their font and place, as pdfium finds them: the only module that talks to pypdfium2 about text."""

import ctypes
import math
import re
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from rag.text import CJK

_BOLD = re.compile(r"bold|black|heavy|demi|cmbx|cmssbx|sfbx|ecbx|-medi\b|medi(?:ital)?$|[a-z]-?t[bz]$|黑体|simhei", re.IGNORECASE)
_SPACES = frozenset(map(ord, " \t\r\n\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"))
_INVISIBLE = frozenset([0, 0xAD, 0xFEFF, 0xFFFE, 0xFFFF, *range(0x200B, 0x2010), *range(0x2028, 0x202F)])
_HYPHEN = 2
"""What pdfium makes of a hyphen at the end of a line that goes on in the next."""
_IDEOGRAPH = re.compile(f"[{CJK}]")
_SLANT = math.radians(15)
"""Text further than this from the horizontal and the vertical is a watermark, or a label in a figure."""
_NAME_BYTES = 128
_LONGEST_PAGE = 200_000
"""Characters; a page with more is a plot that was drawn with letters, or an attack."""


class Word(NamedTuple):
    """Characters of one font on one base line with no space between; the box in points of the page as it is looked at."""

    text: str
    size: float
    bold: bool
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    """Where the letters stand: y from above."""
    spaced: bool
    """Whether a space, drawn or seen by pdfium, comes before it."""
    blank: bool
    """Whether that space is drawn: between Chinese letters pdfium sees spaces where there are none."""


class PageWords(NamedTuple):
    """The words of a page in the order they are drawn, and those of another direction apart."""

    width: float
    height: float
    upright: list[Word]
    sideways: list[list[Word]]
    """Runs of words in one other direction, each in a frame of its own where it reads from left to right."""


class _Frame(NamedTuple):
    """From the coordinates of the file (origin at the lower left) to a page turned by quarters, origin at the top left."""

    left: float
    bottom: float
    width: float
    height: float
    quarters: int

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A point on the turned page."""
        x, y = x - self.left, y - self.bottom
        if self.quarters == 0:
            return x, self.height - y
        if self.quarters == 1:
            return y, x
        if self.quarters == 2:
            return self.width - x, y
        return self.height - y, self.width - x


def words_of(page: pypdfium2.PdfPage) -> PageWords:
    """The words of ``page``. A page whose text mostly runs sideways is turned as a reader would turn it.

    Raises:
        pypdfium2.PdfiumError: the page cannot be read.
    """
    left, bottom, right, top = page.get_bbox()
    width, height = abs(right - left), abs(top - bottom)
    textpage = page.get_textpage()
    try:
        pieces = _pieces(textpage.raw)
    finally:
        textpage.close()
    counts = [0, 0, 0, 0]
    for piece in pieces:
        counts[piece.quarters] += len(piece.text)
    shown = page.get_rotation() // 90 % 4
    # A few sideways words on a page with hardly any text do not turn it.
    turned = max(range(4), key=lambda quarters: (counts[quarters], quarters == shown)) if sum(counts) else shown
    frames = [_Frame(left, bottom, width, height, quarters) for quarters in range(4)]
    upright = [_word(piece, frames[turned]) for piece in pieces if piece.quarters == turned]
    sideways = [
        [_word(piece, frames[quarters]) for piece in pieces if piece.quarters == quarters]
        for quarters in range(4)
        if quarters != turned and counts[quarters]
    ]
    if turned % 2:
        width, height = height, width
    return PageWords(width, height, upright, sideways)


class _Piece(NamedTuple):
    text: str
    size: float
    bold: bool
    box: tuple[float, float, float, float]
    origin: tuple[float, float]
    quarters: int
    """By how many quarters clockwise the page must be turned for this piece to read from left to right."""
    spaced: bool
    blank: bool


def _word(piece: _Piece, frame: _Frame) -> Word:
    left, bottom, right, top = piece.box
    ax, ay = frame.place(left, bottom)
    bx, by = frame.place(right, top)
    _, base = frame.place(*piece.origin)
    return Word(
        piece.text, piece.size, piece.bold, min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), base, piece.spaced, piece.blank
    )


class _Reader:
    """Looks up what pdfium knows of single characters, with its out-parameters made once."""

    def __init__(self, textpage: object) -> None:
        self.textpage = textpage
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._rect, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self._name, self._flags = ctypes.create_string_buffer(_NAME_BYTES), ctypes.c_int()
        self._bold: dict[bytes, bool] = {}

    def origin(self, at: int) -> tuple[float, float]:
        """Where the character stands on its base line."""
        pdfium.FPDFText_GetCharOrigin(self.textpage, at, self._x, self._y)
        return self._x.value, self._y.value

    def box(self, first: int, last: int) -> tuple[float, float, float, float]:
        """The box around the characters: left, bottom, right, top."""
        rect = self._rect
        pdfium.FPDFText_GetLooseCharBox(self.textpage, first, rect)
        left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
        if last != first:
            pdfium.FPDFText_GetLooseCharBox(self.textpage, last, rect)
            left, bottom, right, top = min(left, rect.left), min(bottom, rect.bottom), max(right, rect.right), max(top, rect.top)
        return left, bottom, right, top

    def size(self, at: int) -> float:
        """The font size as it is seen, in points."""
        pdfium.FPDFText_GetMatrix(self.textpage, at, self._matrix)
        scale = math.hypot(self._matrix.c, self._matrix.d)
        return float(pdfium.FPDFText_GetFontSize(self.textpage, at)) * (scale or 1.0)

    def bold(self, at: int) -> bool:
        """By the name of the font; the weight pdfium computes from the stem width is too often wrong."""
        pdfium.FPDFText_GetFontInfo(self.textpage, at, self._name, _NAME_BYTES, self._flags)
        name = self._name.value
        if name not in self._bold:
            try:
                known = name.decode()
            except UnicodeDecodeError:
                known = name.decode("gbk", "ignore")
            self._bold[name] = _BOLD.search(known.partition("+")[2] or known) is not None
        return self._bold[name]


class _Gatherer:
    """Characters in the order they are drawn, gathered into pieces while font size and base line stay the same."""

    def __init__(self, textpage: object) -> None:
        self.reader = _Reader(textpage)
        self.pieces: list[_Piece] = []
        self._letters: list[int] = []
        self._spaced, self._blank = True, False
        self._first = self._last = 0
        self._raw_size = self._size = self._angle = 0.0
        self._before = (0.0, 0.0)

    def space(self, at: int) -> None:
        """A space ends the piece."""
        self._finish()
        self._spaced = True
        self._blank |= not pdfium.FPDFText_IsGenerated(self.reader.textpage, at)

    def letter(self, at: int, code: int, raw_size: float) -> None:
        """One more character: of the same piece, or the first of the next."""
        origin = self.reader.origin(at)
        if self._letters and (raw_size != self._raw_size or self._strays(origin)):
            self._finish()
        if not self._letters:
            self._first, self._raw_size = at, raw_size
            self._size = self.reader.size(at)
            self._angle = -float(pdfium.FPDFText_GetCharAngle(self.reader.textpage, at))  # pdfium counts clockwise
        self._letters.append(code)
        self._last, self._before = at, origin

    def finished(self) -> list[_Piece]:
        """All pieces, the last one too."""
        self._finish()
        return self.pieces

    def _strays(self, origin: tuple[float, float]) -> bool:
        """Off the base line (a superscript, the next letter of vertical writing), or a leap along it."""
        dx, dy = origin[0] - self._before[0], origin[1] - self._before[1]
        cos, sin = math.cos(self._angle), math.sin(self._angle)
        along, across = dx * cos + dy * sin, dy * cos - dx * sin
        return abs(across) > 0.1 * self._size or not -self._size < along < 3 * self._size

    def _finish(self) -> None:
        if not self._letters:
            return
        text = "".join(map(chr, self._letters)).encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
        self._letters.clear()
        quarters = round(self._angle / (math.pi / 2))
        box = self.reader.box(self._first, self._last)
        if abs(self._angle - quarters * math.pi / 2) > _SLANT or not all(map(math.isfinite, (*box, self._size))):
            return
        origin = self.reader.origin(self._first)
        bold = self.reader.bold(self._first)
        self.pieces.append(_Piece(text, self._size, bold, box, origin, quarters % 4, self._spaced, self._blank))
        self._spaced = self._blank = False


def _pieces(textpage: object) -> list[_Piece]:
    gatherer = _Gatherer(textpage)
    for at in range(min(pdfium.FPDFText_CountChars(textpage), _LONGEST_PAGE)):
        code = pdfium.FPDFText_GetUnicode(textpage, at)
        if code in _SPACES:
            gatherer.space(at)
        elif code not in _INVISIBLE:
            gatherer.letter(at, ord("-") if code == _HYPHEN else code, pdfium.FPDFText_GetFontSize(textpage, at))
    return list(_stacked(gatherer.finished()))


def _stacked(pieces: list[_Piece]) -> Iterator[_Piece]:
    """Vertical writing: ideographs one below the other become one piece that reads from left to right on its side."""
    column: list[_Piece] = []
    for piece in pieces:
        if column and not _below(column[-1], piece):
            yield from _column(column)
            column = []
        column.append(piece)
    yield from _column(column)


def _below(upper: _Piece, lower: _Piece) -> bool:
    if upper.quarters or lower.quarters or len(upper.text) > 1 or len(lower.text) > 1:
        return False
    dx, dy = abs(lower.box[0] - upper.box[0]), upper.box[3] - lower.box[3]
    near = dx < 0.3 * upper.size and 0.7 * upper.size < dy < 1.6 * upper.size
    return near and _IDEOGRAPH.match(upper.text) is not None and _IDEOGRAPH.match(lower.text) is not None


def _column(pieces: list[_Piece]) -> list[_Piece]:
    if len(pieces) < 3:
        return pieces
    lefts, bottoms, rights, tops = zip(*(piece.box for piece in pieces), strict=True)
    box = (min(lefts), min(bottoms), max(rights), max(tops))
    text = "".join(piece.text for piece in pieces)
    return [pieces[0]._replace(text=text, box=box, origin=(box[0], box[3]), quarters=3, spaced=True)]
