"""The answer in Markdown: what was understood, then the ranked list, or an honest word that nothing fits."""

from collections.abc import Iterator, Sequence, Set

from rag.access import Scope
from rag.assistant import places
from rag.assistant.conversation import Change, Intent, Language, Unclear, Understanding
from rag.assistant.markdown import emphasised, link, plain, web_address
from rag.assistant.messages import TEXTS, say
from rag.assistant.phrasing import kinds_of_paper, question
from rag.assistant.years import runs
from rag.errors import (
    AuthenticationError,
    DatabaseUnavailableError,
    EmbeddingError,
    ForbiddenError,
    PaperFinderError,
)
from rag.papers import Hit, Paper
from rag.retrieval import matching_spans, matching_words
from rag.text import one_line
from rag.wording.scripts import in_traditional
from rag.wording.unwrapping import READ_CHARACTERS

SHOWN_AUTHORS = 3
SHOWN_CHARACTERS = 300
_SHOWN_TOPIC = 200
_SHOWN_WORDS = 8
_SHOWN_TITLES = 3
LIBRARY = Scope()
"""Where nothing is to be said about where was searched."""
EXAMPLES = ("example_1", "example_2", "example_3")


def understood(
    understanding: Understanding, alike: Sequence[str] = (), unlike: Sequence[str] = (), scope: Scope = LIBRARY
) -> str:
    """The line of what was understood, each limit visible: **Understood:** topic · since 2021 · without surveys · top 5.

    ``alike``, ``unlike``: titles of the papers like and unlike which others are wanted. What was searched beside the shared
    library belongs to it; a line of its own says when uploads had to be left out.
    """
    language = understanding.language
    topic = shortened(understanding.topic, _SHOWN_TOPIC)
    about = say("like", language, titles=_titles(alike, language)) if alike else plain(topic)
    parts = [about or say("any_topic", language), *limits(understanding)]
    if unlike:
        parts.insert(1, say("unlike", language, titles=_titles(unlike, language)))
    if understanding.intent is Intent.MORE:
        parts.append(say("from_place", language, place=len(understanding.seen) + 1))
    if understanding.asked_limit is not None:
        name = "top" if understanding.asked_limit == understanding.limit else "top_cut"
        parts.append(say(name, language, count=understanding.limit, asked=understanding.asked_limit))
    if scope.chosen or not understanding.filters.among:
        parts += places.searched(scope, language)
    line = say("understood", language, parts=" · ".join(parts))
    if understanding.read_as:
        line += "  \n" + say("read_as", language, question=plain(understanding.read_as))
    if understanding.change is Change.WIDENED:
        line += "  \n" + say("widened", language)
    if understanding.shortened:
        line += "\n\n" + say("shortened", language, count=READ_CHARACTERS)
    if scope.pending:
        line += "\n\n" + say("pending" if scope.pending > 1 else "pending_one", language, count=scope.pending)
    if scope.left_out is not None:
        line += "\n\n" + say(f"left_out_{scope.left_out}", language)
    return line + "\n\n"


def limits(understanding: Understanding) -> list[str]:
    """Each limit of the search in a few words, without the count."""
    filters, language = understanding.filters, understanding.language
    parts = [years] if (years := _years(filters.year_from, filters.year_to, language)) else []
    kinds = kinds_of_paper(filters.exclude, language)
    tongues = [say(f"language_{code}", language) if f"language_{code}" in TEXTS else code for code in filters.languages]
    if filters.collections:
        names = say("and", language).join(map(plain, filters.collections))
        parts.append(say("in_collections", language, names=names))
    if filters.among:
        parts.append(say("among_uploads" if filters.among == "uploads" else "among_attached", language))
    if filters.has_full_text:
        parts.append(say("with_full_text", language))
    for name, values in (("by", filters.authors), ("at", filters.venues), ("without", kinds), ("written_in", tongues)):
        if values:
            parts.append(say(name, language, names=say("and", language).join(map(plain, values))))
    not_in = [str(first) if first == last else f"{first}–{last}" for first, last in runs(filters.exclude_years)]
    for name, values in (("not_in_years", not_in), ("not_by", filters.exclude_authors), ("not_at", filters.exclude_venues)):
        if values:
            parts.append(say(name, language, names=say("or", language).join(map(plain, values))))
    return parts


def _years(first: int | None, last: int | None, language: Language) -> str:
    if first is not None and last is not None:
        return say("in_year", language, year=first) if first == last else say("between", language, first=first, last=last)
    if first is not None:
        return say("since", language, year=first)
    return say("until", language, year=last) if last is not None else ""


def _titles(titles: Sequence[str], language: Language) -> str:
    named = [say("quoted", language, title=plain(shortened(title, 80))) for title in titles]
    if len(named) <= _SHOWN_TITLES + 1:
        return say("and", language).join(named)
    shown = say("comma", language).join(named[:_SHOWN_TITLES])
    return say("and_more", language, names=shown, count=len(named) - _SHOWN_TITLES)


def item(rank: int, hit: Hit, language: Language, stems: Set[str] = frozenset(), met: str = "") -> str:
    """One paper of the list: title as link and its citation mark; authors, year, venue; the sentence that matched, and how.

    The paper's id is the link's tooltip, or stands behind the facts of a paper that has no link: later messages of the
    conversation point at it. ``stems`` are the search tokens of the question; ``met`` are the limits, where
    nothing else was asked for.
    """
    indent = " " * len(f"{rank}. ")
    paper = hit.paper
    linked = bool(web_address(paper.link))
    lines = [f"{rank}. {link(one_line(paper.title) or paper.id, paper.link, paper.id)} [{rank}]"]
    known = facts(paper, language)
    if shown := " · ".join(filter(None, [known, "" if linked else f"`{paper.id}`"])):
        lines.append(indent + shown)
    lines += [indent + other for other in places.versions(hit, language)]
    if why := _why(hit, stems, language) or (met and f"*{say('limits_met', language, limits=met)}*"):
        lines.append(indent + why)
    text = "  \n".join(lines) + "\n"
    if quoted := quotation(hit, stems, language):
        text += f"{indent}> {quoted}\n"
    return text + "\n"


def _why(hit: Hit, stems: Set[str], language: Language) -> str:
    """Which words of the question are in the paper, and where; that none is where its meaning alone was near."""
    if not stems:
        return ""
    paper = hit.paper
    sections = [(p.section, p.text) for p in hit.passages if p.section]
    parts = [(say("title", language), paper.title), (say("abstract", language).casefold(), paper.abstract)]
    parts.append((say("detail_keywords", language).casefold(), " ".join(paper.keywords)))
    parts += [(plain(f"§ {section}"), text) for section, text in sections]
    words = matching_words([text for _, text in parts], stems)
    if not words:
        return say("by_meaning", language) if hit.dense_score is not None else ""
    where = [name for name, text in parts if matching_spans(text, stems)]
    # In the middle of a line a word that a title begins with a capital needs none.
    spoken = dict.fromkeys(word.lower() if word.istitle() else word for word in words)
    shown = say("comma", language).join(map(plain, list(spoken)[:_SHOWN_WORDS]))
    return say("matches", language, words=shown, where=say("comma", language).join(dict.fromkeys(where)))


def facts(paper: Paper, language: Language) -> str:
    """First authors, year and venue; of an upload, where it lies."""
    known = [authors(paper, language), str(paper.year) if paper.year is not None else "", plain(paper.venue)]
    return " · ".join(filter(None, [*known, places.kept_in(paper, language)]))


def authors(paper: Paper, language: Language) -> str:
    """The first authors as Markdown, given names first: 'A, B, C et al.'."""
    names = [plain(shortened(_given_first(name), 80)) for name in paper.authors[:SHOWN_AUTHORS] if name.strip()]
    joined = say("comma", language).join(names)
    return say("et_al", language, names=joined) if len(paper.authors) > SHOWN_AUTHORS else joined


def _given_first(name: str) -> str:
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() else name.strip()


def quotation(hit: Hit, stems: Set[str], language: Language) -> str:
    """The sentence that matched best, the words of the question in it in bold, with its page."""
    if not hit.passages:
        return _marked(hit.paper.abstract, stems)
    best = hit.passages[0]
    quoted = _marked(best.highlight or best.text, stems)
    if quoted and best.page is not None:
        quoted += f" ({say('page', language, page=best.page + 1)})"
    return quoted


def _marked(text: str, stems: Set[str]) -> str:
    sentence = shortened(text, SHOWN_CHARACTERS)
    return emphasised(sentence, matching_spans(sentence, stems))


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
    within, place = limits(understanding), places.where(scope, language)
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


def unknown_words(words: Sequence[str], language: Language) -> str:
    """Which words of a Chinese question the model for English could not be told, and what would help."""
    named = [in_traditional(word) if language == "zh-Hant" else word for word in words]
    joined = say("and", language).join(say("quoted", language, title=plain(word)) for word in named[:_SHOWN_WORDS])
    return say("unknown_words", language, words=joined) + "\n\n"


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
        case Intent.UNREADABLE if understanding.images:
            return say("only_pictures", language, example=say("example_1", language))
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


def unclear(understanding: Understanding, listed: int) -> str:
    """That it cannot be said which papers are meant, and how to say it. ``listed``: papers in the latest list."""
    language, meant = understanding.language, understanding.meant if understanding.meant.unclear else understanding.unlike
    match meant.unclear:
        case Unclear.NO_SUCH_PLACE:
            return say("no_such_place", language, place=meant.words, count=listed) + "\n"
        case Unclear.SEVERAL_FIT if meant.words:
            return say("several_fit", language, papers=plain(meant.words)) + "\n"
        case Unclear.SEVERAL_FIT:
            return say("which_one", language) + "\n"
        case Unclear.TOO_FEW:
            return say("compare_two", language) + "\n"
        case Unclear.GONE:
            return say("gone", language) + "\n"
        case Unclear.NOTHING_ATTACHED:
            return say("nothing_attached", language) + "\n"
        case Unclear.NOT_FOUND:
            return say("not_in_library", language, name=plain(shortened(meant.words, 200))) + "\n"
        case _:
            return say("no_list_yet", language, example=say("example_1", language)) + "\n"
