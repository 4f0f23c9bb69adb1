"""Pictures of text: pages rendered by pdfium and read by tesseract, when it is installed."""

import math
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import NamedTuple

import pypdfium2
from PIL import Image

from rag.ingest.documents.layout import Layout
from rag.ingest.documents.model import Span
from rag.text import CJK

_DPI = 300
_MOST_PIXELS = 25_000_000
_POINTS = 72
_WANTED = ("eng", "chi_sim")
_HEIGHT_OF_FONT = 0.8
"""The height of a line's box, from the top of its tallest letter to the lowest, is about so many font sizes."""
_SURE = 30.0
"""Percent, over a line; what tesseract is less sure of is mostly specks and drawings."""
_CERTAIN = 80.0
"""Percent, over a page: measured are 88 to 96 in the language of the page, 12 to 78 in another."""
_WIDE = re.compile(f"[{CJK}\u3000-\u303f\uff00-\uffef]")
_FLAT = 8
"""A page whose grey values differ by less shows nothing."""


class Tesseract(NamedTuple):
    """The program, and which of the languages that are wanted it has."""

    path: str
    languages: tuple[str, ...]
    turns: bool
    """Whether it can find out that a page lies on its side."""


class _Word(NamedTuple):
    line: tuple[str, ...]
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float


@cache
def tesseract() -> Tesseract | None:
    """The installed tesseract; None when there is none, or none with a language that is wanted."""
    path = shutil.which("tesseract")
    if path is None:
        return None
    listed = subprocess.run([path, "--list-langs"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    known = set(listed.stdout.split())
    languages = tuple(name for name in _WANTED if name in known)
    return Tesseract(path, languages, "osd" in known) if languages else None


def recognised(page: pypdfium2.PdfPage, number: int, engine: Tesseract, seconds: float) -> Layout | None:
    """The lines that are pictured on ``page``; None when it did not take less than ``seconds``.

    Raises:
        pypdfium2.PdfiumError: the page cannot be drawn.
    """
    width, height = page.get_size()
    scale = min(_DPI / _POINTS, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))
    bitmap = page.render(scale=scale, grayscale=True)
    picture = bitmap.to_pil().convert("L")
    bitmap.close()
    darkest, lightest = picture.getextrema()
    if lightest - darkest < _FLAT:
        return Layout(number, width, height, [], [])
    words = _ask(engine, picture, round(scale * _POINTS), seconds)
    return None if words is None else Layout(number, width, height, list(_lines(words, scale)), [])


def _ask(engine: Tesseract, picture: Image.Image, dpi: int, seconds: float) -> list[_Word] | None:
    """The words of a picture, in the language in which they make most sense. None when it takes too long.

    Two languages at once make English slower, and find English in Chinese.
    """
    end = time.monotonic() + seconds
    best: list[_Word] | None = None
    for language in engine.languages:
        words = _run(engine, language, picture, dpi, end - time.monotonic())
        if words is None:
            return best
        if best is None or _sureness(words) > _sureness(best):
            best = words
        if _sureness(best) >= _CERTAIN:
            break
    return best


def _run(engine: Tesseract, language: str, picture: Image.Image, dpi: int, seconds: float) -> list[_Word] | None:
    portable_grey_map = b"P5 %d %d 255\n" % picture.size + picture.tobytes()
    # Page segmentation: 3 is automatic, 1 turns the page upright first.
    mode = "1" if engine.turns else "3"
    command = [engine.path, "stdin", "stdout", "-l", language, "--psm", mode, "--dpi", str(max(dpi, 70))]
    try:
        done = subprocess.run(
            [*command, "-c", "tessedit_create_tsv=1"],
            input=portable_grey_map,
            capture_output=True,
            timeout=max(seconds, 0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return list(_words(done.stdout.decode("utf-8", "replace")))


def _sureness(words: Sequence[_Word]) -> float:
    """Percent: the mean over letters."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _lines(words: Iterable[_Word], scale: float) -> Iterator[Span]:
    """Lines from words in tesseract's reading order."""
    for _, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        if _sureness(line) < _SURE:
            continue
        box = [min(w.x0 for w in line), min(w.y0 for w in line), max(w.x1 for w in line), max(w.y1 for w in line)]
        x0, y0, x1, y1 = (value / scale for value in box)
        yield Span(_joined([word.text for word in line]), round((y1 - y0) * _HEIGHT_OF_FONT, 1), False, x0, y0, x1, y1)


def _words(table: str) -> Iterator[_Word]:
    """From tesseract's table: level page block paragraph line word left top width height confidence text; level 5 is a word."""
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, width, height, confidence = (float(cell) for cell in cells[6:11])
        yield _Word(tuple(cells[1:5]), cells[11].strip(), left, top, left + width, top + height, confidence)


def _joined(words: list[str]) -> str:
    """Words with spaces between; tesseract takes single Chinese characters for words."""
    text = words[0]
    for word in words[1:]:
        text += word if _WIDE.match(text[-1]) and _WIDE.match(word[0]) else f" {word}"
    return text
