"""Papers like others: "more like the second one", "like these three but not that one"."""

from collections.abc import Sequence

import numpy as np

from rag.embeddings import Matrix
from rag.errors import InvalidRequestError, NotFoundError
from rag.papers import Filters, Hit, Paper, PaperId
from rag.retrieval.diversity import diverse
from rag.retrieval.evidence import passages
from rag.retrieval.folding import folded
from rag.retrieval.ranking import Ranked
from rag.store import Candidate, Index
from rag.text import tokens

NEIGHBOURS = 60
"""Papers looked at around each of the wanted ones and around their middle."""
MOST_WANTED = 50
AVOIDED = 0.5
"""Weight of the nearness to an unwanted paper, against that to the wanted ones."""


async def similar(
    index: Index, like: Sequence[PaperId], unlike: Sequence[PaperId] = (), filters: Filters | None = None, limit: int = 10
) -> tuple[Hit, ...]:
    """Up to ``limit`` papers near to those of ``like``, of different kinds, best first.

    Never one of the given papers or another version of it; nor one that is nearer to an ``unlike`` paper than to all of
    ``like``. A hit's score is its cosine to the nearest of ``like``, in [0, 1]; its passage is its abstract, with the sentence
    that shares most words with that paper's title.

    Raises:
        InvalidRequestError: no paper to be like, or too many; or an upload that is not embedded yet.
        NotFoundError: there is no paper with one of the ids.
    """
    wanted = await known_keys(index, like)
    unwanted = await known_keys(index, unlike)
    if not wanted or len(wanted) + len(unwanted) > MOST_WANTED:
        raise InvalidRequestError(f"Name 1 to {MOST_WANTED} papers to be like.")
    given = await index.vectors([*wanted, *unwanted])
    if len(given) < len({*wanted, *unwanted}):
        raise InvalidRequestError("One of the papers is still being read.", hint="Ask again in a minute.")
    liked = np.stack([given[key] for key in wanted])
    avoided = np.stack([given[key] for key in unwanted]) if unwanted else np.empty((0, liked.shape[1]), np.float32)
    keys = await _neighbours(index, liked, filters or Filters(), limit + len(wanted) + len(unwanted))
    vectors = await index.vectors(keys)
    papers = await index.papers([*wanted, *unwanted, *keys])
    others = other_works([*wanted, *unwanted], [key for key in keys if key in vectors], papers)
    if not others:
        return ()
    rows = np.stack([vectors[key] for key in others])
    cosines = rows @ liked.T
    nearest_avoided = (rows @ avoided.T).max(axis=1, initial=0.0)
    near = cosines.max(axis=1) > nearest_avoided
    places = np.flatnonzero(near)
    fits = ((cosines.max(axis=1) + cosines.mean(axis=1)) / 2 - AVOIDED * nearest_avoided)[places]
    chosen = [int(places[place]) for place in diverse(fits.tolist(), rows[places], limit)]
    return tuple(_hit(papers[others[place]], cosines[place], [papers[key] for key in wanted]) for place in chosen)


async def known_keys(index: Index, ids: Sequence[PaperId]) -> list[int]:
    """The keys of papers, each once.

    Raises:
        NotFoundError: one of the ids is nobody's.
    """
    keys = await index.keys(ids) if ids else {}
    if unknown := [paper_id for paper_id in ids if paper_id not in keys]:
        raise NotFoundError(f"There is no paper with the id {unknown[0]!r}.")
    return list(dict.fromkeys(keys[paper_id] for paper_id in ids))


async def _neighbours(index: Index, liked: Matrix, filters: Filters, beside: int) -> list[int]:
    """Keys of what lies around each of the wanted papers, and around their middle."""
    middle = liked.mean(axis=0)
    around = [*liked, middle / max(float(np.linalg.norm(middle)), 1e-9)] if len(liked) > 1 else list(liked)
    found: dict[int, None] = {}
    for vector in around:
        candidates, _ = await index.candidates(embedding=vector, stems=[], filters=filters, limit=NEIGHBOURS + beside)
        found.update(dict.fromkeys(sorted(candidate.key for candidate in candidates)))
    return list(found)


def other_works(given: Sequence[int], keys: Sequence[int], papers: dict[int, Paper]) -> list[int]:
    """Of ``keys``, one record of each work that none of the given papers belongs to."""
    ranked = [Ranked(Candidate(key, None, 0.0), 0.0) for key in [*given, *keys]]
    works = folded(ranked, papers)
    return [work.best.candidate.key for work in works if work.best.candidate.key not in given]


def _hit(paper: Paper, cosines: Matrix, wanted: Sequence[Paper]) -> Hit:
    cosine = float(min(1.0, max(0.0, cosines.max())))
    title = wanted[int(cosines.argmax())].title
    return Hit(paper, cosine, passages(paper, cosine, cosine, [], tokens(title)), dense_score=float(cosines.max()))
