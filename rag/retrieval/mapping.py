"""Papers on a plane: near ones near, in groups that have names."""

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from rag.embeddings import Matrix
from rag.papers import Paper
from rag.retrieval.topics import topics
from rag.text import STOP_WORDS, fold, has_cjk, tokens

_WORDS = 2
_APART, _ROUNDS = 0.06, 80
"""The least distance between two papers, as a part of the plane's width, and how often those too near are moved."""
_WORD = re.compile(r"[^\W\d_][\w-]+")


@dataclass(frozen=True, slots=True)
class Group:
    """Papers of one topic: their places among all, nearest to the topic of the search first, and what they speak of."""

    places: tuple[int, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """``positions``: (n, 2), each in [0, 1], of the papers in their order; the groups cover all of them."""

    positions: Matrix
    groups: tuple[Group, ...]


def mapped(papers: Sequence[Paper], vectors: Matrix, known: Set[str] = frozenset(), *, chinese: bool = False) -> Map:
    """The map of at least three papers with their unit vectors (n, d).

    ``known``: stems that name nothing here, since the search was for them. ``chinese``: whether the reader prefers such words.
    """
    terms = [_terms(paper) for paper in papers]
    often = Counter(term for one in terms for term in one)
    groups = [
        Group(tuple(sorted(places)), _words([terms[place] for place in places], often, known, chinese=chinese))
        for places in topics(vectors)
    ]
    return Map(_spread(_plane(vectors)), tuple(groups))


def _plane(vectors: Matrix) -> Matrix:
    """The two directions in which the vectors differ most (principal components), the same way round every time."""
    centred = vectors - vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    flat = centred @ directions[:2].T
    turned: Matrix = flat * np.where(np.abs(flat).max(axis=0) == flat.max(axis=0), 1.0, -1.0)
    return turned


def _spread(positions: Matrix) -> Matrix:
    """Into [0, 1], and those that would cover each other moved apart."""
    least, most = positions.min(axis=0), positions.max(axis=0)
    placed = (positions - least) / np.where(most > least, most - least, 1.0)
    for _ in range(_ROUNDS):
        apart = placed[:, None, :] - placed[None, :, :]
        distance = np.sqrt((apart**2).sum(axis=2))
        near = (distance < _APART) & ~np.eye(len(placed), dtype=bool)
        if not near.any():
            break
        # Two in one spot are moved along a direction that their places give.
        angle = np.arange(len(placed))[:, None] * 2.4 + np.arange(len(placed))[None, :]
        away = np.where(distance[..., None] > 1e-6, apart / np.maximum(distance, 1e-6)[..., None], _unit(angle))
        away = np.where(distance[..., None] > 1e-6, away, (away - away.transpose(1, 0, 2)) / 2)
        placed = np.clip(placed + (away * (near * (_APART - distance) / 2)[..., None]).sum(axis=1), 0.0, 1.0)
    spread: Matrix = placed.astype(np.float32)
    return spread


def _unit(angle: Matrix) -> Matrix:
    directions: Matrix = np.stack([np.cos(angle), np.sin(angle)], axis=2)
    return directions


def _words(members: Sequence[dict[str, str]], often: Counter[str], known: Set[str], *, chinese: bool) -> tuple[str, ...]:
    """The words that most members have and few others do: phrases before single words, the reader's script before the other."""
    inside = Counter(term for terms in members for term in terms if not known >= set(tokens(term)))

    def merit(term: str) -> tuple[bool, float, str]:
        phrase = 2.0 if " " in term or has_cjk(term) else 1.0
        return has_cjk(term) is chinese, phrase * inside[term] ** 2 / often[term], term

    chosen: list[str] = []
    for term in sorted(inside, key=merit, reverse=True):
        if not any(set(tokens(term)) & set(tokens(other)) for other in chosen):
            chosen.append(term)
        if len(chosen) == _WORDS:
            break
    return tuple(next(terms[term] for terms in members if term in terms) for term in chosen)


def _terms(paper: Paper) -> dict[str, str]:
    """The keywords and the words of the title, folded, each as it is written there; a capital that only begins a word is none."""
    words = [word for word in _WORD.findall(paper.title) if word.lower() not in STOP_WORDS]
    found = [*paper.keywords, *words]
    return {fold(term): term if any(c.isupper() for c in term[1:]) else term.lower() for term in reversed(found) if term.strip()}
