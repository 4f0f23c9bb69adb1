"""What is amiss in the library: missing facts, works that are there twice, DOIs that are none, documents with one text."""

import re
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from rag.papers import PaperId
from rag.store._database import Database
from rag.store._uploads import unread_of
from rag.text import normalised_title

PLACEHOLDER = r"^10\.(0000|1234|99999)/|^10\.1145/(1122445\.1122456|n+\.n+)$|/(x{3,}|n{3,}|0{4,}|1234567)"
"""DOIs of templates and examples (a Postgres pattern)."""
ALIKE = 0.6
"""Titles that share less of their letters are of different works, whatever their DOI says."""
_NEAR = 0.2
"""Cosine distance of vectors up to which documents are compared by their words."""
_SAME_TEXT = 0.6
"""Share of common shingles from which two texts are one."""
_SHINGLE = 5
_NEAR_PAIRS = 1_000
_AT_ONCE = 500
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Missing:
    """How many papers there are, and how many of them lack what."""

    papers: int
    abstract: int
    authors: int
    year: int
    venue: int
    link: int


@dataclass(frozen=True, slots=True)
class Audited:
    """A paper as an audit names it."""

    key: int
    id: PaperId
    title: str
    doi: str
    has_abstract: bool
    has_text: bool
    readers: str
    """Who may read it; '' where its collections differ in that."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Papers that are one work, and why: the names of the work that they share."""

    papers: tuple[Audited, ...]
    why: tuple[str, ...]
    disagreeing: bool = False
    """They share a DOI or arXiv id, but their titles say that they are different works: to be looked at, not merged."""


@dataclass(frozen=True, slots=True)
class SameText:
    """Two documents with one text under different titles."""

    papers: tuple[Audited, Audited]
    share: float
    """Of their shingles, in [0, 1]."""


@dataclass(slots=True)
class _Works:
    """Papers joined by names that they share (union-find)."""

    parent: dict[int, int] = field(default_factory=dict)
    names: dict[int, list[str]] = field(default_factory=dict)

    def join(self, name: str, keys: Sequence[int]) -> None:
        roots = {self.root(key) for key in keys}
        first = min(roots)
        for root in roots - {first}:
            self.parent[root] = first
            self.names.setdefault(first, []).extend(self.names.pop(root, []))
        self.names.setdefault(first, []).append(name)

    def root(self, key: int) -> int:
        while self.parent.setdefault(key, key) != key:
            self.parent[key] = key = self.parent[self.parent[key]]
        return key

    def groups(self) -> list[tuple[list[int], list[str]]]:
        members: dict[int, list[int]] = {}
        for key in self.parent:
            members.setdefault(self.root(key), []).append(key)
        return [(sorted(keys), self.names[root]) for root, keys in sorted(members.items())]


class Audit:
    """Looks at the shared library of one database; changes nothing. In memory are the duplicates, never the library."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries

    async def missing(self) -> Missing:
        """How many papers lack an abstract, authors, a year, a venue, any link."""
        [row] = await self._rows("audit_counts")
        return Missing(*row)

    async def languages(self) -> dict[str, int]:
        """Papers by language, '' where it is not known."""
        return dict(await self._rows("audit_languages"))

    async def placeholders(self) -> list[tuple[PaperId, str, str]]:
        """Id, title and DOI of papers whose DOI is a template's."""
        return await self._rows("audit_placeholders", pattern=PLACEHOLDER)

    async def broken_uploads(self) -> list[tuple[str, str]]:
        """Name of each file that was set aside or has pages that cannot be read, and why."""
        found = []
        for name, reason, unread in await self._rows("audit_broken_uploads"):
            pages = sum(len(one.pages) for one in unread_of(unread))
            found.append((name, reason or f"{pages} pages cannot be read"))
        return found

    async def duplicates(self) -> AsyncIterator[Duplicates]:
        """Works that are there more than once, oldest first."""
        works = _Works()
        for name, keys in await self._rows("audit_same", pattern=PLACEHOLDER):
            works.join(name, keys)
        groups = works.groups()
        for at in range(0, len(groups), _AT_ONCE):
            some = groups[at : at + _AT_ONCE]
            there = {paper.key: paper for paper in await self._papers(key for keys, _ in some for key in keys)}
            for keys, names in some:
                papers = tuple(there[key] for key in keys if key in there)
                if len(papers) > 1:
                    yield Duplicates(papers, tuple(names), disagreeing=not _alike(papers))

    async def same_texts(self) -> list[SameText]:
        """Pairs of documents that begin alike, by their vectors, and have mostly the same words."""
        pairs = {tuple(sorted(row)) for row in await self._rows("audit_near", distance=_NEAR, most=_NEAR_PAIRS)}
        found = []
        for pair in sorted(pairs):
            texts = dict(await self._rows("audit_text", ids=list(pair)))
            share = _shared(*(texts.get(key, "") for key in pair))
            if share >= _SAME_TEXT:
                first, second = await self._papers(pair)
                found.append(SameText((first, second), share))
        return found

    async def _papers(self, keys: Iterable[int]) -> list[Audited]:
        return [Audited(*row) for row in await self._rows("audit_papers", ids=list(keys))]

    async def _rows(self, query: str, **parameters: object) -> list[tuple[Any, ...]]:
        async with self._database.connection() as connection:
            return await (await connection.execute(self._queries.get(query), parameters)).fetchall()


def _alike(papers: Sequence[Audited]) -> bool:
    """Whether all titles are near the first one, or go on with it (a subtitle that one record leaves out)."""
    titles = [normalised_title(paper.title) for paper in papers]
    first = titles[0]
    return all(
        title.startswith(first) or first.startswith(title) or SequenceMatcher(None, first, title).ratio() >= ALIKE
        for title in titles[1:]
    )


def _shared(first: str, second: str) -> float:
    """Jaccard similarity of the sets of runs of five words."""
    one, other = _shingles(first), _shingles(second)
    return len(one & other) / len(one | other) if one and other else 0.0


def _shingles(text: str) -> set[str]:
    words = _WORD.findall(text.lower())
    return {" ".join(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1))}
