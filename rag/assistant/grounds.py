"""What a sentence may rest on: whether its figures, names and terms stand in what it cites."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Self

from rag.retrieval import question_stems
from rag.text import has_cjk, tokens

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_LATIN = "A-Za-z\u00c0-\u024f"
_WORD = re.compile(f"[{_LATIN}][{_LATIN}0-9]*(?:[-'’][{_LATIN}0-9]+)*")
_BEGINNING = re.compile(r"[.:!?\"“(]\s*$")
_SHARED = 0.2
"""Part of a sentence's words that must stand in what it cites. Of 28 sentences that sum up an excerpt in other words, none has
less than 0.33; sentences about something else have next to none."""
_FEW_WORDS = 4
"""Fewer say too little to be about something else."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Figures and search tokens of texts. Chinese terms of the glossary count in English as well."""

    figures: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    chinese: bool = False
    """Whether one of the texts has Chinese: then words that do not stand in it may be its own in English."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Those of one text."""
        return cls(frozenset(_FIGURE.findall(text)), question_stems(text), has_cjk(text))

    @classmethod
    def together(cls, grounds: Sequence["Grounds"]) -> "Grounds":
        """Those of several texts."""
        return reduce(lambda a, b: Grounds(a.figures | b.figures, a.stems | b.stems, a.chinese or b.chinese), grounds, Grounds())

    def bear(self, sentence: str) -> bool:
        """Whether each figure, name and Latin term of the sentence stands here, and enough of its words."""
        figures = all(figure in self.figures for figure in _FIGURE.findall(sentence))
        named = all(self.stems.issuperset(tokens(name)) for name in _names(sentence))
        return figures and named and (self.chinese or has_cjk(sentence) or self._shares(sentence))

    def _shares(self, sentence: str) -> bool:
        words = set(tokens(sentence))
        return len(words) < _FEW_WORDS or len(words & self.stems) >= _SHARED * len(words)


def _names(sentence: str) -> Iterator[str]:
    """Words with a capital, but for one that only begins a sentence; in a Chinese sentence, all that is in Latin letters."""
    chinese = has_cjk(sentence)
    for word in _WORD.finditer(sentence):
        begins = word.start() == 0 or _BEGINNING.search(sentence, 0, word.start()) is not None
        capitals = sum(letter.isupper() for letter in word[0])
        if len(word[0]) > 1 and (chinese or capitals > 1 or (capitals and not (begins and word[0][0].isupper()))):
            yield word[0]
