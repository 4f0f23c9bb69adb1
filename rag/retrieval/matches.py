"""Which words of a text are words of the question: what makes a quotation's bold print, and says why a paper was found."""

import re
from collections.abc import Iterable, Iterator, Set

from rag.retrieval.glossary import glossary, in_english
from rag.text import CJK, has_cjk, tokens

_WORD = re.compile(f"(?P<cjk>[{CJK}]+)|[^\\W_{CJK}]+")


def question_stems(question: str) -> frozenset[str]:
    """The search tokens of a question; of a Chinese one, also those of its terms in English."""
    stems = tokens(question)
    if has_cjk(question):
        stems = [*stems, *tokens(in_english(question, glossary()))]
    return frozenset(stems)


def matching_spans(text: str, stems: Set[str]) -> list[tuple[int, int]]:
    """Where in ``text`` words with one of ``stems`` stand, in order; neighbours with one space between them are one."""
    joined: list[tuple[int, int]] = []
    for start, end in _spans(text, stems):
        if joined and text[joined[-1][1] : start] in ("", " ", "-"):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _spans(text: str, stems: Set[str]) -> Iterator[tuple[int, int]]:
    for word in _WORD.finditer(text):
        if word["cjk"]:
            for place in range(word.start(), word.end() - 1):
                if text[place : place + 2] in stems:
                    yield place, place + 2
        elif not stems.isdisjoint(tokens(word.group())):
            yield word.span()


def matching_words(texts: Iterable[str], stems: Set[str]) -> list[str]:
    """The words in ``texts`` that match, as they are written there, each stem once, in order."""
    found: dict[str, str] = {}
    for text in texts:
        for word in _WORD.finditer(text):
            if word["cjk"]:
                for start, end in matching_spans(word.group(), stems):
                    found.setdefault(word.group()[start:end], word.group()[start:end])
            else:
                for stem in tokens(word.group()):
                    if stem in stems:
                        found.setdefault(stem, word.group())
    return list(found.values())
