"""BM25 as sparse vectors: what a paper's row holds. (Robertson & Zaragoza 2009, The Probabilistic Relevance Framework.)"""

from collections import Counter
from collections.abc import Iterable, Mapping

from pgvector import SparseVector

from rag.text import tokens

STEM_DIMENSIONS = 16_777_216
"""Of the column ``paper_stems.weights``; stems are numbered from 1."""
MOST_STEMS = 1_000
"""A paper's row keeps its heaviest stems only up to here: pgvector's HNSW takes no more non-zero elements."""
K1 = 1.2
B = 0.6
TITLE_WEIGHT = 2


def term_counts(title: str, abstract: str) -> Counter[str]:
    """How often each stem stands in a paper; the title counts twice."""
    counts = Counter(tokens(abstract))
    for stem in tokens(title):
        counts[stem] += TITLE_WEIGHT
    return counts


def saturations(counts: Mapping[int, int], mean_length: float) -> SparseVector:
    """BM25's term part without idf, tf / (tf + k1 (1 - b + b · length / mean)), in [0, 1): stem id - 1 → weight."""
    length = sum(counts.values())
    norm = K1 * (1 - B + B * length / max(mean_length, 1.0))
    weights: Iterable[tuple[int, float]] = ((stem - 1, n / (n + norm)) for stem, n in counts.items())
    heaviest = sorted(weights, key=lambda pair: -pair[1])[:MOST_STEMS]
    return SparseVector(dict(heaviest), STEM_DIMENSIONS)
