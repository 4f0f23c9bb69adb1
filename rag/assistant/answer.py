"""The answer in Markdown: what was understood, then the ranked list, or an honest word that nothing fits."""

from collections.abc import Iterator

from rag.access import Scope
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
LIBRARY = Scope()
"""Where nothing is to be said about where was searched."""
EXAMPLES = ("example_1", "example_2", "example_3")


def understood(understanding: Understanding, scope: Scope = LIBRARY) -> str:
    """The line of what was understood, each limit visible: **Understood:** topic · since 2021 · without surveys · top 5.

    What was searched beside the shared library belongs to it; a second line says when uploads had to be left out.
    """
    language = understanding.language
    topic = shortened(understanding.topic, _SHOWN_TOPIC)
    parts = [plain(topic) if topic else say("any_topic", language), *limits(understanding)]
    if understanding.asked_limit is not None:
        name = "top" if understanding.asked_limit == understanding.limit else "top_cut"
        parts.append(say(name, language, count=understanding.limit, asked=understanding.asked_limit))
    parts += searched(scope, language)
    line = say("understood", language, parts=" · ".join(parts))
    if understanding.shortened:
        line += "\n\n" + say("shortened", language, count=READ_CHARACTERS)
    if scope.left_out is not None:
        line += "\n\n" + say(f"left_out_{scope.left_out}", language)
    return line + "\n\n"


def searched(scope: Scope, language: Language) -> list[str]:
    """Where was searched, unless it was the shared library alone: 'library + 2 knowledge bases', 'in: NAME'."""
    files = [say("attached_files" if scope.files > 1 else "attached_file", language, count=scope.files)] if scope.files else []
    if scope.chosen:
        names = [plain(name) for name in scope.knowledge] + files
        return [say("only_in", language, names=say("and", language).join(names) if names else say("nowhere", language))]
    if not scope.knowledge and not files:
        return []
    count = len(scope.knowledge)
    bases = [say("knowledge_bases" if count > 1 else "knowledge_base", language, count=count)] if count else []
    return [" + ".join([say("library", language), *bases, *files])]


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
    lines += [indent + place for place in _versions(hit, language)]
    text = "  \n".join(lines) + "\n"
    if quotation := _quotation(hit, language):
        text += f"{indent}> {quotation}\n"
    return text + "\n"


def _facts(paper: Paper, language: Language) -> str:
    facts = [authors(paper, language), str(paper.year) if paper.year is not None else "", plain(paper.venue)]
    return " · ".join(filter(None, [*facts, _kept_in(paper, language)]))


def _kept_in(paper: Paper, language: Language) -> str:
    """Where an upload lies; '' for papers of the library."""
    if not paper.file_id:
        return ""
    if not paper.knowledge:
        return say("in_attached_file", language)
    return say("in_knowledge", language, names=say("and", language).join(map(plain, paper.knowledge)))


def _versions(hit: Hit, language: Language) -> Iterator[str]:
    """The other records of the paper: where an upload of it lies and on which page it matched, or how else it was published."""
    for version in hit.versions:
        paper = version.paper
        if not paper.file_id:
            facts = " · ".join(filter(None, [plain(paper.venue), str(paper.year or "")])) or say("library", language)
            yield say("also_as", language, place=link(facts, paper.link))
            continue
        place = _kept_in(paper, language)
        page = next((passage.page for passage in version.passages if passage.page is not None), None)
        if page is not None:
            place = say("comma", language).join([place, say("page", language, page=page + 1)])
        yield say("also_in", language, place=place)


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


def nothing(understanding: Understanding, found_without_limits: int, scope: Scope = LIBRARY) -> Iterator[str]:
    """Says that nothing fits, why as far as it is known, and what to try. ``found_without_limits``: papers on the bare topic."""
    language, topic = understanding.language, plain(shortened(understanding.topic, _SHOWN_TOPIC))
    within, place = limits(understanding), _place(scope, language)
    if within:
        yield say("nothing_within_limits", language, place=place, limits=" · ".join(within)) + "\n\n"
    else:
        yield say("nothing_fits", language, place=place, topic=topic) + "\n\n"
    if within and topic:
        reason = "limits_are_why" if found_without_limits else "nor_without_limits"
        yield say(reason, language, count=found_without_limits, topic=topic) + "\n\n"
    tips = [say("try_other_words", language), say("try_adding", language)]
    if found_without_limits:
        tips.insert(0, say("try_without_limits", language, question=plain(question(understanding.without_limits()))))
    yield say("you_can_try", language) + "\n\n" + "\n".join(f"- {tip}" for tip in tips) + "\n"


def _place(scope: Scope, language: Language) -> str:
    if scope.chosen:
        return say("what_you_picked", language)
    others = [say("your_knowledge_bases", language)] if scope.knowledge else []
    others += [say("attached_file", language)] if scope.files else []
    return say("the_library_or", language, others=say("and", language).join(others)) if others else say("the_library", language)


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
