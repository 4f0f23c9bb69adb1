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
    """``text`` with its Chinese terms in English, longest first; Chinese that is no term is left out, all else stays.

    '基于Transformer的低资源机器翻译方法' gives 'transformer low-resource machine translation method'.
    """
    longest = max(map(len, terms), default=0)
    return " ".join(_RUN.sub(lambda run: f" {_translated(run.group(), terms, longest)} ", _simplified(text)).split())


def _simplified(text: str) -> str:
    return fold(text).translate(to_simplified())


def _translated(run: str, terms: Mapping[str, str], longest: int) -> str:
    found: list[str] = []
    start = 0
    while start < len(run):
        sizes = range(min(longest, len(run) - start), 1, -1)
        size = next((n for n in sizes if run[start : start + n] in terms), 0)
        if size:
            found.append(terms[run[start : start + size]])
        start += size or 1
    return " ".join(found)
