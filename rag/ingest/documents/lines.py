"""Lines of a PDF page put together from its words: spaces, accents, superscripts, letters set apart."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from rag.ingest.documents.model import Span
from rag.ingest.documents.words import Word
from rag.text import CJK, clean

WIDE_GAP = 1.5
"""In font sizes: a wider one parts two columns, two authors or two cells of a table."""
_BLANK = 0.9
"""In font sizes: a wider gap within a line is written as two blanks, as it may part two names."""
_RAISED_SIZE = 0.85
_BOLD_SHARE = 0.7
"""A line that only begins in bold is not bold."""
_COMBINING = "\u0308\u0301\u0300\u0302\u0303\u030c\u0306\u0307\u030a\u0328\u0327\u0304\u030b"
_ACCENTS = dict(zip("¨´`ˆ˜ˇ˘˙˚˛¸¯˝", _COMBINING, strict=True))
_ACCENTED = re.compile(f"([{''.join(_ACCENTS)}])([A-Za-zıȷ])")
_LIGATURES = {ord(c): unicodedata.normalize("NFKC", c) for c in "ﬀﬁﬂﬃﬄﬅﬆĳĲ"} | {ord("\u2010"): "-", ord("\u2011"): "-"}
_LIGATURES |= {0xF700 + code: chr(code).upper() for code in (*range(0x30, 0x3A), *range(0x61, 0x7B))}  # Adobe's small capitals
_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
"""Chinese characters that fonts confuse with the radicals of dictionaries."""
_WIDE_LETTER = re.compile(f"[{CJK}\u3000-\u303f\uff00-\uffef]")


def lines_of(words: Sequence[Word]) -> list[Span]:
    """Lines, and pieces of lines where the gap is wide, from the top down; those at one height from left to right."""
    runs = _merged([run for run in _runs(_accented_words(list(_once(words)))) if run])
    return [span for run in runs if (span := _span(run)).text]


def tidy(text: str) -> str:
    """Ligatures taken apart, accents that stand beside their letter put on it, control characters out."""
    text = _RADICAL.sub(lambda found: unicodedata.normalize("NFKC", found.group()), clean(text).translate(_LIGATURES))
    return _ACCENTED.sub(_accented, text) if _ACCENTED.search(text) else text


def _accented(found: re.Match[str]) -> str:
    accent, letter = found.groups()
    return _accented_letter(accent, letter) or found.group()


def _once(words: Iterable[Word]) -> Iterator[Word]:
    """Without the second drawing of words that are drawn twice to look bold."""
    seen: dict[tuple[str, int, int], Word] = {}
    for word in words:
        column, row = round(word.x0 / 2), round(word.base / 2)
        near = ((word.text, column + dx, row + dy) for dx in (0, -1, 1) for dy in (0, -1, 1))
        if any(key in seen and abs(seen[key].x0 - word.x0) < 0.15 * word.size for key in near):
            continue
        seen[word.text, column, row] = word
        yield word


def _accented_words(words: list[Word]) -> list[Word]:
    """Accents that were drawn by themselves, before or after their letters, put on the letters they stand over."""
    accents = [word for word in words if len(word.text) == 1 and word.text in _ACCENTS]
    if not accents:
        return words
    found = {word: _letter_under(word, words) for word in accents}
    changed: dict[int, Word] = {}
    for under in found.values():
        if under is not None:
            place, letter, composed = under
            word = changed.get(place, words[place])
            changed[place] = word._replace(
                text=word.text[:letter] + composed + word.text[letter + 1 :], spaced=word.spaced and letter > 0
            )
    used = {accent for accent, under in found.items() if under is not None}
    return [changed.get(place, word) for place, word in enumerate(words) if word not in used]


def _letter_under(accent: Word, words: list[Word]) -> tuple[int, int, str] | None:
    """Place of the word, place of the letter in it, and the letter with the accent."""
    middle = (accent.x0 + accent.x1) / 2
    for place, word in enumerate(words):
        if word is accent or word.text in _ACCENTS or not word.x0 - 1 < middle < word.x1 + 1 or not _same_row(accent, word):
            continue
        at = (middle - word.x0) / max(word.x1 - word.x0, 0.1) * len(word.text) - 0.5
        for letter in sorted(range(len(word.text)), key=lambda letter: abs(letter - at))[:3]:
            composed = _accented_letter(accent.text, word.text[letter])
            if composed and abs(letter - at) < 1.3:
                return place, letter, composed
    return None


def _accented_letter(accent: str, letter: str) -> str:
    """'' when no language writes them together."""
    composed = unicodedata.normalize("NFC", {"ı": "i", "ȷ": "j"}.get(letter, letter) + _ACCENTS[accent])
    return composed if len(composed) == 1 and composed.isalpha() else ""


def _runs(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Words drawn one after another on one line."""
    run: list[Word] = []
    main: Word | None = None
    for word in words:
        if main is not None and run and not _continues(run[-1], main, word):
            yield run
            run, main = [], None
        run.append(word)
        if main is None or word.size > main.size:
            main = word
    yield run


def _continues(last: Word, main: Word, word: Word) -> bool:
    size = max(main.size, word.size)
    return _same_row(main, word) and -0.6 * size < word.x0 - last.x1 < WIDE_GAP * size


def _same_row(main: Word, word: Word) -> bool:
    """On one base line, or one of them a superscript or subscript of the other."""
    large, small = (main, word) if main.size >= word.size else (word, main)
    rise = large.base - small.base
    if abs(rise) < 0.3 * small.size:
        return True
    return small.size < _RAISED_SIZE * large.size and -0.4 * large.size < rise < 0.8 * large.size


def _merged(runs: list[list[Word]]) -> list[list[Word]]:
    """Runs in the order of the page; those put together that touch, as when words are not drawn in their order."""
    ordered = sorted(runs, key=lambda run: (_main(run).base, run[0].x0))
    rows: list[list[list[Word]]] = []
    for run in ordered:
        if rows and abs(_main(rows[-1][0]).base - _main(run).base) < 0.3 * min(_main(rows[-1][0]).size, _main(run).size):
            rows[-1].append(run)
        else:
            rows.append([run])
    merged: list[list[Word]] = []
    for row in rows:
        row.sort(key=lambda run: run[0].x0)
        pieces = [list(row[0])]
        for run in row[1:]:
            size = _main(run).size
            if -0.3 * size < run[0].x0 - pieces[-1][-1].x1 < 0.5 * size:
                pieces[-1].extend(run)
            else:
                pieces.append(list(run))
        merged.extend(pieces)
    return _with_scripts(merged)


def _with_scripts(runs: list[list[Word]]) -> list[list[Word]]:
    """Superscripts that were drawn apart, put back to the line they touch."""
    kept: list[list[Word]] = []
    for place, run in enumerate(runs):
        host = next((other for other in _near(runs, place) if _is_script_of(run, other)), None)
        if host is None:
            kept.append(run)
        else:
            host.extend(run)
            host.sort(key=lambda word: word.x0)
    return kept


def _near(runs: list[list[Word]], place: int) -> list[list[Word]]:
    return [*runs[place + 1 : place + 6], *runs[max(0, place - 5) : place]]


def _is_script_of(run: list[Word], host: list[Word]) -> bool:
    if len(run) > 6 or sum(len(word.text) for word in run) > 8:
        return False
    own, main = _main(run), _main(host)
    if own.size >= _RAISED_SIZE * main.size or not _same_row(main, own):
        return False
    return host[0].x0 - 0.7 * main.size < run[0].x0 and run[-1].x1 < host[-1].x1 + 0.7 * main.size + (run[-1].x1 - run[0].x0)


def _main(run: Sequence[Word]) -> Word:
    """The word whose font the run has."""
    return max(run, key=lambda word: (word.size, len(word.text)))


def _span(run: list[Word]) -> Span:
    sizes: Counter[float] = Counter()
    heavy = total = 0
    for word in run:
        sizes[round(word.size, 1)] += len(word.text)
        heavy += len(word.text) * word.bold
        total += len(word.text)
    size = max(sizes, key=lambda each: (sizes[each], each))
    text, raised = _joined(run, _letter_gap(run), size)
    x0, x1 = min(word.x0 for word in run), max(word.x1 for word in run)
    y0, y1 = min(word.y0 for word in run), max(word.y1 for word in run)
    return Span(text, size, heavy > _BOLD_SHARE * total, x0, y0, x1, y1, raised)


def _joined(run: Sequence[Word], letter_gap: float, size: float) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text, with a space where one was drawn or seen, and where its superscripts are."""
    base = max((word for word in run if word.size > _RAISED_SIZE * size), key=lambda word: len(word.text), default=run[0]).base
    text = ""
    raised: list[tuple[int, int]] = []
    last: Word | None = None
    blank = _blank(run, size)
    for word in run:
        if last is not None and _apart(last, word, letter_gap):
            gap = word.x0 - last.x1
            text += "  " if gap > _BLANK * size or (gap > blank and not last.text.endswith(".")) else " "
        piece = tidy(word.text)
        whole = tidy(text + piece) if last is not None and _is_over(last, word) else text + piece
        if word.size < _RAISED_SIZE * size and base - word.base > 0.15 * size:
            raised.append((len(text), len(whole)))
        text, last = whole, word
    return text.strip(), tuple(raised)


def _blank(run: Sequence[Word], size: float) -> float:
    """Above which gap two names, not two words, are apart: wide as such, or beside the other gaps of the line."""
    gaps = sorted(after.x0 - before.x1 for before, after in pairwise(run) if after.spaced)
    usual = gaps[(len(gaps) - 1) // 2] if gaps else 0.0
    return min(_BLANK * size, max(1.8 * usual, 0.5 * size)) if len(gaps) > 2 else _BLANK * size


def _apart(last: Word, word: Word, letter_gap: float) -> bool:
    gap, size = word.x0 - last.x1, max(last.size, word.size)
    if letter_gap:
        return gap > letter_gap
    if gap < 0.12 * size and (word.text[:1] in _ACCENTS or _is_over(last, word)):
        return False
    if _WIDE_LETTER.match(last.text[-1:]) and _WIDE_LETTER.match(word.text[:1]):
        return word.blank or gap > 0.4 * size
    return word.spaced or gap > 0.25 * size


def _is_over(accent: Word, word: Word) -> bool:
    """Whether a word is an accent that was drawn over the first letter of the next."""
    return accent.text[-1:] in _ACCENTS and word.x0 < accent.x1 - 0.1 * word.size


def _letter_gap(run: Sequence[Word]) -> float:
    """Above which gap a new word begins in 'a b s t r a c t'; 0 for words that are set as usual."""
    single = sum(1 for word in run if len(word.text) == 1 and word.text.isalpha())
    if len(run) < 4 or single < 0.8 * len(run):
        return 0.0
    gaps = sorted(after.x0 - before.x1 for before, after in pairwise(run))
    return max(1.6 * gaps[len(gaps) // 2], 0.3)
