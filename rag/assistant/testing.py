"""A fake search for tests: answers from a list, or fails, and remembers what it was asked."""

from collections.abc import Iterable

from rag.errors import PaperFinderError
from rag.papers import Hit, Paper, PaperId, Passage, Query, SearchResult


class FakeSearch:
    """Gives the first ``limit`` of its hits that lie within the years asked for."""

    def __init__(self, hits: Iterable[Hit] = (), *, confident: bool = True, error: PaperFinderError | None = None) -> None:
        self.hits = tuple(hits)
        self.confident = confident
        self.error = error
        self.queries: list[Query] = []

    async def __call__(self, query: Query) -> SearchResult:
        """One search."""
        self.queries.append(query)
        if self.error is not None:
            raise self.error
        hits = tuple(hit for hit in self.hits if _within(hit.paper.year, query))[: query.limit]
        return SearchResult(query, hits, confident=self.confident and bool(hits))


def _within(year: int | None, query: Query) -> bool:
    first, last = query.filters.year_from, query.filters.year_to
    if first is None and last is None:
        return True
    return year is not None and (first or 0) <= year <= (last or 9999)


def fake_hit(
    number: int, *, score: float | None = None, title: str = "", text: str = "", highlight: str = "", year: int | None = 2020
) -> Hit:
    """Hit ``number`` of a list, with plausible fields; scores fall with the number."""
    paper = Paper(
        id=PaperId(f"p{number:016x}"),
        title=title or f"Paper number {number}",
        abstract=f"The abstract of paper {number}.",
        authors=("Ada Lovelace", "Alan Turing", "Grace Hopper", "Donald Knuth")[: 1 + number % 4],
        year=year,
        venue="ACL",
        url=f"https://papers.example/{number}",
    )
    value = 1 / (1 + number / 10) if score is None else score
    return Hit(paper, value, (Passage(text or f"Passage of paper {number}.", value, highlight=highlight),))
