"""The search index: candidates of both rankings under the same limits, in one statement."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from psycopg import sql

from rag.access import COUNTED_PAPERS, COUNTED_PASSAGES, AskedOnce, Scope, ScopeOf
from rag.errors import NotFoundError
from rag.papers import Filters, Paper, PaperId
from rag.store._collections import Collections
from rag.store._database import Database
from rag.store._queries import Queries
from rag.store._rows import paper_from_row
from rag.text import fold, has_cjk, person_key

_LIKE_SIGN, _ESCAPED = re.compile(r"([%_\\])"), r"\\\1"
_EVERYDAY_VENUES = {"nature", "science", "cell"}


EXACT_PAPERS = COUNTED_PAPERS - 1
"""Papers within the limits up to which all are compared (docs/decisions/0004-limits.md); one more is counted, to know of more."""
EXACT_PASSAGES = COUNTED_PASSAGES
"""The same for passages of such papers."""
RARE_PAPERS = 2_000
"""Of a question's rarest words, as many as so many papers together have: these papers are all compared by words."""
NOTHING = sql.SQL("")
Pieces = dict[str, sql.Composable]


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
    named: bool = False
    """Whether the question names this very paper."""
    telling: bool = True
    """Whether it has the rarest of the question's words that the library knows."""
    vector: NDArray[np.float32] | None = None
    """The paper's unit vector (d,), where it was asked for."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names outright. A paper that has one of these comes up whatever its scores."""

    dois: Sequence[str] = ()
    """In normal form."""
    arxiv_ids: Sequence[str] = ()
    """In normal form."""
    titles: Sequence[str] = ()
    """Whole titles; case, punctuation and full-width forms do not matter."""
    names: Sequence[str] = ()
    """What stands before the colon of a title."""


NOTHING_NAMED = Named()


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as it stands in the database."""

    text: str
    page: int | None
    section: str


@dataclass(frozen=True, slots=True)
class _Eligible:
    """The few papers within narrow limits."""

    keys: str
    """As Postgres writes an array, to be handed back without being read."""
    passages: int
    """How many they have, counted up to ``EXACT_PASSAGES``."""


class Index:
    """Searches the papers and passages of one database that one question may see."""

    def __init__(self, database: Database, *, exact_papers: int = EXACT_PAPERS, scope_of: ScopeOf | None = None) -> None:
        """Up to ``exact_papers`` papers within the limits are all compared; among more, the vector indexes search.

        ``scope_of`` is asked what may be seen; what everyone may read, if it is not given.
        """
        self._database = database
        self._queries = database.queries
        self._exact_papers = exact_papers
        self._scope_of = scope_of or Collections(database).everyone
        self._most = {"most": exact_papers + 1, "most_passages": EXACT_PASSAGES}

    def reading(self, scope_of: ScopeOf) -> Self:
        """The same index for one question, which asks at most once what may be seen."""
        return type(self)(self._database, exact_papers=self._exact_papers, scope_of=AskedOnce(scope_of))

    def for_one_question(self) -> Self:
        """The same index, which asks only once more what may be seen."""
        return self.reading(self._scope_of)

    async def scope(self) -> Scope:
        """What may be seen."""
        return await self._scope_of()

    async def candidates(
        self,
        *,
        embedding: NDArray[np.float32] | None,
        stems: Sequence[str] | Mapping[str, float],
        filters: Filters,
        limit: int,
        named: Named = NOTHING_NAMED,
        vectors: bool = False,
    ) -> tuple[list[Candidate], float]:
        """Up to ``limit`` papers by vector (d,) and as many by BM25 for ``stems``, each as often as it stands there or with its
        weight, and those ``named``, unordered; and the greatest BM25 score possible. Their own vectors come along when
        ``vectors`` are wanted.

        Raises:
            DatabaseUnavailableError: the database is away.
        """
        scope = await self.scope()
        statement, limits = await self._statement(scope, filters)
        parameters = _asked(embedding, stems, limit, named, vectors=vectors) | limits
        asked = (statement, parameters), (self._queries.get("query_weight"), parameters)
        rows, [[weight]] = await self._database.read(scope, *asked, binary=True)
        return [_candidate(*row) for row in rows], weight

    async def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """In how many papers of the whole database each stem stands; unknown ones are left out."""
        (rows,) = await self._database.read(Scope(), (self._queries.get("stem_frequencies"), {"stems": list(stems)}))
        return {row[0]: row[1] for row in rows}

    async def likeness(self, examples: Mapping[int, float], keys: Sequence[int], stems: int) -> dict[int, float]:
        """How much the papers ``keys`` are worded like ``examples`` (key → weight): their BM25 score in [0, 1] for the ``stems``
        heaviest stems of the examples, of a greatest possible 1.
        """
        mean: Counter[int] = Counter()
        for key, row in await self._read("stems_of", {"keys": list(examples)}, binary=True):
            for index, value in zip(row.indices(), row.values(), strict=True):
                mean[index + 1] += examples[key] * value
        parameters = {"ids": list(mean), "weights": list(mean.values()), "keys": list(keys), "stems": stems}
        return {row[0]: row[1] for row in await self._read("likeness", parameters, binary=True)}

    async def explain(
        self,
        *,
        embedding: NDArray[np.float32] | None,
        stems: Sequence[str] | Mapping[str, float],
        filters: Filters,
        limit: int,
        measured: bool = False,
    ) -> list[str]:
        """The plans by which Postgres would find what is within the limits (if there are any), and then the candidates.

        ``measured``: as it was done just now, with what was read for it.
        """
        explain = sql.SQL("EXPLAIN (ANALYZE, BUFFERS) " if measured else "EXPLAIN ")
        scope = await self.scope()
        conditions, given = self._limits(scope, filters)
        statement, limits = await self._statement(scope, filters)
        plans: list[str] = []
        if self._may_be_few(scope, filters):
            async with self._database.connection() as connection:
                eligible = self._queries.get("eligible", limits=conditions)
                cursor = await connection.execute(explain + eligible, given | self._most)
                plans.append("\n".join(row[0] for row in await cursor.fetchall()))
        (rows,) = await self._database.read(scope, (explain + statement, _asked(embedding, stems, limit) | limits))
        return [*plans, "\n".join(row[0] for row in rows)]

    def _may_be_few(self, scope: Scope, filters: Filters) -> bool:
        return filters != Filters() or scope.papers <= self._exact_papers

    def _limits(self, scope: Scope, filters: Filters) -> tuple[sql.Composable, dict[str, Any]]:
        """The filters as conditions on papers, and the scope; it is looked up when it is small."""
        limits, parameters = limits_of(self._queries, filters)
        seen = self._queries.get("limit_few_readable" if scope.papers <= self._exact_papers else "limit_readable")
        return sql.SQL(" AND {}{}").format(seen, limits), parameters | {"readable": list(scope.collections)}

    async def _statement(self, scope: Scope, filters: Filters) -> tuple[sql.Composed, dict[str, Any]]:
        """The search under limits, and the limits' parameters.

        An index of neighbours goes on until it has met enough papers within the limits; when these are few it gives up first
        and papers are lost. So it is counted how many there are, and few are compared one by one.
        """
        readable = {"readable": list(scope.collections), "uploads": list(scope.uploads)}
        few = await self._eligible(scope, filters) if self._may_be_few(scope, filters) else None
        if few is not None:
            pieces = {"limits": self._queries.get("eligible_papers"), "join_papers": NOTHING}
            all_passages = few.passages < EXACT_PASSAGES
            return self._search(scope, pieces, all_papers=True, all_passages=all_passages), {"eligible": few.keys} | readable
        limits, parameters = limits_of(self._queries, filters)
        pieces = {
            "limits": limits,
            "join_papers": self._queries.get("join_papers") if parameters else NOTHING,
            # Under limits, all of them: the best may lie outside.
            "best_rare": sql.Placeholder("rare" if parameters else "candidates"),
        }
        return self._search(scope, pieces, all_papers=False, all_passages=False), parameters | readable

    def _search(self, scope: Scope, pieces: Pieces, *, all_papers: bool, all_passages: bool) -> sql.Composed:
        """The search that compares all papers, or passages, within the limits; else the uploads, and the library's by index."""

        def when(condition: bool, name: str) -> sql.Composable:
            return self._queries.get(name, **pieces) if condition else NOTHING

        def nearest(every: bool) -> sql.Composable:
            return self._queries.get("nearest_of_all" if every else "nearest_in_index")

        few = scope.passages < EXACT_PASSAGES
        own: Pieces = {
            "own_papers": when(True, "own_papers"),
            "own_passages": when(True, "own_papers" if few else "own_by_index"),
            "nearest_own": nearest(few),
        }
        beside = {"uploads_lexical": all_papers, "uploads_dense": all_papers, "uploads_dense_passages": all_passages}
        return self._queries.get(
            "search",
            shared=when(not all_papers, "shared"),
            exactly=when(all_papers, "exactly"),
            nearest=nearest(all_papers),
            shared_passages=when(not all_passages, "shared"),
            nearest_passages=nearest(all_passages),
            rare_lexical=when(not all_papers, "rare_lexical"),
            **{
                name: self._queries.get(name, **pieces, **own) if scope.uploads and not complete else NOTHING
                for name, complete in beside.items()
            },
            **pieces,
        )

    async def _eligible(self, scope: Scope, filters: Filters) -> "_Eligible | None":
        # With the owner's rights, or the index of authors could not be used (docs/decisions/0008-access.md). What comes of it
        # are keys, which the search then reads with the reader's.
        limits, parameters = self._limits(scope, filters)
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("eligible", limits=limits), parameters | self._most)
            row = await cursor.fetchone()
        return _Eligible(row[1], row[2]) if row is not None and row[0] <= self._exact_papers else None

    async def papers(self, keys: Sequence[int], collections: Sequence[str] = ()) -> dict[int, Paper]:
        """Papers by key; with ``collections``, a paper's source id is the one it has there."""
        parameters = {"keys": list(keys), "collections": list(collections) or None}
        return {row[0]: paper_from_row(row) for row in await self._read("papers_by_key", parameters)}

    async def paper(self, paper_id: PaperId) -> Paper:
        """One paper.

        Raises:
            NotFoundError: there is none with this id, or it may not be seen, which is told alike.
        """
        papers = await self.papers(list((await self.keys([paper_id])).values()))
        if not papers:
            raise NotFoundError(f"There is no paper with the id {paper_id!r}.")
        return next(iter(papers.values()))

    async def keys(self, ids: Sequence[PaperId]) -> dict[PaperId, int]:
        """The keys of papers by id; ids of none that may be seen are left out."""
        return {PaperId(row[0]): row[1] for row in await self._read("keys_of_papers", {"public_ids": list(ids)})}

    async def vectors(self, keys: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """The unit vectors (d,) of papers' titles and abstracts by key."""
        rows = await self._read("vectors_by_key", {"keys": list(keys)})
        return {row[0]: row[1].to_numpy().astype(np.float32) for row in rows}

    async def members(self, collection: str, most: int) -> list[int]:
        """The keys of a collection's papers, the latest first, at most so many."""
        return [row[0] for row in await self._read("members", {"collection": collection, "most": most})]

    async def rarity(self, stems: Sequence[str] | Mapping[str, float]) -> dict[str, float]:
        """BM25's idf of stems; those that no paper has are left out."""
        return {row[0]: row[1] for row in await self._read("rarity", {"stems": list(stems)})}

    async def source_ids(self, keys: Sequence[int], collection: str) -> dict[int, str]:
        """The papers' ids in the file that ``collection`` came from, by key."""
        return {row[0]: row[1] for row in await self._read("source_ids", {"keys": list(keys), "collection": collection})}

    async def passages(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        """Passages by key."""
        rows = await self._read("passages_by_key", {"keys": list(keys)}) if keys else []
        return {key: StoredPassage(text, page, section) for key, text, page, section in rows}

    async def _read(self, query: str, parameters: dict[str, Any], *, binary: bool = False) -> list[tuple[Any, ...]]:
        scope = await self.scope()
        parameters = parameters | {"readable": list(scope.collections)}
        (rows,) = await self._database.read(scope, (self._queries.get(query), parameters), binary=binary)
        return rows


def _asked(
    embedding: NDArray[np.float32] | None,
    stems: Sequence[str] | Mapping[str, float],
    limit: int,
    named: Named = NOTHING_NAMED,
    *,
    vectors: bool = False,
) -> dict[str, Any]:
    """The parameters of ``search`` beside those of the limits."""
    counts: Mapping[str, float] = stems if isinstance(stems, Mapping) else Counter(stems)
    return {
        "stems": list(counts),
        "counts": [float(n) for n in counts.values()],
        "embedding": None if embedding is None else HalfVector(embedding),
        "candidates": limit,
        "rare": RARE_PAPERS,
        "dois": list(named.dois),
        "arxiv_ids": list(named.arxiv_ids),
        "titles": list(named.titles),
        "names": list(named.names),
        "vectors": vectors,
    }


def _candidate(
    key: int,
    dense: float | None,
    lexical: float,
    passage_keys: list[int],
    passage_scores: list[float],
    named: bool,
    telling: bool,
    vector: HalfVector | None,
) -> Candidate:
    """A row of the query ``search``."""
    passages = tuple(zip(passage_keys, passage_scores, strict=True))
    unit = None if vector is None else vector.to_numpy().astype(np.float32)
    return Candidate(key, dense, lexical, passages, named, telling, unit)


def limits_of(queries: Queries, filters: Filters) -> tuple[sql.Composed, dict[str, Any]]:
    """The limits as SQL to stand behind a condition, and their parameters; nothing when there are none."""
    given: dict[str, Any] = {
        "year_from": filters.year_from,
        "year_to": filters.year_to,
        "authors": [key for key in map(person_key, filters.authors) if key],
        "venues": _venues_pattern(filters.venues),
        "exclude_years": filters.exclude_years,
        "exclude_authors": [key for key in map(person_key, filters.exclude_authors) if key],
        "exclude_venues": _venues_pattern(filters.exclude_venues),
        "languages": [fold(code) for code in filters.languages],
        "exclude": _pattern(filters.exclude, r"\m(?:{})"),
        "collections": filters.collections,
        "exclude_collections": filters.exclude_collections,
        "has_full_text": filters.has_full_text,
        "among": filters.among,
        "added_since": datetime.combine(filters.added_since, time.min, UTC) if filters.added_since else None,
    }
    parameters = {name: value for name, value in given.items() if value not in (None, [], "")}
    pieces = [sql.SQL(" AND {}").format(queries.get(f"limit_{name}")) for name in parameters]
    if "venues" in parameters:
        parameters["venue_parts"] = [f"%{_LIKE_SIGN.sub(_ESCAPED, venue)}%" for venue in _folded(filters.venues)]
    return sql.Composed(pieces), parameters


def _folded(names: Iterable[str]) -> list[str]:
    return list(filter(None, map(str.strip, map(fold, names))))


def _venues_pattern(venues: Iterable[str]) -> str:
    """A Postgres regular expression for any of the venues."""
    return "|".join(filter(None, map(_venue_pattern, _folded(venues))))


def _venue_pattern(venue: str) -> str:
    """Whole words of a venue's name; a name that is an everyday word must be the whole venue, but for a year or volume."""
    if venue in _EVERYDAY_VENUES:
        return rf"^{re.escape(venue)}[^[:alpha:]]*$"
    return _pattern([venue], r"\m(?:{})\M")


def _pattern(words: Iterable[str], around: str) -> str:
    """A Postgres regular expression for any of ``words``; Chinese ones have no word boundaries."""
    plain: list[str] = []
    chinese: list[str] = []
    for word in filter(None, map(str.strip, words)):
        (chinese if has_cjk(word) else plain).append(re.escape(word))
    return "|".join([*([around.format("|".join(plain))] if plain else []), *chinese])
