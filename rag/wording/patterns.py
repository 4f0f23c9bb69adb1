"""The rules by which a question is read, from the table in ``rules.txt``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from rag.wording.draft import CUT
from rag.wording.numerals import CHINESE_NUMBER, ENGLISH_NUMBER
from rag.wording.venues import short_venue_pattern, small_venue_pattern, venue_pattern


class Says(StrEnum):
    """What the words of a rule mean; the headings of the table."""

    # the whole message, no question
    HELP = "help"
    GREETING = "greeting"
    THANKS = "thanks"
    WELLBEING = "wellbeing"
    IDENTITY = "identity"
    FAREWELL = "farewell"
    SORTING = "sorting"
    # limits, anywhere in the message
    ANSWER_LANGUAGE = "answer language"
    VENUE = "venue"
    YEARS = "years"
    EXCLUDED = "excluded"
    LANGUAGE = "language"
    COUNT = "count"
    COLLECTION = "collection"
    FULL_TEXT = "full text"
    UPLOADS = "uploads"
    AUTHOR = "author"
    # words beside a limit that turn it round
    NEGATION = "negation"
    NEGATION_AFTER = "negation after"
    # words around the topic
    OPENING = "opening"
    CLOSING = "closing"
    # limits taken back, anywhere in the message
    DROP = "drop"
    # words around a request about earlier answers
    POLITE_START = "polite start"
    POLITE_END = "polite end"
    # requests about earlier answers, the whole message
    MORE = "more"
    AGAIN = "again"
    WIDEN = "widen"
    NEWER = "newer"
    MAP = "map"
    SIMILAR = "similar"
    RECOMMEND = "recommend"
    COMPARE = "compare"
    EXPLAIN = "explain"
    SUMMARISE = "summarise"
    EXPORT = "export"
    STATISTICS = "statistics"
    SAME = "same"
    ANSWER = "answer"
    DETAILS = "details"
    COLLECTIONS = "collections"
    OTHER_TOPIC = "other topic"
    CORRECTED_TOPIC = "corrected topic"
    NARROWER_TOPIC = "narrower topic"
    # papers of earlier answers, a piece of an enumeration
    ATTACHED = "attached"
    IT = "it"
    BOTH = "both"
    ALL = "all"
    EXTREME = "extreme"
    FIRST = "first"
    FINAL = "final"
    SPAN = "span"
    PLACE = "place"
    DESCRIBED = "described"


LIMITS = frozenset(
    {
        Says.DROP,
        Says.ANSWER_LANGUAGE,
        Says.VENUE,
        Says.YEARS,
        Says.EXCLUDED,
        Says.LANGUAGE,
        Says.COUNT,
        Says.COLLECTION,
        Says.FULL_TEXT,
        Says.UPLOADS,
        Says.AUTHOR,
    }
)
REQUESTS = frozenset(
    {
        Says.MORE,
        Says.AGAIN,
        Says.WIDEN,
        Says.NEWER,
        Says.MAP,
        Says.SIMILAR,
        Says.RECOMMEND,
        Says.COMPARE,
        Says.EXPLAIN,
        Says.SUMMARISE,
        Says.EXPORT,
        Says.STATISTICS,
        Says.SAME,
        Says.ANSWER,
        Says.DETAILS,
        Says.COLLECTIONS,
    }
)
CHANGES = frozenset({Says.OTHER_TOPIC, Says.CORRECTED_TOPIC, Says.NARROWER_TOPIC})
POINTERS = frozenset(
    {
        Says.ATTACHED,
        Says.IT,
        Says.BOTH,
        Says.ALL,
        Says.EXTREME,
        Says.FIRST,
        Says.FINAL,
        Says.SPAN,
        Says.PLACE,
        Says.DESCRIBED,
    }
)
WHOLE = frozenset({Says.HELP, Says.GREETING, Says.THANKS, Says.WELLBEING, Says.IDENTITY, Says.FAREWELL, Says.SORTING})
WRAPPING = frozenset({Says.OPENING, Says.CLOSING})


@dataclass(frozen=True, slots=True)
class Rule:
    """Words, what they mean, and a message that shows it. ``after_request``: only where words of asking stood before."""

    says: Says
    expression: str
    flags: re.RegexFlag
    example: str
    after_request: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """Compiled with its first use: all of them take half a second, which is not every command's to pay."""
        return _compiled(self.expression, self.flags)


@cache
def _compiled(expression: str, flags: re.RegexFlag) -> re.Pattern[str]:
    return re.compile(expression, flags)


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
        "SHORTVENUE": short_venue_pattern(),
    }
    for heading, name, pattern in _entries(table):
        if heading == "pieces":
            pieces[name] = pattern
            continue
        while _PIECE.search(pattern):
            pattern = _PIECE.sub(lambda piece: pieces[piece.group(1)], pattern)
        meaning, _, exact = heading.partition(", ")
        flags = re.NOFLAG if exact else re.IGNORECASE
        yield Rule(Says(meaning), pattern, flags, name.removesuffix(_AFTER_REQUEST), name.endswith(_AFTER_REQUEST))


RULES: tuple[Rule, ...] = tuple(_rules(files(__package__).joinpath("rules.txt").read_text(encoding="utf-8")))


def rules(*meanings: Says) -> tuple[Rule, ...]:
    """The rules of these meanings, in the table's order."""
    return tuple(rule for rule in RULES if rule.says in meanings)


def compile_rules() -> None:
    """Compile every rule now, so that no question waits for it."""
    for rule in RULES:
        _ = rule.pattern
