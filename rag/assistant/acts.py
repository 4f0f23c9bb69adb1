"""What is to be done with papers that a message points at: compare, summarise, explain, export, find others like them."""

import re
from dataclasses import replace

from rag.assistant.conversation import (
    DEFAULT_LIMIT,
    GREATEST_LIMIT,
    Intent,
    Language,
    Meant,
    Unclear,
    Understanding,
)
from rag.assistant.pointers import Known, meant, together
from rag.assistant.reading import Request
from rag.exports import Format, format_named
from rag.wording.patterns import Says

_COMPARED = 5
INTENTS = {
    Says.SIMILAR: Intent.SIMILAR,
    Says.RECOMMEND: Intent.SIMILAR,
    Says.COMPARE: Intent.COMPARE,
    Says.SUMMARISE: Intent.SUMMARISE,
    Says.EXPLAIN: Intent.EXPLAIN,
    Says.EXPORT: Intent.EXPORT,
    Says.DETAILS: Intent.DETAILS,
}


def about(request: Request, known: Known, question: Understanding | None, language: Language) -> Understanding | None:
    """The request as it is understood after what is ``known`` and the latest ``question``; None when its words mean no papers."""
    intent = INTENTS[request.says]
    spoken_of = _meant(request, intent, known)
    if spoken_of is None:
        return None
    if intent is Intent.SIMILAR:
        return _similar(request, spoken_of, known, language)
    counted = len(spoken_of.papers) + len(spoken_of.names) + len(spoken_of.places)
    if intent is Intent.COMPARE and counted == 1 and not (spoken_of.unclear or spoken_of.attached):
        spoken_of = Meant(unclear=Unclear.TOO_FEW)
    base = question or Understanding(Intent.FIND)
    return replace(
        base,
        intent=intent,
        language=language,
        meant=spoken_of,
        alike=base.meant if base.intent is Intent.SIMILAR else Meant(),
        unlike=Meant(),
        change=None,
        further=(),
        format=(format_named(request.format) or Format.BIBTEX) if intent is Intent.EXPORT else "",
    )


def _similar(request: Request, alike: Meant, known: Known, language: Language) -> Understanding | None:
    unlike = meant(request.without.plain, request.without.original, known) if request.without is not None else Meant()
    if unlike is None:
        return None
    count = request.count or request.limits.asked_limit
    return Understanding(
        Intent.SIMILAR,
        filters=request.limits.filters(),
        limit=min(count or DEFAULT_LIMIT, GREATEST_LIMIT),
        asked_limit=count,
        language=language,
        meant=alike,
        unlike=unlike,
    )


def _meant(request: Request, intent: Intent, known: Known) -> Meant | None:
    if not request.which:
        return meant("these", "these", known) if request.says is Says.RECOMMEND else _meant_by_default(intent, known)
    parts = [meant(words.plain, words.original, known) for words in request.which]
    if any(part is None for part in parts):
        # "similar to Attention Is All You Need", which no answer has shown yet: to be looked up.
        titles = tuple(words.original.strip(" .,;:!?") for words in request.which)
        return Meant(names=titles) if all(map(_looks_like_title, titles)) else None
    said = [part for part in parts if part is not None]
    all_meant = said[0] if len(said) == 1 else together(said)
    if all_meant.unclear is Unclear.SEVERAL_FIT and not all_meant.words and intent in (Intent.EXPORT, Intent.COMPARE):
        return _meant_by_default(intent, known)
    if intent is Intent.COMPARE and len(all_meant.papers) > _COMPARED:
        return replace(all_meant, papers=all_meant.papers[:_COMPARED])
    return all_meant


def _meant_by_default(intent: Intent, known: Known) -> Meant | None:
    """Whose summary, export … where the message names no paper."""
    words = {Intent.EXPORT: "all", Intent.COMPARE: "all"}.get(intent, "it")
    if words == "it" and not known.focus and not known.list:
        return None
    found = meant(words, words, known)
    if found is not None and intent is Intent.COMPARE:
        return replace(found, papers=found.papers[:_COMPARED])
    return found


def _looks_like_title(words: str) -> bool:
    """Whether most of at least three words begin with a capital letter, as in a title and seldom in a topic."""
    found = re.findall(r"[^\W\d_][\w'’-]*", words)
    return len(found) >= 3 and sum(word[0].isupper() for word in found) * 5 >= 3 * len(found)
