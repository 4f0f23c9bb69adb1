"""Simplified and traditional Chinese: which of them a message is written in, and each in the other's characters."""

from functools import cache
from importlib.resources import files
from typing import Literal

from opencc import OpenCC

ChineseScript = Literal["zh", "zh-Hant"]


@cache
def _forms() -> dict[str, str]:
    """Simplified character → its traditional forms, the usual one first."""
    lines = files(__package__).joinpath("traditional.txt").read_text(encoding="utf-8").splitlines()
    return {line[0]: line[1:] for line in lines if not line.startswith("#")}


@cache
def to_simplified() -> dict[int, str]:
    """For ``str.translate``: traditional characters that are no simplified ones as well."""
    return {ord(form): simple for simple, forms in _forms().items() for form in forms if form not in _forms() and form != simple}


@cache
def only_simplified() -> frozenset[str]:
    """Characters that no text in traditional ones has."""
    return frozenset(simple for simple, forms in _forms().items() if simple not in forms)


@cache
def _converter() -> OpenCC:
    return OpenCC("s2twp")


def in_traditional(text: str) -> str:
    """``text`` of ours, written in simplified characters, in traditional ones and the words that Taiwan uses (檔案 for 文件)."""
    converted: str = _converter().convert(text)
    return converted


def chinese_script(text: str) -> ChineseScript:
    """Traditional where the text has more characters that only it uses; simplified where nothing tells."""
    traditional = sum(1 for character in text if ord(character) in to_simplified())
    simplified = sum(1 for character in text if character in only_simplified())
    return "zh-Hant" if traditional > simplified else "zh"
