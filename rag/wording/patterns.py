"""The rules by which a question is read, from the table in ``rules.txt``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from rag.wording.draft import CUT
from rag.wording.numerals import CHINESE_NUMBER, ENGLISH_NUMBER
from rag.wording.venues import small_venue_pattern, venue_pattern


class Says(StrEnum):
    """What the words of a rule mean; the headings of the table."""

    # the whole message, no question
    HELP = "help"
    GREETING = "greeting"
    THANKS = "thanks"
    WELLBEING = "wellbeing"
    IDENTITY = "identity"
    FAREWELL = "farewell"
    # limits, anywhere in the message
    ANSWER_LANGUAGE = "answer language"
    VENUE = "venue"
    YEARS = "years"
    EXCLUDED = "excluded"
    LANGUAGE = "language"
    COUNT = "count"
    AUTHOR = "author"
    # words around the topic
    OPENING = "opening"
    CLOSING = "closing"


WHOLE = frozenset({Says.HELP, Says.GREETING, Says.THANKS, Says.WELLBEING, Says.IDENTITY, Says.FAREWELL})
WRAPPING = frozenset({Says.OPENING, Says.CLOSING})


@dataclass(frozen=True, slots=True)
class Rule:
    """Words, what they mean, and a message that shows it. ``after_request``: only where words of asking stood before."""

    says: Says
    pattern: re.Pattern[str]
    example: str
    after_request: bool = False


_AFTER_REQUEST = "  @after request"
_PIECE = re.compile("<([A-Z]+)>")


def _entries(table: str) -> Iterator[tuple[str, str, str]]:
    """The table's entries: heading, name or example, and the indented lines joined."""
    heading, name, lines = "", "", list[str]()
    for line in [*table.splitlines(), ""]:
        if line.startswith("    "):
            lines.append(line[4:])
            continue
        if lines:
            yield heading, name, "".join(lines)
            lines = []
        if line.startswith("["):
            heading = line.strip("[]")
        elif not line.startswith("#"):
            name = line


def _rules(table: str) -> Iterator[Rule]:
    pieces = {
        "CUT": CUT,
        "NUMBER": f"(?:{ENGLISH_NUMBER})",
        "CNUMBER": f"(?:{CHINESE_NUMBER})",
        "VENUE": venue_pattern(ambiguous=False),
        "RISKYVENUE": venue_pattern(ambiguous=True),
        "SMALLVENUE": small_venue_pattern(),
    }
    for heading, name, pattern in _entries(table):
        if heading == "pieces":
            pieces[name] = pattern
            continue
        while _PIECE.search(pattern):
            pattern = _PIECE.sub(lambda piece: pieces[piece.group(1)], pattern)
        meaning, _, exact = heading.partition(", ")
        compiled = re.compile(pattern, 0 if exact else re.IGNORECASE)
        yield Rule(Says(meaning), compiled, name.removesuffix(_AFTER_REQUEST), name.endswith(_AFTER_REQUEST))


RULES: tuple[Rule, ...] = tuple(_rules(files(__package__).joinpath("rules.txt").read_text(encoding="utf-8")))
