"""Simplified and traditional Chinese: which of them a message is written in, and each in the other's characters.

Characters are replaced one by one. That is right for our own short texts, which a test reads over; it is no translation of
prose, where one simplified character may stand for several (后 for 后 and 後).
"""

from functools import cache
from importlib.resources import files
from typing import Literal

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
def _to_traditional() -> dict[int, str]:
    return {ord(simple): forms[0] for simple, forms in _forms().items()}


@cache
def _only_simplified() -> frozenset[str]:
    return frozenset(simple for simple, forms in _forms().items() if simple not in forms)


def in_traditional(text: str) -> str:
    """``text`` of ours, written in simplified characters, in traditional ones."""
    return text.translate(_to_traditional())


def chinese_script(text: str) -> ChineseScript:
    """Traditional where the text has more characters that only it uses; simplified where nothing tells."""
    traditional = sum(1 for character in text if ord(character) in to_simplified())
    simplified = sum(1 for character in text if character in _only_simplified())
    return "zh-Hant" if traditional > simplified else "zh"
