"""Front pages of papers drawn at run time, in the manner of the publishers they are called after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONTS = {
    ("serif", False): "Times-Roman",
    ("serif", True): "Times-Bold",
    ("sans", False): "Helvetica",
    ("sans", True): "Helvetica-Bold",
}
FILLER = (
    "The measured effect grows with the number of samples, while the variance of the estimate shrinks as expected. "
    "We compare the proposed procedure with earlier ones on several collections and report how often each of them fails. "
    "None of the assumptions is new, but their combination leads to a simpler bound that can be checked by hand. "
)
CHINESE_FILLER = "本文讨论了在有限资源条件下如何提高检索的准确程度，并在多个数据集上进行了比较。结果表明，所提出的方法更加稳定。"
Draw = Callable[["Sheet"], None]


@dataclass(frozen=True)
class Expected:
    """What is printed on a front page."""

    title: str
    authors: tuple[str, ...]
    year: int | None = None
    doi: str = ""
    arxiv_id: str = ""
    venue: str = ""
    abstract: bool = True
    language: str = "en"


@dataclass
class Sheet:
    """A page that is drawn from the top down; coordinates in points, the origin at the top left."""

    size: tuple[float, float] = LETTER
    family: str = "serif"
    info: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.buffer = BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=self.size, pageCompression=0)
        for name, value in self.info.items():
            getattr(self.canvas, f"set{name}")(value)
        self.width, self.height = self.size

    def font(self, bold: bool, text: str) -> str:
        """A Chinese font where it is needed."""
        if any(letter > "\u2e80" for letter in text):
            if "STSong-Light" not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
            return "STSong-Light"
        return FONTS[self.family, bold]

    def line(
        self, text: str, y: float, size: float = 10, *, x: float | None = None, bold: bool = False, right: bool = False
    ) -> None:
        """One line, centred when no ``x`` is given; what stands between ^ and ^ is raised."""
        parts = text.split("^")
        widths = []
        for place, part in enumerate(parts):
            widths.append(pdfmetrics.stringWidth(part, self.font(bold, part), size * (0.65 if place % 2 else 1)))
        start = (self.width - sum(widths)) / 2 if x is None else x - sum(widths) if right else x
        for place, (part, width) in enumerate(zip(parts, widths, strict=True)):
            raised = place % 2
            self.canvas.setFont(self.font(bold, part), size * (0.65 if raised else 1))
            self.canvas.drawString(start, self.height - y + (0.35 * size if raised else 0), part)
            start += width

    def lines(
        self, texts: tuple[str, ...], y: float, size: float = 10, *, x: float | None = None, bold: bool = False, step: float = 1.2
    ) -> float:
        """Lines one below the other; where the next would stand."""
        for text in texts:
            self.line(text, y, size, x=x, bold=bold)
            y += step * size
        return y

    def text(self, words: str, x: float, y: float, width: float, size: float = 10, *, bold: bool = False) -> float:
        """Running text in a column; where the next line would stand."""
        font = self.font(bold, words)
        current = ""
        pieces = list(words) if font == "STSong-Light" else [f"{word} " for word in words.split()]
        for piece in pieces:
            if pdfmetrics.stringWidth((current + piece).rstrip(), font, size) > width:
                self.line(current.rstrip(), y, size, x=x, bold=bold)
                y += 1.2 * size
                current = ""
            current += piece
        self.line(current.rstrip(), y, size, x=x, bold=bold)
        return y + 1.2 * size

    def body(
        self,
        y: float,
        *,
        columns: int = 1,
        size: float = 10,
        left: float = 72,
        heading: str = "1 Introduction",
        bottom: float = 90,
    ) -> None:
        """Columns of text down to the foot of the page."""
        gap = 20
        width = (self.width - 2 * left - gap * (columns - 1)) / columns
        for column in range(columns):
            x, down = left + column * (width + gap), y
            if column == 0:
                self.line(heading, down, size + 2, x=x, bold=True)
                down += 1.8 * size
            while down < self.height - bottom - 3 * size:
                down = self.text(FILLER, x, down, width, size) + 0.6 * size

    def stamp(self, text: str) -> None:
        """Text along the left edge, from the bottom up."""
        self.canvas.saveState()
        self.canvas.rotate(90)
        self.canvas.setFont("Times-Roman", 20)
        self.canvas.drawString(200, -30, text)
        self.canvas.restoreState()

    def next(self) -> None:
        """Go on with another page."""
        self.canvas.showPage()

    def pdf(self) -> bytes:
        """The finished file."""
        self.canvas.showPage()
        self.canvas.save()
        return self.buffer.getvalue()


@dataclass(frozen=True)
class Front:
    """A drawn front page and what is to be read from it."""

    name: str
    draw: Callable[[], Sheet]
    expected: Expected
    filename: str = "upload.pdf"


FRONTS: list[Front] = []


def front(expected: Expected, filename: str = "upload.pdf") -> Callable[[Callable[[], Sheet]], Callable[[], Sheet]]:
    """Enter a drawing into the list."""

    def enter(draw: Callable[[], Sheet]) -> Callable[[], Sheet]:
        FRONTS.append(Front(draw.__name__, draw, expected, filename))
        return draw

    return enter


__all__ = ["A4", "CHINESE_FILLER", "FILLER", "FRONTS", "LETTER", "Expected", "Front", "Sheet", "front"]
