"""The answer in Markdown: what was understood, then the ranked list, or an honest word that nothing fits."""

from collections.abc import Iterator

from rag.assistant.conversation import Intent, Language, Understanding
from rag.assistant.markdown import link, plain
from rag.assistant.messages import TEXTS, say
from rag.assistant.phrasing import kinds_of_paper, question
from rag.errors import (
    AuthenticationError,
    DatabaseUnavailableError,
    EmbeddingError,
    ForbiddenError,
    PaperFinderError,
)
from rag.papers import Hit, Paper
from rag.text import one_line
from rag.wording.unwrapping import READ_CHARACTERS

SHOWN_AUTHORS = 3
SHOWN_CHARACTERS = 300
_SHOWN_TOPIC = 200
EXAMPLES = ("example_1", "example_2", "example_3")


def understood(understanding: Understanding) -> str:
    """The line of what was understood, each limit visible: **Understood:** topic · since 2021 · without surveys · top 5."""
    language = understanding.language
    topic = shortened(understanding.topic, _SHOWN_TOPIC)
    parts = [plain(topic) if topic else say("any_topic", language), *limits(understanding)]
    if understanding.asked_limit is not None:
        name = "top" if understanding.asked_limit == understanding.limit else "top_cut"
        parts.append(say(name, language, count=understanding.limit, asked=understanding.asked_limit))
    line = say("understood", language, parts=" · ".join(parts))
    if understanding.shortened:
        line += "\n\n" + say("shortened", language, count=READ_CHARACTERS)
    return line + "\n\n"


def limits(understanding: Understanding) -> list[str]:
    """Each limit of the search in a few words, without the count."""
    filters, language = understanding.filters, understanding.language
    parts = [years] if (years := _years(filters.year_from, filters.year_to, language)) else []
    kinds = kinds_of_paper(filters.exclude, language)
    tongues = [say(f"language_{code}", language) if f"language_{code}" in TEXTS else code for code in filters.languages]
    for name, values in (("by", filters.authors), ("at", filters.venues), ("without", kinds), ("written_in", tongues)):
        if values:
            parts.append(say(name, language, names=say("and", language).join(map(plain, values))))
    return parts


def _years(first: int | None, last: int | None, language: Language) -> str:
    if first is not None and last is not None:
        return say("in_year", language, year=first) if first == last else say("between", language, first=first, last=last)
    if first is not None:
        return say("since", language, year=first)
    return say("until", language, year=last) if last is not None else ""


def item(rank: int, hit: Hit, language: Language) -> str:
    """One paper of the list: title as link and its citation mark; authors, year, venue; the sentence that matched."""
    indent = " " * len(f"{rank}. ")
    lines = [f"{rank}. {link(one_line(hit.paper.title) or hit.paper.id, hit.paper.link)} [{rank}]"]
    if facts := _facts(hit.paper, language):
        lines.append(indent + facts)
    text = "  \n".join(lines) + "\n"
    if quotation := _quotation(hit, language):
        text += f"{indent}> {quotation}\n"
    return text + "\n"


def _facts(paper: Paper, language: Language) -> str:
    facts = [authors(paper, language), str(paper.year) if paper.year is not None else "", plain(paper.venue)]
    return " · ".join(filter(None, facts))


def authors(paper: Paper, language: Language) -> str:
    """The first authors as Markdown, given names first: 'A, B, C et al.'."""
    names = [plain(shortened(_given_first(name), 80)) for name in paper.authors[:SHOWN_AUTHORS] if name.strip()]
    joined = say("comma", language).join(names)
    return say("et_al", language, names=joined) if len(paper.authors) > SHOWN_AUTHORS else joined


def _given_first(name: str) -> str:
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() else name.strip()


def _quotation(hit: Hit, language: Language) -> str:
    if not hit.passages:
        return plain(shortened(hit.paper.abstract, SHOWN_CHARACTERS))
    best = hit.passages[0]
    quotation = plain(shortened(best.highlight or best.text, SHOWN_CHARACTERS))
    if quotation and best.page is not None:
        quotation += f" ({say('page', language, page=best.page + 1)})"
    return quotation


def shortened(text: str, characters: int) -> str:
    """``text`` as one line, cut before a word with an ellipsis when it is longer than ``characters``."""
    line = one_line(text)
    if len(line) <= characters:
        return line
    cut = line[: characters - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > characters // 2 else cut).rstrip(" ,;:.，、；。") + "…"


def nothing(understanding: Understanding, found_without_limits: int) -> Iterator[str]:
    """Says that nothing fits, why as far as it is known, and what to try. ``found_without_limits``: papers on the bare topic."""
    language, topic = understanding.language, plain(shortened(understanding.topic, _SHOWN_TOPIC))
    within = limits(understanding)
    if within:
        yield say("nothing_within_limits", language, limits=" · ".join(within)) + "\n\n"
    else:
        yield say("nothing_fits", language, topic=topic) + "\n\n"
    if within and topic:
        reason = "limits_are_why" if found_without_limits else "nor_without_limits"
        yield say(reason, language, count=found_without_limits, topic=topic) + "\n\n"
    tips = [say("try_other_words", language), say("try_adding", language)]
    if found_without_limits:
        tips.insert(0, say("try_without_limits", language, question=plain(question(understanding.without_limits()))))
    yield say("you_can_try", language) + "\n\n" + "\n".join(f"- {tip}" for tip in tips) + "\n"


def without_search(understanding: Understanding) -> str:
    """The answer to a message that asks for no search."""
    language = understanding.language
    match understanding.intent:
        case Intent.HELP:
            examples = "\n".join(f"- {say(name, language)}" for name in EXAMPLES)
            return say("help", language, most=50, examples=examples)
        case Intent.SMALL_TALK:
            return say(understanding.remark or "greeting", language, example=say("example_1", language))
        case Intent.TOPIC_MISSING:
            opening = understood(understanding) if understanding.limited or understanding.asked_limit else ""
            return opening + say("topic_missing", language, example=say("example_1", language))
        case _:
            return say("unreadable", language, example=say("example_1", language))


def apology(error: PaperFinderError, language: Language) -> str:
    """A failed search in plain words, without the inner details."""
    if isinstance(error, DatabaseUnavailableError):
        return say("database_unavailable", language)
    if isinstance(error, EmbeddingError):
        return say("embedding_unavailable", language)
    if isinstance(error, AuthenticationError | ForbiddenError):
        return say("not_allowed", language)
    return say("search_failed", language)
