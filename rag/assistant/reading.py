"""Reading: what one message says by itself, before the conversation around it is looked at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rag.assistant.conversation import Intent, Language, Remark
from rag.assistant.limits import Limits
from rag.assistant.pasted import pasted, questions, without_reasons
from rag.wording.draft import Draft
from rag.wording.numerals import number
from rag.wording.patterns import CHANGES, LIMITS, REQUESTS, Rule, Says, rules
from rag.wording.scripts import chinese_script
from rag.wording.unwrapping import READ_CHARACTERS, unwrap, whole

REQUEST_CHARACTERS = 400
"""The longest message that can be a request about earlier answers."""
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")

_LIMIT_RULES = rules(*LIMITS)
_REQUEST_RULES = rules(*REQUESTS)
_CHANGE_RULES = rules(*CHANGES)
_NEGATION_RULES = rules(Says.NEGATION)
_NEGATION_AFTER_RULES = rules(Says.NEGATION_AFTER)
_NEGATABLE = frozenset({Says.VENUE, Says.YEARS, Says.AUTHOR, Says.LANGUAGE, Says.COLLECTION, Says.FULL_TEXT, Says.UPLOADS})
_NEGATION_CHARACTERS = 80
_POLITE_START_RULES = rules(Says.POLITE_START)
_POLITE_END_RULES = rules(Says.POLITE_END)


@dataclass(frozen=True, slots=True)
class Words:
    """A part of a message: as patterns see it, and character for character beside it as it was written."""

    plain: str
    original: str

    def __bool__(self) -> bool:
        return bool(self.plain.strip())


@dataclass(frozen=True, slots=True)
class Request:
    """What the whole message may ask to be done, if its words for papers turn out to be such."""

    says: Says
    limits: Limits
    which: tuple[Words, ...] = ()
    without: Words | None = None
    topic: str | None = None
    count: int | None = None
    format: str = ""
    by: str = ""
    older: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What one message says by itself: as a question, and as the requests it may be."""

    intent: Intent
    topic: str
    limits: Limits
    language: Language
    remark: Remark | None = None
    shortened: bool = False
    requests: tuple[Request, ...] = ()
    further: tuple[str, ...] = ()
    said: str = ""
    """The whole message in the words that patterns see, when it is short: "drop NeurIPS"."""


@lru_cache(maxsize=512)
def read(message: str, today: date) -> Reading:
    """What ``message`` says; the same message is read once."""
    message = _own_words(message)
    shortened = len(message) > READ_CHARACTERS
    text = message[:READ_CHARACTERS]
    if not _LETTER_OR_DIGIT.search(text):
        return Reading(Intent.UNREADABLE, "", Limits(today), "en", shortened=shortened)
    paste = pasted(text)
    if paste is not None:
        question = _question(paste.request, today, shortened=shortened) if paste.request else None
        limits = question.limits if question else Limits(today)
        language = _language(paste.request or paste.text)
        return Reading(Intent.FIND, paste.text, limits, language, shortened=shortened, further=paste.further)
    return _first_of(questions(text), text, today, shortened=shortened)


def _first_of(asked: list[str], text: str, today: date, *, shortened: bool) -> Reading:
    """The first of several questions, if each of them can be asked alone."""
    first = _question(asked[0], today, shortened=shortened)
    if len(asked) == 1 and (reasons := without_reasons(text)):
        # "I write about y. Could you suggest papers on x?" is about x; limits said among the reasons count all the same.
        reading = _question(text[text.rindex(reasons[-1]) + len(reasons[-1]) :].strip(), today, shortened=shortened)
        limits = reading.limits
        for reason in reasons:
            limits = limits.refining(_question(reason, today, shortened=False).limits)
        return replace(reading, limits=limits)
    if len(asked) > 1 and all(_question(one, today, shortened=False).intent is Intent.FIND for one in asked):
        return replace(first, further=tuple(asked[1:6]))
    return first if len(asked) == 1 else _question(text, today, shortened=shortened)


def _question(text: str, today: date, *, shortened: bool) -> Reading:
    limits, draft = Limits(today), Draft(text)
    said = draft.plain
    if (remark := whole(said)) is not None:
        return _remark(remark, today, _language(text))
    requests = list(_requests(Draft(text), Limits(today)))
    for rule in _LIMIT_RULES:
        _apply(rule, draft, limits)
    requests += [request for request in _requests(draft.copy(), limits) if request not in requests]
    unwrap(draft)
    remark = whole(draft.plain)
    if remark is not None and not limits:
        return _remark(remark, today, _language(text))
    # "Great, thanks. Nothing before 2017" is about the limits alone.
    topic = "" if remark is not None else draft.rest()
    found = Intent.FIND if _LETTER_OR_DIGIT.search(topic) else Intent.TOPIC_MISSING
    topic = topic if found is Intent.FIND else ""
    language = _language(text, *filter(None, [topic]), *limits.authors)
    short = said if len(said) <= REQUEST_CHARACTERS else ""
    return Reading(found, topic, limits, language, shortened=shortened, requests=tuple(requests), said=short)


def topic_of(text: str, today: date) -> tuple[str, Limits]:
    """The topic and the limits of a part of a message."""
    reading = _question(text, today, shortened=False)
    return reading.topic, reading.limits


def change_of(reading: Reading) -> Iterator[tuple[Says, str, str]]:
    """How the message may change the topic before: words of another, or of a narrower one; and those they stand for, or ''."""
    for draft in _asked_for(Draft(reading.said)):
        for rule in _CHANGE_RULES:
            if (found := rule.pattern.fullmatch(draft.plain)) and (words := _group(found, "topic", draft)):
                wrong = _group(found, "wrong", draft)
                yield rule.says, words.original, wrong.original if wrong else ""


def _own_words(message: str) -> str:
    """The message without the documents that Open WebUI puts before it where its own retrieval is left on."""
    if message.startswith("### Task:") and "</context>" in message:
        return message.rpartition("</context>")[2]
    return message


def _remark(says: Says, today: date, language: Language) -> Reading:
    if says is Says.HELP:
        return Reading(Intent.HELP, "", Limits(today), language)
    return Reading(Intent.SMALL_TALK, "", Limits(today), language, Remark(says.value))


def _requests(draft: Draft, limits: Limits) -> Iterator[Request]:
    """The requests that the whole message may be, in the table's order, each once."""
    if len(draft.plain) > REQUEST_CHARACTERS:
        return
    for asked in _asked_for(draft):
        for rule in _REQUEST_RULES:
            if found := rule.pattern.fullmatch(asked.plain):
                yield _request(rule.says, found, asked, limits)


def _asked_for(draft: Draft) -> Iterator[Draft]:
    """The message as it stands, and with more and more polite words taken off."""
    draft.trim()
    if not draft.plain or len(draft.plain) > REQUEST_CHARACTERS:
        return
    yield draft.copy()
    changed = True
    while changed:
        changed = False
        for rule in _POLITE_START_RULES:
            found = rule.pattern.match(draft.plain)
            if found and 0 < found.end() < len(draft.plain):
                draft.keep(found.end(), len(draft.plain))
                changed = True
        for rule in _POLITE_END_RULES:
            if (found := rule.pattern.search(draft.plain)) and found.start() > 0:
                draft.keep(0, found.start())
                changed = True
        if changed:
            draft.trim()
            yield draft.copy()


def _request(says: Says, found: re.Match[str], draft: Draft, limits: Limits) -> Request:
    which = tuple(filter(None, (_group(found, "which", draft), _group(found, "second", draft))))
    topic = _group(found, "topic", draft)
    count = _group(found, "count", draft)
    form, by = _group(found, "format", draft), _group(found, "by", draft)
    return Request(
        says,
        limits,
        which,
        _group(found, "without", draft),
        (topic.original if topic else "") if "topic" in found.re.groupindex else None,
        number(count.plain) if count else None,
        form.plain.casefold().strip(".") if form else "",
        by.plain.casefold() if by else "",
        _group(found, "older", draft) is not None,
    )


def _group(found: re.Match[str], name: str, draft: Draft) -> Words | None:
    for variant in (name, f"{name}2", f"{name}3"):
        if variant in found.re.groupindex and (found[variant] or "").strip():
            start, end = found.span(variant)
            return Words(draft.plain[start:end], draft.text[start:end])
    return None


def _apply(rule: Rule, draft: Draft, limits: Limits) -> None:
    spans: list[tuple[int, int]] = []
    for found in rule.pattern.finditer(draft.plain):
        start, end = _span(found)
        wide = _negated(draft.plain, start, end) if rule.says in _NEGATABLE else (start, end)
        if limits.take(rule.says, found, draft.text, negated=wide != (start, end)):
            spans.append(wide)
    if spans:
        draft.cut(spans)


def _span(found: re.Match[str]) -> tuple[int, int]:
    return found.span("cut") if found.groupdict().get("cut") is not None else found.span()


def _negated(plain: str, start: int, end: int) -> tuple[int, int]:
    """The span of a limit together with the words that say it is not wanted: "not" at NeurIPS, 2017年 "以外的"."""
    for rule in _NEGATION_RULES:
        offset = max(0, start - _NEGATION_CHARACTERS)
        if found := rule.pattern.search(plain[offset:start]):
            start = offset + found.start()
    for rule in _NEGATION_AFTER_RULES:
        if found := rule.pattern.match(plain, end):
            end = found.end()
    return start, end


def _language(message: str, *asked_for: str) -> Language:
    """The language of the words around what is asked for; where there are none, Chinese if it has more characters than words."""
    frame = message
    for words in filter(None, asked_for):
        frame = frame.replace(words, " ", 1)
    for text in (frame, message):
        chinese, latin = len(_CHINESE.findall(text)), len(_LATIN_WORD.findall(text))
        if chinese or latin:
            return chinese_script(message) if chinese > latin else "en"
    return "en"
