"""A chat model's reading of a question: taken only where it is made of the question's own words, and can be said in ours."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from pydantic import BaseModel, ConfigDict, Field

from rag.assistant.conversation import GREATEST_LIMIT, Intent, Message, Understanding
from rag.assistant.phrasing import spoken
from rag.chat_model import ChatModel
from rag.papers import Filters
from rag.text import fold, tokens
from rag.wording.venues import canonical_venue

SECONDS = 2.0
"""A question waits for this reading so long at most."""
_LONGEST = 400
_FEWEST_WORDS = 6
_LIMIT_WORDS = re.compile(
    r"\d|\b(?:by|from|at|since|before|after|until|without|only|not|no|except|last|past|recent|published|authors?|written|wrote)\b"
    r"|年|作者|以前|以后|之前|之后|不要|除了|发表",
    re.IGNORECASE,
)
_TIME_WORDS = re.compile(r"\b(?:last|past|recent|ago|since|decades?|century|years?|new|old)\w*\b|年|近|去|今", re.IGNORECASE)
_NEAR = 0.75
SYSTEM = (
    "You read one question to a search engine for scientific papers and say what it asks for. topic: the subject in the "
    "question's own words and language, without the words of asking and without the limits; mend slips of the keyboard. "
    "The limits only if the question states them: year_from, year_to (today is {today}), authors, venues, exclude (kinds of "
    "paper that are not wanted, such as survey), count. Add nothing that the question does not say."
)


class Proposal(BaseModel):
    """What a model may say of a question; everything else makes the whole invalid."""

    model_config = ConfigDict(extra="forbid")

    topic: str = Field(min_length=1, max_length=300)
    year_from: int | None = Field(default=None, ge=1900, le=2100)
    year_to: int | None = Field(default=None, ge=1900, le=2100)
    authors: list[str] = Field(default_factory=list, max_length=5)
    venues: list[str] = Field(default_factory=list, max_length=5)
    exclude: list[str] = Field(default_factory=list, max_length=5)
    count: int | None = Field(default=None, ge=1, le=GREATEST_LIMIT)


def doubtful(understanding: Understanding, messages: Sequence[Message]) -> bool:
    """Whether the rules may have missed something: a new question, no pasted text, whose topic is long or speaks of limits."""
    asked = messages[-1].text if messages else ""
    topic = understanding.topic
    if understanding.intent is not Intent.FIND or understanding.change is not None or understanding.further:
        return False
    return 0 < len(topic) <= len(asked) <= _LONGEST and (len(topic.split()) >= _FEWEST_WORDS or bool(_LIMIT_WORDS.search(topic)))


async def better(model: ChatModel, understanding: Understanding, messages: Sequence[Message], today: date) -> Understanding:
    """The understanding, bettered by the model's proposal if that is valid, in time, and says nothing that the question does not.

    The model sees this one message alone: no answer of ours, and so nothing out of a paper.
    """
    asked = messages[-1].text
    proposal = await model.read(SYSTEM.format(today=today.isoformat()), asked, Proposal, SECONDS)
    if proposal is None or not _grounded(proposal, asked):
        return understanding
    wanted = replace(
        understanding,
        topic=" ".join(proposal.topic.split()),
        filters=_limits(understanding.filters, proposal),
        asked_limit=understanding.asked_limit or proposal.count,
        limit=understanding.limit if understanding.asked_limit else proposal.count or understanding.limit,
    )
    if (wanted.topic, wanted.filters, wanted.limit) == (understanding.topic, understanding.filters, understanding.limit):
        return understanding
    said = spoken(wanted, today)
    return replace(wanted, read_as=said) if said else understanding


def _limits(ruled: Filters, proposal: Proposal) -> Filters:
    """What the rules found stays; the model may add what they missed."""
    venues = [canonical_venue(venue) or venue for venue in proposal.venues]
    years = {"year_from": proposal.year_from, "year_to": proposal.year_to}
    if ruled.year_from is not None or ruled.year_to is not None:
        years = {}
    added = {"authors": proposal.authors, "venues": venues, "exclude": [kind.lower() for kind in proposal.exclude], **years}
    return Filters(**(ruled.model_dump() | {name: value for name, value in added.items() if value and not getattr(ruled, name)}))


def _grounded(proposal: Proposal, asked: str) -> bool:
    said = fold(asked)
    words = set(re.findall(r"[^\W_]+", said))
    stems = set(tokens(asked))
    topic = tokens(proposal.topic)
    known = [stem for stem in topic if stem in stems or get_close_matches(stem, stems, 1, _NEAR)]
    years = [year for year in (proposal.year_from, proposal.year_to) if year is not None]
    return (
        bool(topic)
        and len(known) == len(topic)
        and all(set(re.findall(r"[^\W_]+", fold(name))) <= words or fold(name) in said for name in proposal.authors)
        and all(fold(venue) in said for venue in proposal.venues)
        and all(set(tokens(kind)) <= stems for kind in proposal.exclude)
        and (all(str(year) in said for year in years) or _TIME_WORDS.search(asked) is not None)
        and (proposal.count is None or re.search(r"\d|top|first|前|篇", asked, re.IGNORECASE) is not None)
        and years == sorted(years)
    )
