"""Understanding: from the messages of a conversation to one request. Pure; no language model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.assistant.conversation import Intent, Language, Message, Remark, Understanding
from rag.assistant.limits import Limits
from rag.wording.draft import Draft
from rag.wording.patterns import RULES, WHOLE, WRAPPING, Rule, Says
from rag.wording.unwrapping import READ_CHARACTERS, unwrap, whole

_READ_MESSAGES = 40
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")

_LIMIT_RULES = tuple(rule for rule in RULES if rule.says not in WHOLE | WRAPPING)


def understand(messages: Sequence[Message], today: date) -> Understanding:
    """What the newest user message asks for; one that only states limits refines the latest question with a topic."""
    asked = [message for message in messages if message.role == "user"][-_READ_MESSAGES:]
    readings = [_read(message.text, today) for message in asked]
    if not readings:
        return Understanding(Intent.UNREADABLE)
    reading = readings[-1]
    if reading.intent is Intent.TOPIC_MISSING:
        reading = _refined(readings)
    elif reading.intent is Intent.UNREADABLE and len(readings) > 1:
        reading = replace(reading, language=readings[-2].language)
    return reading.understanding()


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one message says by itself."""

    intent: Intent
    topic: str
    limits: Limits
    language: Language
    remark: Remark | None = None
    shortened: bool = False

    def understanding(self) -> Understanding:
        return Understanding(
            self.intent,
            self.topic,
            self.limits.filters(),
            self.limits.limit(),
            self.limits.answer_language or self.language,
            self.limits.asked_limit,
            self.remark,
            self.shortened,
        )


def _refined(readings: list[_Reading]) -> _Reading:
    """The newest reading, which has no topic, on top of the latest question and what refined it since."""
    newest = readings[-1]
    if not newest.limits:
        return newest
    topic, limits = "", Limits(newest.limits.today)
    for reading in readings:
        if reading.intent is Intent.FIND:
            topic, limits = reading.topic, reading.limits
        elif reading.intent is Intent.TOPIC_MISSING:
            limits = reading.limits.refining(limits)
    if topic or limits.authors or limits.venues:
        return replace(newest, intent=Intent.FIND, topic=topic, limits=limits)
    return replace(newest, limits=limits)


def _own_words(message: str) -> str:
    """The message without the documents that Open WebUI puts before it where its own retrieval is left on."""
    if message.startswith("### Task:") and "</context>" in message:
        return message.rpartition("</context>")[2]
    return message


def _read(message: str, today: date) -> _Reading:
    message = _own_words(message)
    shortened = len(message) > READ_CHARACTERS
    text = message[:READ_CHARACTERS]
    limits = Limits(today)
    if not _LETTER_OR_DIGIT.search(text):
        return _Reading(Intent.UNREADABLE, "", limits, "en", shortened=shortened)
    draft = Draft(text)
    if remark := whole(draft.plain):
        return _remark(remark, limits, _language(text))
    for rule in _LIMIT_RULES:
        _apply(rule, draft, limits)
    unwrap(draft)
    if remark := whole(draft.plain):
        return _remark(remark, limits, _language(text))
    topic = draft.rest()
    if not _LETTER_OR_DIGIT.search(topic):
        return _Reading(Intent.TOPIC_MISSING, "", limits, _language(text, *limits.authors), shortened=shortened)
    return _Reading(Intent.FIND, topic, limits, _language(text, topic, *limits.authors), shortened=shortened)


def _remark(says: Says, limits: Limits, language: Language) -> _Reading:
    """The reading of a message without a question."""
    if says is Says.HELP:
        return _Reading(Intent.HELP, "", Limits(limits.today), language)
    return _Reading(Intent.SMALL_TALK, "", Limits(limits.today), language, Remark(says.value))


def _apply(rule: Rule, draft: Draft, limits: Limits) -> None:
    spans = [_span(found) for found in rule.pattern.finditer(draft.plain) if limits.take(rule.says, found, draft.text)]
    if spans:
        draft.cut(spans)


def _span(found: re.Match[str]) -> tuple[int, int]:
    return found.span("cut") if found.groupdict().get("cut") is not None else found.span()


def _language(message: str, *asked_for: str) -> Language:
    """The language of the words around what is asked for; where there are none, Chinese if it has more characters than words."""
    frame = message
    for words in filter(None, asked_for):
        frame = frame.replace(words, " ", 1)
    for text in (frame, message):
        chinese, latin = len(_CHINESE.findall(text)), len(_LATIN_WORD.findall(text))
        if chinese or latin:
            return "zh" if chinese > latin else "en"
    return "en"
