"""Open WebUI's background tasks — title, follow-ups, tags — answered from the conversation, never with a search."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from rag.assistant.answer import EXAMPLES, shortened
from rag.assistant.conversation import LISTS, Intent, Language, Message, Understanding
from rag.assistant.messages import say
from rag.assistant.phrasing import spoken
from rag.assistant.printed import Printed, listed, mentioned
from rag.assistant.understanding import understand
from rag.papers import Filters

TITLE_CHARACTERS = 60
TAG_CHARACTERS = 40
FOLLOW_UPS = 6
_NARROWER = 2
_FEW = 2
"""Papers that may all be by the same people."""
UNKNOWN_TASK = "unknown"

# What a task's prompt begins with, and what it says: Open WebUI 0.12's own templates, then the key any template must ask for.
_TASK = re.compile(r"^\s*### Task:")
_QUESTION_OVER_DOCUMENTS = re.compile(r"^\s*### Task:\s*Respond to the user query using the provided context", re.IGNORECASE)
_PHRASES = (
    ("title_generation", re.compile(r'Generate a concise(?:, 3-5 word)? title|"title"\s*:')),
    ("tags_generation", re.compile(r'broad tags categorizing|"tags"\s*:')),
    ("follow_up_generation", re.compile(r'Predict 3-5 useful messages|follow-up questions|"follow_ups"\s*:')),
    ("query_generation", re.compile(r'necessity of generating search queries|"queries"\s*:')),
    ("autocomplete_generation", re.compile(r"You are an autocompletion system")),
    ("image_prompt_generation", re.compile(r"prompt for an? (?:am )?image generation task|image generation task")),
)
_OTHER_TASKS = (
    ("emoji_generation", re.compile(r"^\s*Your task is to reflect the speaker's likely facial expression")),
    ("moa_response_generation", re.compile(r"^\s*You have been provided with a set of responses from various models")),
    ("function_calling", re.compile(r"^\s*Available Tools:[\s\S]{0,200000}?Your task is to choose and return the correct tool")),
)
_HISTORY = re.compile(r"<chat_history>\n?([\s\S]*)</chat_history>")
_SPEAKER = re.compile(r"^(USER|ASSISTANT|SYSTEM|TOOL): ?", re.MULTILINE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SURVEY = re.compile(r"\b(?:survey|review|overview)\b|综述", re.IGNORECASE)
_QUOTES = re.compile(r"[\"'“”‘’«»`*_]")


def task_of(messages: Sequence[Message]) -> str | None:
    """The task that the text of the messages asks for; None when it is a person's question."""
    text = messages[-1].text if messages else ""
    for name, pattern in _OTHER_TASKS:
        if pattern.search(text):
            return name
    if not _TASK.match(text) or _QUESTION_OVER_DOCUMENTS.match(text):
        return None
    prompt = text.partition("<chat_history>")[0]
    return next((name for name, pattern in _PHRASES if pattern.search(prompt)), UNKNOWN_TASK)


def answer_task(task: str, messages: Sequence[Message], today: date | None = None) -> str:
    """The JSON that Open WebUI expects for ``task``; ``{}`` for one we have no answer to."""
    day = today or datetime.now().astimezone().date()
    conversation = _conversation(messages)
    match task:
        case "title_generation":
            return _json({"title": _title(conversation, day)})
        case "follow_up_generation":
            return _json({"follow_ups": _follow_ups(conversation, day)})
        case "tags_generation":
            return _json({"tags": _tags(conversation, day)})
        case "query_generation":
            return _json({"queries": []})
        case _:
            return _json({})


def _json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _conversation(messages: Sequence[Message]) -> list[Message]:
    """The chat that a task is about: the messages beside the prompt, else the one written out in it, which may be cut short."""
    beside = [message for message in messages if not _TASK.match(message.text)]
    if any(message.role == "user" for message in beside):
        return beside
    written = next((found for message in reversed(messages) if (found := _HISTORY.search(message.text))), None)
    return list(_speakers(written.group(1))) if written else beside


def _speakers(history: str) -> Iterator[Message]:
    starts = list(_SPEAKER.finditer(history))
    for start, end in zip(starts, [*(s.start() for s in starts[1:]), len(history)], strict=True):
        yield Message(start.group(1).lower(), history[start.end() : end].strip())


def _first_question(conversation: list[Message], today: date) -> Understanding:
    """The first question of the conversation that has a topic; its first message if none has."""
    readings = [understand([message], today) for message in conversation if message.role == "user"]
    first = Understanding(Intent.UNREADABLE)
    return next((reading for reading in readings if reading.topic), readings[0] if readings else first)


def _title(conversation: list[Message], today: date) -> str:
    asked = _first_question(conversation, today)
    if asked.intent is Intent.FIND:
        title = shortened(_QUOTES.sub("", asked.topic or ", ".join(asked.query().text.split(", "))), TITLE_CHARACTERS)
        if title:
            return title[0].upper() + title[1:]
    return say("title_help" if asked.intent is Intent.HELP else "title_chat", asked.language)


def _tags(conversation: list[Message], today: date) -> list[str]:
    asked = _first_question(conversation, today)
    topic = _QUOTES.sub("", asked.topic)
    return [say("tag", asked.language), *([topic] if 0 < len(topic) <= TAG_CHARACTERS else [])]


def _follow_ups(conversation: list[Message], today: date) -> list[str]:
    """What one might say next, made of what the last answer shows; each is understood as it is meant."""
    asked = understand(conversation, today)
    answer = next((message.text for message in reversed(conversation) if message.role == "assistant"), "")
    found, spoken_of = listed(answer), mentioned(answer)
    suggestions = list(asked.further)
    if asked.intent in LISTS and found:
        enough = len(found) >= _ENOUGH_FOR_PICTURES
        suggestions += _narrower(asked, found, today)[: 1 if enough else _NARROWER]
        suggestions += _acts(_PICTURES if enough and asked.topic else (), conversation, asked.language, today)
        suggestions += _acts(_ABOUT_LIST, conversation, asked.language, today)
    elif asked.intent in LISTS and asked.topic:
        suggestions += [said for wanted in _wider(asked) if (said := spoken(wanted, today))]
        suggestions.append(say("what_can_you_do", asked.language))
    elif asked.intent is Intent.COUNT and asked.topic:
        suggestions += _acts(_ABOUT_COUNT, conversation, asked.language, today)
    elif asked.intent is Intent.EXPORT and "```" in answer:
        suggestions += _after_export(asked, conversation, today)
    elif spoken_of:
        suggestions += _acts(_ABOUT_ONE if len(spoken_of) == 1 else _ABOUT_SEVERAL, conversation, asked.language, today)
    else:
        suggestions += [say(name, asked.language) for name in EXAMPLES]
    return list(dict.fromkeys(suggestions))[:FOLLOW_UPS]


# What can be done next, and what it must be understood as.
_ABOUT_LIST = (
    ("follow_similar", Intent.SIMILAR),
    ("follow_compare", Intent.COMPARE),
    ("follow_export", Intent.EXPORT),
    ("follow_more", Intent.MORE),
    ("follow_summary", Intent.SUMMARISE),
)
_PICTURES = (("follow_map", Intent.MAP), ("follow_when", Intent.COUNT))
_ENOUGH_FOR_PICTURES = 5
_ABOUT_ONE = (("follow_like_it", Intent.SIMILAR), ("follow_cite_it", Intent.EXPORT), ("follow_more", Intent.MORE))
_ABOUT_EXPORTED = (
    ("follow_summary_of", Intent.SUMMARISE),
    ("follow_like", Intent.SIMILAR),
    ("follow_compare_these", Intent.COMPARE),
    ("follow_more", Intent.MORE),
)
_ABOUT_SEVERAL = (("follow_cite_both", Intent.EXPORT), ("follow_more", Intent.MORE))
_ABOUT_COUNT = (("follow_show", Intent.FIND), ("follow_authors", Intent.COUNT), ("follow_venues", Intent.COUNT))


def _after_export(asked: Understanding, conversation: list[Message], today: date) -> Iterator[str]:
    """What can be done with the papers that were exported out of the latest list, and the list's next papers."""
    lists = (listed(message.text) for message in reversed(conversation) if message.role == "assistant")
    places = [paper.rank for paper in next(filter(None, lists), ()) if paper.id in asked.meant.papers]
    if not places:
        return _acts(_ABOUT_EXPORTED[-1:], conversation, asked.language, today)
    # One paper compared with itself is not understood, and so not suggested.
    second = places[min(1, len(places) - 1)]
    return _acts(_ABOUT_EXPORTED, conversation, asked.language, today, first=places[0], second=second)


def _acts(
    acts: Sequence[tuple[str, Intent]], conversation: list[Message], language: Language, today: date, **places: int
) -> Iterator[str]:
    """Those of the acts that would be understood here as they are meant, about papers that are there."""
    for name, intent in acts:
        said = say(name, language, **places)
        heard = understand([*conversation, Message("user", said)], today)
        if heard.intent is intent and heard.meant.unclear is None:
            yield said


def _narrower(asked: Understanding, found: Sequence[Printed], today: date) -> list[str]:
    """The question within narrower limits that some of the papers found meet, and some do not."""

    def limited(**limits: Any) -> Understanding:
        filters = Filters(**(asked.filters.model_dump() | limits))
        return replace(asked, intent=Intent.FIND, filters=filters, seen=(), change=None)

    wanted: list[Understanding] = []
    years = sorted(year for paper in found if (year := paper.year) is not None)
    # The best paper stays among them: without it, the others may not be near enough to the topic to be shown.
    middle = min(years[len(years) // 2], found[0].year or 0) if years else 0
    if years and years[0] < middle and asked.filters.year_from is None:
        wanted.append(limited(year_from=middle))
    author = _first_author(found[0].facts)
    if author and len(found) > _FEW and not asked.filters.authors:
        wanted.append(limited(authors=[author]))
    if not asked.filters.exclude and any(_SURVEY.search(paper.title) for paper in found):
        wanted.append(limited(exclude=["survey" if asked.language == "en" else "综述"]))
    wanted += _wider(asked)
    return [said for one in wanted if asked.topic and (said := spoken(one, today))]


def _wider(asked: Understanding) -> Iterator[Understanding]:
    if asked.limited:
        yield replace(asked.without_limits(), intent=Intent.FIND, seen=())


def _first_author(facts: str) -> str:
    """The first author in an item's second line, 'A, B et al. · 2017 · NeurIPS'."""
    first = facts.partition(" · ")[0]
    return "" if _YEAR.fullmatch(first) else re.split(r", |、| et al\.$| 等$", first)[0].strip()
