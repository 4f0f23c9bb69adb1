"""A message while it is being read: what was understood is cut out, what remains is the topic."""

import re
from collections.abc import Iterable

from rag.wording.scripts import to_simplified
from rag.wording.venues import canonical_venue

CUT = "\ue000"
"""Stands where a limit was cut out."""
HIDDEN = "\ue001"
"""Stands, in the text that patterns see, for each character between quotation marks."""

# Patterns are written in simplified characters and half-width punctuation; this makes a message match them.
_PLAIN = {
    **{ord(full): chr(ord(full) - 0xFEE0) for full in map(chr, range(0xFF01, 0xFF5F))},
    **to_simplified(),
    **dict(zip(map(ord, "麼麽瞭裡裏妳"), "么么了里里你", strict=True)),
    **dict.fromkeys(map(ord, "\u3000\u00a0"), " "),
    **dict.fromkeys(map(ord, "‘’`´"), "'"),
    **dict.fromkeys(map(ord, "“”„«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−～〜"), "-"),
    ord("。"): ".",
    ord("、"): ",",
    ord("~"): "-",
}
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR_IN_WORDS = re.compile(r"(?:一九|二[〇零○])[〇零○一二三四五六七八九]{2}(?=年|[到至-])")
_SPACES = re.compile(r"\s+")
_QUOTED = re.compile(r'"[^"]{1,400}"|《[^《》]{1,200}》')
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")

# Words of asking, and what they become when two neighbouring letters change places: none of these is another word.
_ASKING = """more papers paper similar compare export summarise summarize summary bibtex since before without first second third
show find about recommend articles article looking bring""".split()
_TRANSPOSED = {
    word[:at] + word[at + 1] + word[at] + word[at + 2 :]: word
    for word in _ASKING
    for at in range(len(word) - 1)
    if word[at] != word[at + 1]
}
# The same with one letter left out, of longer ones.
_INCOMPLETE = {word[:at] + word[at + 1 :]: word for word in _ASKING if len(word) > 5 for at in range(len(word))}
_WORD = re.compile(r"[A-Za-z]{4,10}")
_APART = re.compile(r"(?<=\d) (?=[年月篇个])|(?<=第) (?=\d)")

# What may be left hanging beside a limit that was cut out.
_HANGING_BEFORE = re.compile(
    r"(?:[\s,;:.\-(]|(?<![\w-])(?:and|but|or|also|only|just|that|which|are|were|was|is|published|written|from|in|by|ideally|preferably)|[和且并但的]|而且|并且|但是|只要|仅限)$",
    re.IGNORECASE,
)
_HANGING_AFTER = re.compile(
    r"(?:[\s,;:.\-)]|(?:and|but|or|also|only|just|please|on|about|of|regarding|concerning)(?![\w-])|[和且并但的]|而且|并且|但是)",
    re.IGNORECASE,
)


class Draft:
    """The message's own text, and beside it, character for character, the plain one that patterns see."""

    def __init__(self, message: str) -> None:
        text = _SPACES.sub(" ", message.replace(CUT, " ").replace(HIDDEN, " ")).strip()
        self.text = _WORD.sub(_completed, _APART.sub("", text))
        plain = _WORD.sub(_put_right, _YEAR_IN_WORDS.sub(_in_digits, self.text.translate(_PLAIN)))
        self.plain = _hide_quotations(plain)

    def copy(self) -> "Draft":
        """The same draft, to go on with in another way."""
        copied = object.__new__(Draft)
        copied.text, copied.plain = self.text, self.plain
        return copied

    def cut(self, spans: Iterable[tuple[int, int]]) -> None:
        """Takes out the characters from start to end of each span; CUT stands in their place."""
        kept: list[tuple[int, int]] = []
        begin = 0
        for start, end in sorted(spans):
            kept.append((begin, start))
            begin = max(begin, end)
        kept.append((begin, len(self.text)))
        self.text = CUT.join(self.text[start:end] for start, end in kept)
        self.plain = CUT.join(self.plain[start:end] for start, end in kept)

    def keep(self, start: int, end: int) -> None:
        """Goes on with the characters from ``start`` to ``end`` only."""
        self.text, self.plain = self.text[start:end], self.plain[start:end]

    def trim(self) -> None:
        """Drops what was cut out at the two ends, what hung on it, and spaces and marks around the rest."""
        length = -1
        while length != len(self.plain):
            length = len(self.plain)
            self._trim_once()

    def _trim_once(self) -> None:
        start, end = 0, len(self.plain)
        while start < end and self.plain[start] == CUT:
            start += 1
            while hanging := _HANGING_AFTER.match(self.plain, start, end):
                start = hanging.end()
        while start < end and self.plain[end - 1] == CUT:
            end -= 1
            while hanging := _HANGING_BEFORE.search(self.plain[max(start, end - 12) : end]):
                end -= len(hanging.group())
        self.keep(start, end)
        start, end = 0, len(self.plain)
        while start < end and self.plain[start] in " ,;:.!?":
            start += 1
        while start < end and self.plain[end - 1] in " ,;:.!?":
            end -= 1
        self.keep(start, end)

    def rest(self) -> str:
        """What remains, in the message's own characters, with the gaps closed."""
        self.trim()
        joined = ""
        for piece in self.text.split(CUT):
            left, right = joined.rstrip(" ,;:，、；("), piece.lstrip(" ,;:，、；)")
            spaced = joined.endswith(" ") or piece.startswith(" ")
            tight = not spaced and left and right and _CHINESE.match(left[-1]) and _CHINESE.match(right[0])
            joined = left + ("" if tight or not left or not right else " ") + right
        return joined.strip()


def _in_digits(year: re.Match[str]) -> str:
    return year.group().translate(_DIGITS)


def _completed(word: re.Match[str]) -> str:
    said = word[0].lower()
    return word[0] if said in _ASKING else _INCOMPLETE.get(said, word[0])


def _put_right(word: re.Match[str]) -> str:
    return _TRANSPOSED.get(word[0].lower(), word[0])


def _hide_quotations(plain: str) -> str:
    return _QUOTED.sub(_hidden, plain)


def _hidden(quoted: re.Match[str]) -> str:
    words = quoted.group()
    return words if canonical_venue(words) else words[0] + HIDDEN * (len(words) - 2) + words[-1]
