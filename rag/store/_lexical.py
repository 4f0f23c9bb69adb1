"""BM25 as sparse vectors: what a paper's row holds. (Robertson & Zaragoza 2009, The Probabilistic Relevance Framework.)"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pgvector import SparseVector

from rag.text import tokens

STEM_DIMENSIONS = 16_777_216
"""Of the column ``paper_stems.weights``; stems are numbered from 1."""
MOST_STEMS = 1_000
"""A paper's row keeps its heaviest stems only up to here: pgvector's HNSW takes no more non-zero elements."""
K1 = 1.2
B = 0.6
TITLE_WEIGHT = 2


def term_counts(title: str, abstract: str, keywords: Sequence[str]) -> Counter[str]:
    """How often each stem stands in a paper; the title counts twice."""
    counts = Counter(tokens(abstract))
    for keyword in keywords:
        counts.update(tokens(keyword))
    for stem in tokens(title):
        counts[stem] += TITLE_WEIGHT
    return counts


def saturations(counts: Mapping[int, int], mean_length: float) -> SparseVector:
    """BM25's term part without idf, tf / (tf + k1 (1 - b + b · length / mean)), in [0, 1): stem id - 1 → weight."""
    norm = _norm(sum(counts.values()), mean_length)
    weights: Iterable[tuple[int, float]] = ((stem - 1, n / (n + norm)) for stem, n in counts.items())
    heaviest = sorted(weights, key=lambda pair: -pair[1])[:MOST_STEMS]
    return SparseVector(dict(heaviest), STEM_DIMENSIONS)


def reweighed(weights: SparseVector, length: int, before: float, mean_length: float) -> SparseVector:
    """The ``saturations`` of a paper of that length, computed ``before`` with another mean, for ``mean_length``.

    With w = n / (n + norm), n = w · norm / (1 - w).
    """
    old, new = _norm(length, before), _norm(length, mean_length)
    pairs = zip(weights.indices(), weights.values(), strict=True)
    return SparseVector({stem: w * old / (w * old + (1 - w) * new) for stem, w in pairs}, STEM_DIMENSIONS)


def _norm(length: int, mean_length: float) -> float:
    return K1 * (1 - B + B * length / max(mean_length, 1.0))
