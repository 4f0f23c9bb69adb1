"""An understanding put back into words: a question that, asked, is understood the same."""

from datetime import date

from rag.assistant.conversation import Intent, Language, Message, Understanding
from rag.assistant.messages import say
from rag.assistant.understanding import understand
from rag.papers import Filters
from rag.wording.scripts import in_traditional

_PLURALS = {"thesis": "theses", "meta-analysis": "meta-analyses"}
_KINDS = frozenset({"survey", "review", "overview", "tutorial", "dissertation", "book", "preprint", "editorial", "patent"})


def kinds_of_paper(excluded: list[str], language: Language) -> list[str]:
    """Excluded kinds as one says them: 'survey' is 'surveys' in English, 综述 is 綜述 in traditional Chinese."""
    if language == "en":
        return [_plural(kind) for kind in excluded]
    return [in_traditional(kind) for kind in excluded] if language == "zh-Hant" else list(excluded)


def _plural(kind: str) -> str:
    last = kind.rpartition(" ")[2]
    return f"{kind}s" if last in _KINDS else _PLURALS.get(kind, kind)


def question(understanding: Understanding) -> str:
    """The question in the reader's language, all its limits in it."""
    return _english(understanding) if understanding.language == "en" else _chinese(understanding)


def spoken(wanted: Understanding, today: date) -> str:
    """The question in words, if asking it would be understood as it is meant; else ''."""
    said = question(wanted)
    heard = understand([Message("user", said)], today)
    meant = (heard.topic, heard.filters, heard.limit) == (wanted.topic, wanted.filters, wanted.limit)
    return said[0].upper() + said[1:] if meant and heard.intent is Intent.FIND else ""


def _english(understanding: Understanding) -> str:
    filters = understanding.filters
    words = [say("ask_count", "en", count=understanding.asked_limit)] if understanding.asked_limit else []
    words.append(say("ask_topic", "en", topic=understanding.topic))
    if filters.authors:
        words.append(say("ask_by", "en", names=say("ask_and", "en").join(filters.authors)))
    if filters.venues:
        words.append(say("ask_at", "en", names=say("or", "en").join(filters.venues)))
    words.append(_years(filters, "en"))
    words.append(_among(filters, "en"))
    if filters.exclude:
        words.append(say("ask_without", "en", names=say("or", "en").join(kinds_of_paper(filters.exclude, "en"))))
    words += _excluded(filters, "en", say("or", "en"))
    words.extend(say("ask_language", "en", name=say(f"language_{code}", "en")) for code in filters.languages)
    return "".join(words)


def _excluded(filters: Filters, language: Language, joint: str) -> list[str]:
    kinds = {
        "ask_not_in": list(map(str, filters.exclude_years)),
        "ask_not_by": filters.exclude_authors,
        "ask_not_at": filters.exclude_venues,
    }
    return [say(name, language, names=joint.join(values)) for name, values in kinds.items() if values]


def _chinese(understanding: Understanding) -> str:
    filters, language = understanding.filters, understanding.language
    both = say("ask_and", language)
    words = [_among(filters, language), _years(filters, language)]
    if filters.venues:
        words.append(say("ask_at", language, names=say("or", language).join(filters.venues)))
    if understanding.asked_limit:
        words.append(say("ask_count", language, count=understanding.asked_limit))
    about = say("ask_topic", language, topic=understanding.topic)
    paper = say("paper", language)
    tongues = "".join(say("ask_language", language, name=say(f"language_{code}", language)) for code in filters.languages)
    words.append(about.removesuffix(paper) + tongues + paper if tongues else about)
    if filters.authors:
        words.append(say("ask_by", language, names=both.join(filters.authors)))
    if filters.exclude:
        words.append(say("ask_without", language, names=both.join(kinds_of_paper(filters.exclude, language))))
    return "".join([*words, *_excluded(filters, language, both)])


def _among(filters: Filters, language: Language) -> str:
    if filters.among is None:
        return ""
    return say("ask_among_uploads" if filters.among == "uploads" else "ask_among_attached", language)


def _years(filters: Filters, language: Language) -> str:
    first, last = filters.year_from, filters.year_to
    if first is not None and last is not None:
        return say("ask_in" if first == last else "ask_between", language, first=first, last=last)
    if first is not None:
        return say("ask_since", language, year=first)
    return say("ask_until", language, year=last) if last is not None else ""
