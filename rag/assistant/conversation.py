"""The nouns of a conversation: messages, a turn, what was understood, and the events of an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from rag.papers import Filters, Hit, PaperId, Query
from rag.wording.venues import venue_names

Language = Literal["en", "zh", "zh-Hant"]
"""English, 简体, 繁體."""

DEFAULT_LIMIT = 10
GREATEST_LIMIT = 50

KIND_IN_OTHER_LANGUAGE = {
    "survey": "综述",
    "review": "综述",
    "综述": "survey",
    "thesis": "学位论文",
    "学位论文": "thesis",
    "tutorial": "教程",
    "教程": "tutorial",
}
"""What a kind of paper is called in the other language: "without surveys" leaves out 综述 as well."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat. ``text`` is its text parts joined by line ends; ``images`` counts the others."""

    role: str
    text: str
    images: int = 0


def messages_from(body: Iterable[Mapping[str, Any]]) -> tuple[Message, ...]:
    """The ``messages`` of an OpenAI chat request; content may be a string, a list of parts, or missing."""
    return tuple(_message(entry) for entry in body)


def _message(entry: Mapping[str, Any]) -> Message:
    role, content = str(entry.get("role") or "user"), entry.get("content")
    if not isinstance(content, list):
        return Message(role, content if isinstance(content, str) else "")
    texts = [part["text"] for part in content if isinstance(part, Mapping) and isinstance(part.get("text"), str) and part["text"]]
    images = sum(1 for part in content if isinstance(part, Mapping) and part.get("type") == "image_url")
    return Message(role, "\n".join(texts), images)


@dataclass(frozen=True, slots=True)
class Turn:
    """One request for an answer: the conversation up to and with the newest question, and the day it is asked."""

    messages: tuple[Message, ...]
    today: date
    caller: str = ""
    """Who asks, for the log. What the caller may see is already bound into the assistant's search."""


class Intent(StrEnum):
    """What a message wants."""

    FIND = "find"
    """A ranked list, of a new question or of an earlier one refined."""
    MORE = "more"
    """The latest list goes on."""
    SIMILAR = "similar"
    COMPARE = "compare"
    SUMMARISE = "summarise"
    EXPLAIN = "explain"
    """Why a paper stands in the list."""
    EXPORT = "export"
    DETAILS = "details"
    """Who wrote it, when, where to open it."""
    COUNT = "count"
    MAP = "map"
    """The results of the latest question on a plane, by topic."""
    COLLECTIONS = "collections"
    TOPIC_MISSING = "topic missing"
    """A search is wanted, but neither this message nor an earlier one says about what."""
    HELP = "help"
    SMALL_TALK = "small talk"
    UNREADABLE = "unreadable"
    """Nothing to read: empty, punctuation or pictures only."""


LISTS = frozenset({Intent.FIND, Intent.MORE, Intent.SIMILAR})
"""What is answered by a ranked list, which later messages may go on from."""
ABOUT_PAPERS = frozenset({Intent.COMPARE, Intent.SUMMARISE, Intent.EXPLAIN, Intent.EXPORT, Intent.DETAILS})
"""What is answered about papers of earlier answers, or named ones."""


class Change(StrEnum):
    """What became of the question before."""

    REFINED = "refined"
    DROPPED = "dropped"
    """A limit was taken back."""
    WIDENED = "widened"
    OTHER_TOPIC = "other topic"
    NARROWER = "narrower"


class Unclear(StrEnum):
    """Why it cannot be said which papers are meant."""

    NO_LIST = "no list"
    NO_SUCH_PLACE = "no such place"
    SEVERAL_FIT = "several fit"
    NOT_FOUND = "not found"
    NOTHING_ATTACHED = "nothing attached"
    GONE = "gone"
    """A paper that was shown and can no longer be read: deleted, or not for whoever asks."""
    TOO_FEW = "too few"


@dataclass(frozen=True, slots=True)
class Meant:
    """The papers that a message speaks of."""

    papers: tuple[PaperId, ...] = ()
    names: tuple[str, ...] = ()
    """Titles, DOIs and arXiv ids that no earlier answer showed: to be looked up."""
    places: tuple[int, ...] = ()
    """Places in the latest list, where the conversation does not contain it; -1 is the last."""
    unclear: Unclear | None = None
    words: str = ""
    """The words that are unclear, or the candidates."""
    attached: bool = False
    """Whether the files attached to the chat are meant, if there are any; else the ``papers``."""

    @property
    def any(self) -> bool:
        """Whether some papers are meant, known or to be looked up."""
        return bool(self.papers or self.names or self.places or self.attached)


class Remark(StrEnum):
    """Which small talk it is."""

    GREETING = "greeting"
    THANKS = "thanks"
    WELLBEING = "wellbeing"
    IDENTITY = "identity"
    FAREWELL = "farewell"
    SORTING = "sorting"
    """Another order of the list, of which there is only one."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a conversation asks for now."""

    intent: Intent
    topic: str = ""
    filters: Filters = field(default_factory=Filters)
    limit: int = DEFAULT_LIMIT
    language: Language = "en"
    asked_limit: int | None = None
    """The number of papers as it was said, before ``limit`` was bounded; None when none was said."""
    remark: Remark | None = None
    shortened: bool = False
    """Whether the message was too long and only its beginning was read."""
    meant: Meant = field(default_factory=Meant)
    """The papers it is about: to be compared, exported, like which others are wanted."""
    alike: Meant = field(default_factory=Meant)
    """What the list, of which a paper is to be explained, is of papers like."""
    unlike: Meant = field(default_factory=Meant)
    """Similar papers are wanted that are not like these."""
    seen: tuple[PaperId, ...] = ()
    """What this list has shown so far, which more of it leaves out."""
    change: Change | None = None
    format: str = ""
    """Of an export: bibtex, ris, csl-json, csv or markdown."""
    by: Literal["year", "venue", "author"] = "year"
    """What a count is by."""
    further: tuple[str, ...] = ()
    """Other questions of the same message, to be asked one at a time."""
    listed: int = 0
    """How many papers the latest list has."""
    images: int = 0
    """Pictures in the message, which are not read."""
    read_as: str = ""
    """The question in words that the rules understand, where a language model read more in it than they did."""

    @property
    def limited(self) -> bool:
        """Whether any limit but the count was said."""
        return self.filters != Filters()

    def query(self) -> Query:
        """The search to make. Venues and excluded kinds of paper are searched under all their names."""
        filters = self.filters.model_copy(
            update={
                "venues": [name for venue in self.filters.venues for name in venue_names(venue)][:50],
                "exclude_venues": [name for venue in self.filters.exclude_venues for name in venue_names(venue)][:50],
                "exclude": _with_other_language(self.filters.exclude),
            }
        )
        names = " ".join([*self.filters.authors, *self.filters.venues])
        return Query(self.topic or names, filters, self.limit, by_limits=not self.topic)

    def without_limits(self) -> "Understanding":
        """The same question about the topic alone."""
        return replace(self, filters=Filters(), change=None)


def _with_other_language(kinds: list[str]) -> list[str]:
    both = [name for kind in kinds for name in (kind, KIND_IN_OTHER_LANGUAGE.get(kind, ""))]
    if "review" in kinds:
        both.append("survey")  # not the other way round: papers are about reviews of films, too
    return list(dict.fromkeys(filter(None, both)))[:50]


@dataclass(frozen=True, slots=True)
class Status:
    """What is being done, shown above the answer; ``done`` ends the shimmer."""

    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A paper the answer cites as ``[rank]``; ranks count from 1 without gaps."""

    rank: int
    hit: Hit


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the answer in Markdown."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture beside the text, as a whole HTML document. The text says the same in words."""

    html: str


Event = Status | Source | Text | Picture
