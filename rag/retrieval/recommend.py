"""What to read next: papers of the library near the topics of those one has, each with a reason."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rag.embeddings import Matrix
from rag.embeddings.vectors import unit_rows
from rag.errors import InvalidRequestError
from rag.papers import Filters, Hit, Paper, PaperId
from rag.retrieval.diversity import diverse
from rag.retrieval.evidence import passages
from rag.retrieval.glossary import glossary
from rag.retrieval.similar import known_keys, other_works
from rag.retrieval.topics import topics
from rag.store import Index
from rag.text import fold, has_cjk, tokens

MOST_OWNED = 2_000
"""Papers of a collection that its topics are taken from: the latest."""
MOST_NAMED = 500
"""Papers that a request may name."""
NEIGHBOURS = 100
"""Papers looked at around each topic."""
LEAST = 0.3
"""Cosine to the nearest owned paper below which nothing is recommended."""
TERMS = 3
_WORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A paper to read, and why: the nearest paper that one has, and rare words that both have."""

    hit: Hit
    nearest: Paper
    terms: tuple[str, ...]


async def recommend(
    index: Index,
    *,
    papers: Sequence[PaperId] = (),
    collection: str = "",
    dismissed: Sequence[PaperId] = (),
    filters: Filters | None = None,
    limit: int = 10,
) -> list[Recommendation]:
    """Up to ``limit`` papers for whoever has ``papers``, or those of ``collection``; none that is there or was dismissed.

    Topics come in turn, large ones more often. No chance and no clock come in: tomorrow the answer is the same but for what
    came into the library, and for what was dismissed, whose place the next ones move up to.

    Raises:
        InvalidRequestError: nothing to go by.
        NotFoundError: there is no paper with one of the ids.
    """
    filters = filters or Filters()
    if collection:
        owned = await index.members(collection, MOST_OWNED)
        filters = filters.model_copy(update={"exclude_collections": [*filters.exclude_collections, collection]})
    else:
        owned = await known_keys(index, papers)
    if not owned:
        raise InvalidRequestError("There is nothing to go by.", hint="Name some papers, or a collection that has some.")
    gone = await known_keys(index, dismissed)
    pile = await _Pile.of(index, owned)
    chosen = await _chosen(index, pile, filters, limit + len(gone))
    # What was dismissed was chosen like the rest, and goes only now: the others stay in their order.
    kept = [key for key in chosen if key not in gone]
    return await _explained(index, pile, kept[:limit])


@dataclass(frozen=True, slots=True)
class _Pile:
    """The papers that one has."""

    keys: list[int]
    vectors: Matrix
    """Unit rows (n, d)."""
    topics: list[list[int]]
    """Places in ``keys``."""

    @classmethod
    async def of(cls, index: Index, keys: Sequence[int]) -> "_Pile":
        vectors = await index.vectors(keys)
        there = sorted(vectors)
        rows = np.stack([vectors[key] for key in there])
        return cls(there, rows, topics(rows))


async def _chosen(index: Index, pile: _Pile, filters: Filters, n: int) -> list[int]:
    """Keys of papers near the pile's topics, topic by topic in turn."""
    lines: list[list[int]] = []
    for places in pile.topics:
        centre = unit_rows(pile.vectors[places].mean(axis=0, keepdims=True))[0]
        beside = n + (0 if filters.exclude_collections else len(pile.keys))
        candidates, _ = await index.candidates(embedding=centre, stems=[], filters=filters, limit=NEIGHBOURS + beside)
        found = sorted({candidate.key for candidate in candidates} - set(pile.keys))
        vectors = await index.vectors(found)
        keys = other_works(pile.keys, [key for key in found if key in vectors], await index.papers([*pile.keys, *found]))
        if not keys:
            lines.append([])
            continue
        rows = np.stack([vectors[key] for key in keys])
        nearest = (rows @ pile.vectors.T).max(axis=1)
        fits = (nearest + rows @ centre) / 2
        near = np.flatnonzero(nearest >= LEAST)
        lines.append([keys[near[place]] for place in diverse(fits[near].tolist(), rows[near], n)])
    # Two topics may bring up two records of one work.
    in_turn = list(dict.fromkeys(_in_turn(lines, [len(places) for places in pile.topics])))
    return other_works([], in_turn, await index.papers(in_turn))[:n]


def _in_turn(lines: Sequence[Sequence[int]], sizes: Sequence[int]) -> Iterator[int]:
    """All of ``lines``, each as often as its topic is large (the highest averages of Sainte-Laguë)."""
    taken = [0] * len(lines)
    while any(taken[place] < len(line) for place, line in enumerate(lines)):
        left = [place for place, line in enumerate(lines) if taken[place] < len(line)]
        place = max(left, key=lambda one: (sizes[one] / (2 * taken[one] + 1), -one))
        yield lines[place][taken[place]]
        taken[place] += 1


async def _explained(index: Index, pile: _Pile, keys: Sequence[int]) -> list[Recommendation]:
    vectors = await index.vectors(keys)
    cosines = {key: pile.vectors @ vectors[key] for key in keys}
    nearest = {key: pile.keys[int(cosines[key].argmax())] for key in keys}
    papers = await index.papers([*keys, *nearest.values()])
    rarity = await index.rarity(sorted({stem for key in keys for stem in tokens(_text(papers[key]))}))
    found: list[Recommendation] = []
    for key in keys:
        paper, owned = papers[key], papers[nearest[key]]
        score = float(min(1.0, max(0.0, cosines[key].max())))
        hit = Hit(paper, score, passages(paper, score, score, [], tokens(owned.title)), dense_score=float(cosines[key].max()))
        found.append(Recommendation(hit, owned, shared_terms(paper, owned, rarity)))
    return found


def shared_terms(paper: Paper, owned: Paper, rarity: dict[str, float]) -> tuple[str, ...]:
    """Up to three words of ``paper`` that ``owned`` has too: those that stand in a title, the rarest first, or one of the text.

    Chinese runs on without blanks: of it, terms of the glossary count, the longest first.
    """
    if has_cjk(paper.title):
        both = [term for term in glossary() if term in fold(_text(paper)) and term in fold(_text(owned))]
        return tuple(sorted(both, key=lambda term: (-len(term), _text(paper).find(term)))[:TERMS])
    theirs, titles = set(tokens(_text(owned))), {*tokens(paper.title), *tokens(owned.title)}
    shared: dict[str, str] = {}
    for word in _WORD.findall(_text(paper)):
        stems = tokens(word)
        if len(stems) == 1 and stems[0] in theirs:
            shared.setdefault(stems[0], word)
    rarest = sorted(shared, key=lambda stem: -rarity.get(stem, 0.0))
    named = [stem for stem in rarest if stem in titles][:TERMS] or rarest[:1]
    return tuple(word if word[1:] != word[1:].lower() else word.lower() for word in map(shared.__getitem__, named))


def _text(paper: Paper) -> str:
    return f"{paper.title} {paper.abstract}"
