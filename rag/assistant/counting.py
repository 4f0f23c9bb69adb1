"""Counts: papers per year, venue or author."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rag.assistant.answer import shortened
from rag.assistant.conversation import Understanding
from rag.assistant.markdown import plain
from rag.assistant.messages import say
from rag.papers import Paper, SearchResult
from rag.retrieval.relevance import CONFIDENT

COUNTED = 300
"""Papers on a topic that are looked through at most."""
_ROWS = {"year": 60, "venue": 20, "author": 20}
_TEXTS = {
    "year": ("by_year", "unknown_year"),
    "venue": ("by_venue", "unknown_venue"),
    "author": ("by_author", "unknown_author"),
}


def fitting(result: SearchResult, by: str) -> tuple[int, list[tuple[str, int]]]:
    """How many of the papers found fit the topic, and how many of each year (in order), venue or author (most first)."""
    papers = [hit.paper for hit in result.hits if result.confident and hit.score >= CONFIDENT]
    return len(papers), by_value(papers, by)


def by_value(papers: Iterable[Paper], by: str) -> list[tuple[str, int]]:
    """How many of the papers there are of each year (in order), venue or author (most first)."""
    counted: Counter[str] = Counter()
    for paper in papers:
        values = {"year": [str(paper.year or "")], "venue": [paper.venue], "author": list(dict.fromkeys(paper.authors))}
        counted.update(values[by])
    rows = counted.items()
    return sorted(rows) if by == "year" else sorted(rows, key=lambda row: (-row[1], row[0]))


def counts(understanding: Understanding, total: int, rows: Sequence[tuple[str, int]], *, cut: bool) -> Iterator[str]:
    """The counts as a table, and what was counted. ``cut``: more papers than were looked through may fit."""
    language, by = understanding.language, understanding.by
    if understanding.topic:
        topic = plain(shortened(understanding.topic, 200))
        name = "counted_at_least" if cut else "counted_topic" if total != 1 else "counted_topic_one"
        yield say(name, language, count=total, topic=topic, percent=round(100 * CONFIDENT)) + "\n\n"
    elif understanding.meant.papers:
        yield say("counted_listed", language, count=total) + "\n\n"
    else:
        yield say("counted_all", language, count=total) + "\n\n"
    known = [(name, count) for name, count in rows if name]
    if not known:
        return
    heading, unknown_text = _TEXTS[by]
    yield f"| {say(heading, language)} | {say('papers', language)} |\n|---|---:|\n"
    shown = known[-_ROWS[by] :] if by == "year" else known[: _ROWS[by]]
    yield from (f"| {plain(name)} | {count} |\n" for name, count in shown)
    yield "\n"
    if unknown := sum(count for name, count in rows if not name):
        yield say(unknown_text, language, count=unknown) + "\n\n"
    if understanding.topic and total:
        yield say("show_them_hint", language) + "\n"
