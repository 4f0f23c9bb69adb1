"""The search index: candidates of both rankings under the same limits, in one statement."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from psycopg import sql

from rag.papers import Filters, Paper
from rag.store._database import Database
from rag.store._queries import Queries
from rag.store._rows import paper_from_row
from rag.text import fold, has_cjk, person_key

_EVERYDAY_VENUES = {"nature", "science", "cell"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that one of the rankings brought up, with its exact score in both."""

    key: int
    dense: float | None
    """Cosine similarity of the query and the paper's best vector; None when there was no query vector."""
    lexical: float
    """BM25 score; 0 when no stem is shared."""
    passages: tuple[tuple[int, float], ...] = ()
    """(passage key, cosine), best first."""


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as it stands in the database."""

    text: str
    page: int | None
    section: str


class Index:
    """Searches the papers and passages of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries

    async def candidates(
        self, *, embedding: NDArray[np.float32] | None, stems: Sequence[str], filters: Filters, limit: int
    ) -> tuple[list[Candidate], float]:
        """Up to ``limit`` papers by vector (d,) and as many by BM25, unordered; and the greatest BM25 score possible.

        Raises:
            DatabaseUnavailableError: the database is away.
        """
        counts = Counter(stems)
        limits, parameters = limits_of(self._queries, filters)
        statement = self._queries.get(
            "search",
            limits=limits,
            join_papers=self._queries.get("join_papers") if parameters else sql.SQL(""),
            join_stems=self._queries.get("join_stems") if parameters else sql.SQL(""),
        )
        words = {"stems": list(counts), "counts": list(counts.values())}
        parameters |= {**words, "embedding": None if embedding is None else HalfVector(embedding), "candidates": limit}
        async with self._database.connection() as connection:
            cursor = await connection.execute(statement, parameters)
            rows = await cursor.fetchall()
            cursor = await connection.execute(self._queries.get("query_weight"), words)
            weight = await cursor.fetchone()
        found = [
            Candidate(key, dense, lexical, tuple(zip(ids, scores, strict=True))) for key, dense, lexical, ids, scores in rows
        ]
        return found, float(weight[0]) if weight else 0.0

    async def papers(self, keys: Sequence[int], collections: Sequence[str] = ()) -> dict[int, Paper]:
        """Papers by key; with ``collections``, a paper's source id is the one it has there."""
        parameters = {"keys": list(keys), "collections": list(collections) or None}
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("papers_by_key"), parameters)
            return {row[0]: paper_from_row(row) for row in await cursor.fetchall()}

    async def source_ids(self, keys: Sequence[int], collection: str) -> dict[int, str]:
        """The papers' ids in the file that ``collection`` came from, by key."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("source_ids"), {"keys": list(keys), "collection": collection})
            return dict(await cursor.fetchall())

    async def passages(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        """Passages by key."""
        if not keys:
            return {}
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("passages_by_key"), {"keys": list(keys)})
            return {key: StoredPassage(text, page, section) for key, text, page, section in await cursor.fetchall()}


def limits_of(queries: Queries, filters: Filters) -> tuple[sql.Composable, dict[str, Any]]:
    """The limits as SQL to stand behind a condition, and their parameters; nothing when there are none."""
    given: dict[str, Any] = {
        "year_from": filters.year_from,
        "year_to": filters.year_to,
        "authors": [key for key in map(person_key, filters.authors) if key],
        "venues": "|".join(filter(None, map(_venue_pattern, map(fold, filters.venues)))),
        "languages": [fold(code) for code in filters.languages],
        "exclude": _pattern(filters.exclude, r"\m(?:{})"),
        "collections": filters.collections,
        "has_full_text": filters.has_full_text,
    }
    parameters = {name: value for name, value in given.items() if value not in (None, [], "")}
    pieces = [sql.SQL(" AND {}").format(queries.get(f"limit_{name}")) for name in parameters]
    return sql.Composed(pieces), parameters


def _venue_pattern(venue: str) -> str:
    """Whole words of a venue's name; a name that is an everyday word must be the whole venue, but for a year or volume."""
    if venue.strip() in _EVERYDAY_VENUES:
        return rf"^{re.escape(venue.strip())}[^[:alpha:]]*$"
    return _pattern([venue], r"\m(?:{})\M")


def _pattern(words: Iterable[str], around: str) -> str:
    """A Postgres regular expression for any of ``words``; Chinese ones have no word boundaries."""
    plain: list[str] = []
    chinese: list[str] = []
    for word in filter(None, map(str.strip, words)):
        (chinese if has_cjk(word) else plain).append(re.escape(word))
    return "|".join([*([around.format("|".join(plain))] if plain else []), *chinese])
