"""Chinese field terms in English, so that an English embedding model understands a Chinese question."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rag.text import CJK, fold
from rag.wording.scripts import to_simplified

_RUN = re.compile(f"[{CJK}]+")


@cache
def glossary() -> Mapping[str, str]:
    """``glossary.tsv``: Chinese term → English ones, joined by spaces."""
    text = Path(__file__).with_name("glossary.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {fold(chinese): english.replace(";", " ") for chinese, english in lines}


def in_english(text: str, terms: Mapping[str, str]) -> str:
    """``text`` with its Chinese terms in English; Chinese that is no term is left out, all else stays.

    '基于Transformer的低资源机器翻译方法' gives 'transformer low-resource machine translation'.
    """
    longest = max(map(len, terms), default=0)
    return " ".join(_RUN.sub(lambda run: f" {_translated(run.group(), terms, longest)} ", _simplified(text)).split())


def _simplified(text: str) -> str:
    return fold(text).translate(to_simplified())


def _translated(run: str, terms: Mapping[str, str], longest: int) -> str:
    """The terms that together cover most of ``run``, the fewest that do; of equals those that begin late ('中|医生')."""
    best: list[tuple[int, int, tuple[str, ...]]] = [(0, 0, ())]
    """For each length of the beginning: (characters covered, -number of terms, the terms in English)."""
    for end in range(1, len(run) + 1):
        ways = [best[end - 1]]
        for start in range(max(0, end - longest), end - 1):
            if (english := terms.get(run[start:end])) is not None:
                covered, number, before = best[start]
                ways.append((covered + end - start, number - 1, (*before, english)))
        best.append(max(reversed(ways), key=lambda way: way[:2]))
    return " ".join(best[-1][2])
