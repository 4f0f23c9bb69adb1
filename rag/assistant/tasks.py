"""Open WebUI's background tasks — title, follow-ups, tags — answered from the conversation, never with a search."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from rag.assistant.answer import EXAMPLES, shortened
from rag.assistant.conversation import Intent, Message, Understanding
from rag.assistant.markdown import original
from rag.assistant.messages import say
from rag.assistant.phrasing import question
from rag.assistant.understanding import understand
from rag.papers import Filters

TITLE_CHARACTERS = 60
TAG_CHARACTERS = 40
FOLLOW_UPS = 3
_FOLLOW_UP_COUNT = 5
_RECENT_YEARS = 3
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
_FIRST_ITEM = re.compile(r"^1\. .*\[1\] *\n(?: +(?!>)(.*))?", re.MULTILINE)
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
    """The chat that a task is about: the one written out in the prompt, else the messages themselves."""
    for message in reversed(messages):
        if written := _HISTORY.search(message.text):
            return list(_speakers(written.group(1)))
    return [message for message in messages if not _TASK.match(message.text)]


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
    asked = understand(conversation, today)
    answered = next((message.text for message in reversed(conversation) if message.role == "assistant"), "")
    first = _FIRST_ITEM.search(answered)
    if asked.intent is not Intent.FIND or not asked.topic:
        return [say(name, asked.language) for name in EXAMPLES]
    wanted = _narrower(asked, _first_author(first.group(1) or ""), today) if first else _wider(asked)
    suggestions = [said for understanding in wanted if (said := _said(understanding, today))]
    if not first:
        suggestions.append(say("what_can_you_do", asked.language))
    return list(dict.fromkeys(suggestions))[:FOLLOW_UPS]


def _narrower(asked: Understanding, author: str, today: date) -> Iterator[Understanding]:
    def limited(**limits: Any) -> Understanding:
        return replace(asked, filters=Filters(**(asked.filters.model_dump() | limits)))

    if asked.filters.year_from is None and asked.filters.year_to is None:
        yield limited(year_from=today.year - _RECENT_YEARS)
    if author and not asked.filters.authors:
        yield limited(authors=[author])
    if not asked.filters.exclude:
        yield limited(exclude=["survey" if asked.language == "en" else "综述"])
    if asked.asked_limit is None:
        yield replace(asked, asked_limit=_FOLLOW_UP_COUNT, limit=_FOLLOW_UP_COUNT)
    yield from _wider(asked)


def _wider(asked: Understanding) -> Iterator[Understanding]:
    if asked.limited:
        yield asked.without_limits()


def _said(wanted: Understanding, today: date) -> str:
    """The question in words, if asking it would be understood as it is meant; else ''."""
    said = question(wanted)
    heard = understand([Message("user", said)], today)
    meant = (heard.topic, heard.filters, heard.limit) == (wanted.topic, wanted.filters, wanted.limit)
    return said[0].upper() + said[1:] if meant else ""


def _first_author(facts: str) -> str:
    """The first author in an item's second line, 'A, B et al. · 2017 · NeurIPS'."""
    names = original(facts).partition(" · ")[0]
    return re.split(r", |、| et al\.$| 等$", names)[0].strip()
