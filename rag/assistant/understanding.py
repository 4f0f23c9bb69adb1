"""Understanding: from the messages of a conversation to one request. Pure; no language model."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from rag.assistant.acts import INTENTS, about
from rag.assistant.conversation import (
    GREATEST_LIMIT,
    LISTS,
    Change,
    Intent,
    Language,
    Meant,
    Message,
    Unclear,
    Understanding,
)
from rag.assistant.limits import Limits
from rag.assistant.names import has_known_family_name
from rag.assistant.pointers import Known
from rag.assistant.printed import listed, mentioned, numbered, read_as
from rag.assistant.reading import Reading, Request, change_of, read, topic_of
from rag.papers import PaperId
from rag.text import has_cjk, normalised_title
from rag.wording.patterns import Says

_READ_MESSAGES = 80
_WORD = re.compile(r"[A-Za-z]+")
_BY = {
    "venue": ("venue", "conference", "journal", "会议", "期刊"),
    "author": ("author", "people", "researcher", "who", "谁", "作者"),
}
_PRONOUNS = frozenset({"these", "those", "them", "it", "this", "that", "they", "the results", "这些", "它们", "那些", "其中"})
_PRONOUNS |= {
    f"{before} {word}" for before in ("of", "these", "those") for word in ("these", "those", "them", "papers", "results")
}
_ANEW = re.compile(
    r"what (?:else )?(?:has|have|did)\b|(?:list|show|browse|what(?:'s| is) in)\b.{0,12}\bmy\b|列[出一].{0,6}我", re.IGNORECASE
)
"""Limits said like this are a question of their own: "what has Hinton written?", "list my uploads"."""
_ALLOWED = re.compile(
    r"(?:ok(?:ay)?,? |actually,? |include )?(?P<words>[\w -]{2,60}?) (?:is|are) (?:ok|okay|fine|allowed|welcome|good)"
    r"(?: (?:again|too|as well|now))?[.!]?"
)
_TAKING_BACK = ("drop ", "remove ", "without ", "forget ", "ignore ", "lift ", "not only ", "去掉", "取消", "不限")


def understand(messages: Sequence[Message], today: date) -> Understanding:
    """What the newest user message asks for, in the light of what was asked and answered before."""
    thread = _Thread(today)
    for message in messages[-_READ_MESSAGES:]:
        if message.role == "user":
            thread.hear(message)
        elif message.role == "assistant":
            thread.note(message.text)
    return thread.current


class _Thread:
    """A conversation as far as it has been read: the question, the list that answers it, the papers spoken of."""

    def __init__(self, today: date) -> None:
        self._today = today
        self.current = Understanding(Intent.UNREADABLE)
        self._limits = Limits(today)
        self._question: Understanding | None = None
        """The latest understanding that lists go on from."""
        self._known = Known()
        self._seen: tuple[PaperId, ...] = ()

    def note(self, answer: str) -> None:
        """The assistant's answer to what was heard last."""
        if self.current.intent is Intent.FIND and (again := read_as(answer)):
            self.hear(Message("user", again))
        if found := listed(answer):
            going_on = self.current.intent is Intent.MORE
            self._seen = (*(self._seen if going_on else ()), *(paper.id for paper in found))
            self._known = replace(self._known, list=found, focus=())
        elif self.current.intent is Intent.MAP and (grouped := numbered(answer)):
            self._known = replace(self._known, list=grouped, focus=())
        elif self.current.intent in LISTS:
            # An answer that lists nothing leaves the earlier list to speak of.
            self._seen = self._seen if self.current.intent is Intent.MORE else ()
        elif spoken_of := mentioned(answer):
            self._known = replace(self._known, focus=spoken_of)

    def hear(self, message: Message) -> None:
        """A message of the person's."""
        reading = read(message.text, self._today)
        understood = self._requested(reading) or self._asked(reading)
        language = reading.limits.answer_language or self._limits.answer_language or understood.language
        if understood.intent is Intent.UNREADABLE and self._question is not None:
            language = self.current.language
        self.current = replace(
            understood, language=language, shortened=reading.shortened, listed=len(self._known.list), images=message.images
        )
        if self.current.intent in LISTS or (self.current.intent is Intent.COUNT and self.current.topic):
            self._known = replace(self._known, asked=True)
            if self.current.intent is not Intent.MORE:
                self._question, self._seen = self.current, ()

    def _requested(self, reading: Reading) -> Understanding | None:
        """What is asked to be done with earlier answers; None when the message is a question like any other."""
        for request in reading.requests:
            if understood := self._request(request, reading):
                return understood
        return None

    def _request(self, request: Request, reading: Reading) -> Understanding | None:
        match request.says:
            case Says.MORE:
                return self._more(request, reading)
            case Says.AGAIN:
                return (
                    None
                    if self._question is None
                    else replace(self._question, intent=self._list_intent(), change=None, further=())
                )
            case Says.WIDEN:
                return self._widened(reading)
            case Says.NEWER:
                return self._newer(request, reading)
            case Says.MAP:
                return self._mapped(reading)
            case Says.STATISTICS:
                return self._counted(request, reading)
            case Says.COLLECTIONS:
                return Understanding(Intent.COLLECTIONS, language=reading.language)
            case Says.SAME:
                return self._same(request, reading)
            case Says.ANSWER:
                return self._same(request, reading) if self.current.meant.unclear else None
            case _:
                return self._about(request, reading)

    def _list_intent(self) -> Intent:
        """What kind of list the question before has."""
        similar = self._question is not None and self._question.intent is Intent.SIMILAR
        return Intent.SIMILAR if similar else Intent.FIND

    def _more(self, request: Request, reading: Reading) -> Understanding | None:
        if self._question is None:
            return None
        limits = request.limits.refining(self._limits)
        count = min(request.count or self._question.limit, GREATEST_LIMIT)
        intent = Intent.MORE if not request.limits else self._list_intent()
        self._limits = limits
        return replace(
            self._question,
            intent=intent,
            filters=limits.filters(),
            limit=count,
            asked_limit=request.count,
            seen=self._seen,
            change=None,
            further=(),
            language=self._language(reading),
        )

    def _widened(self, reading: Reading) -> Understanding | None:
        if self._question is None:
            return None
        limited = self._question.limited
        self._limits = Limits(self._today, answer_language=self._limits.answer_language)
        limit = self._question.limit if limited else min(2 * self._question.limit, GREATEST_LIMIT)
        return replace(
            self._question,
            intent=self._list_intent(),
            filters=self._limits.filters(),
            limit=limit,
            asked_limit=None,
            change=Change.WIDENED,
            further=(),
            language=self._language(reading),
        )

    def _newer(self, request: Request, reading: Reading) -> Understanding | None:
        """The question before, after (or before) the middle one of the years in the latest list."""
        years = sorted(year for paper in self._known.list if (year := paper.year) is not None)
        if self._question is None or not years:
            return None
        middle = years[len(years) // 2]
        limits = replace(self._limits, year_to=middle - 1) if request.older else replace(self._limits, year_from=middle + 1)
        return self._refined(replace(reading, limits=limits))

    def _mapped(self, reading: Reading) -> Understanding | None:
        if self._question is None:
            return Understanding(Intent.MAP, language=reading.language, meant=Meant(unclear=Unclear.NO_LIST))
        # What the latest list was found by can be asked again for more; papers like others cannot.
        similar = self._question.intent is Intent.SIMILAR
        return replace(
            self._question,
            intent=Intent.MAP,
            meant=Meant(papers=tuple(paper.id for paper in self._known.list)) if similar else Meant(),
            unlike=Meant(),
            limit=GREATEST_LIMIT,
            asked_limit=None,
            change=None,
            further=(),
            language=self._language(reading),
        )

    def _counted(self, request: Request, reading: Reading) -> Understanding | None:
        words = (request.topic or "").strip(" ?？,，的")
        topic, limits = topic_of(words, self._today) if words else ("", Limits(self._today))
        limits = request.limits.refining(limits)
        if not topic or normalised_title(topic) in _PRONOUNS:
            if self._question is None and not limits:
                # "how many papers" of everything, but no bare "per year".
                return Understanding(Intent.COUNT, language=reading.language, by=_counted_by(request.by)) if request.by else None
            if self._question is not None and self._question.intent is Intent.SIMILAR:
                listed = Meant(papers=tuple(paper.id for paper in self._known.list))
                return Understanding(Intent.COUNT, language=reading.language, by=_counted_by(request.by), meant=listed)
            if self._question is not None:
                topic, limits = self._question.topic, limits.refining(self._limits)
        self._limits = limits
        return Understanding(
            Intent.COUNT,
            topic,
            limits.filters(),
            language=reading.language,
            by=_counted_by(request.by),
        )

    def _about(self, request: Request, reading: Reading) -> Understanding | None:
        understood = about(request, self._known, self._question, self._language(reading))
        if understood is not None and understood.intent is Intent.SIMILAR:
            self._limits = request.limits
        return understood

    def _same(self, request: Request, reading: Reading) -> Understanding | None:
        """What was done last with papers, with others of them."""
        says = next((says for says, intent in INTENTS.items() if intent is self.current.intent), None)
        if says is None:
            return None
        understood = self._about(replace(request, says=says, format=self.current.format), reading)
        clear = understood is not None and (understood.meant.papers or understood.meant.unclear is Unclear.SEVERAL_FIT)
        return understood if clear and understood is not None and not understood.meant.names else None

    def _asked(self, reading: Reading) -> Understanding:
        """The message as a question, or as a change of the question before."""
        if self._question is not None and reading.said and (changed := self._changed(reading)):
            return changed
        if reading.intent is Intent.TOPIC_MISSING:
            return self._refined(reading)
        if reading.intent is Intent.FIND:
            self._limits = replace(reading.limits, answer_language=reading.limits.answer_language or self._limits.answer_language)
        limits = reading.limits
        return Understanding(
            reading.intent,
            reading.topic,
            limits.filters(),
            limits.limit(),
            reading.language,
            limits.asked_limit,
            reading.remark,
            further=reading.further,
        )

    def _changed(self, reading: Reading) -> Understanding | None:
        """Another or a narrower topic within the limits before; a limit named by its value and taken back."""
        question = self._question
        if question is None or reading.intent not in (Intent.FIND, Intent.TOPIC_MISSING):
            return None
        if dropped := self._named_limits(reading.said):
            return self._refined(replace(reading, limits=replace(Limits(self._today), dropped=dropped)))
        if reading.intent is Intent.TOPIC_MISSING and reading.limits:
            return None
        for says, words, wrong in change_of(reading):
            topic, limits = topic_of(words, self._today)
            limits = limits or reading.limits
            if not topic:
                return self._refined(replace(reading, limits=limits)) if limits else None
            corrected = bool(wrong) and wrong in question.topic
            if corrected:
                topic = question.topic.replace(wrong, topic)
            elif says is Says.OTHER_TOPIC and not question.topic and question.filters.authors and has_known_family_name(topic):
                return self._refined(replace(reading, limits=replace(limits, authors=[topic])))
            narrower = says is not Says.OTHER_TOPIC and not corrected
            if narrower and question.intent is Intent.SIMILAR:
                return None
            self._limits = limits.refining(self._limits)
            return Understanding(
                Intent.FIND,
                f"{question.topic} {topic}".strip() if narrower else topic,
                self._limits.filters(),
                self._limits.limit(),
                self._language(reading),
                self._limits.asked_limit,
                change=Change.NARROWER if narrower else Change.OTHER_TOPIC,
            )
        return None

    def _named_limits(self, said: str) -> set[str]:
        if allowed := _ALLOWED.fullmatch(said.casefold()):
            return self._limits.naming(allowed["words"])
        for start in _TAKING_BACK:
            if said.casefold().startswith(start):
                words = said[len(start) :].strip(" .!?").removeprefix("the ")
                for end in (" limit", " filter", "限制"):
                    words = words.removesuffix(end)
                return self._limits.naming(words) if words else set()
        return set()

    def _refined(self, reading: Reading) -> Understanding:
        """The message, which has no topic, on top of the latest question and what refined it since."""
        if not reading.limits:
            return Understanding(Intent.TOPIC_MISSING, language=self._language(reading) if self._question else reading.language)
        if self._question is None or _ANEW.match(reading.said):
            limits = reading.limits
            self._limits = limits
            named = bool(limits.authors or limits.venues or limits.collections or limits.among)
            return Understanding(
                Intent.FIND if named else Intent.TOPIC_MISSING,
                filters=limits.filters(),
                limit=limits.limit(),
                language=reading.language,
                asked_limit=limits.asked_limit,
            )
        dropped = bool(reading.limits.dropped)
        self._limits = reading.limits.refining(self._limits)
        intent = self._list_intent()
        nothing_left = intent is Intent.FIND and not (
            self._question.topic or self._limits.authors or self._limits.venues or self._limits.collections or self._limits.among
        )
        return replace(
            self._question,
            intent=Intent.TOPIC_MISSING if nothing_left else intent,
            filters=self._limits.filters(),
            limit=self._limits.limit(),
            asked_limit=self._limits.asked_limit,
            language=self._language(reading),
            change=Change.DROPPED if dropped else Change.REFINED,
            further=(),
        )

    def _language(self, reading: Reading) -> Language:
        """Of a message; one that is a single word or less ("BibTeX", "top 3") leaves the conversation's."""
        if self._question is None or len(_WORD.findall(reading.said)) > 1 or has_cjk(reading.said):
            return reading.language
        return self.current.language


def _counted_by(words: str) -> Literal["year", "venue", "author"]:
    if any(word in words for word in _BY["venue"]):
        return "venue"
    return "author" if any(word in words for word in _BY["author"]) else "year"
