"""Citation keys: readable, the same at every export, and no two alike within one."""

import re
from collections import Counter
from collections.abc import Sequence

from rag.papers import Paper
from rag.text import STOP_WORDS, family_key, fold

_TITLE_WORDS = 3
_WORD = re.compile(r"[a-z0-9]+")


def keys(papers: Sequence[Paper]) -> list[str]:
    """One key a paper: 'vaswani2017attentionneed'. Papers that would share one get their own ids behind it."""
    stems = [_key(paper) for paper in papers]
    often = Counter(stems)
    return [stem if often[stem] == 1 else f"{stem}-{paper.id}" for stem, paper in zip(stems, papers, strict=True)]


def _key(paper: Paper) -> str:
    """Made of the paper alone, of ASCII letters and digits, as every BibTeX program takes them; else the paper's id."""
    author = "".join(_WORD.findall(family_key(paper.authors[0]))) if paper.authors else ""
    words = [word for word in _WORD.findall(fold(paper.title)) if word not in STOP_WORDS and len(word) > 1]
    title = "".join(words[:_TITLE_WORDS])
    if not author and not title:
        return paper.id
    key = f"{author}{paper.year or ''}{title}"[:80]
    return key if key[0].isalpha() else f"paper{key}"
