"""What in a paper's text matched: passages, and the sentence that says it best."""

from collections.abc import Iterable, Sequence

from rag.papers import Paper, Passage
from rag.store import StoredPassage
from rag.text import sentences, tokens

MOST_PASSAGES = 3
"""Passages shown of one paper."""


def passages(
    paper: Paper, relevance: float, best_cosine: float, stored: Sequence[tuple[StoredPassage, float]], stems: Iterable[str]
) -> tuple[Passage, ...]:
    """The paper's best passages, best first; its abstract (or bare title) where no full text matched.

    ``stored`` are passages with their cosines; each gets the paper's relevance, less in proportion to its cosine. Of the nearest
    in meaning, that one comes first which has a sentence with most of the question's words.
    """
    if not stored:
        text = paper.abstract or paper.title
        return (Passage(text, relevance, highlight=best_sentence(text, stems)),)
    nearest = [
        Passage(
            p.text, relevance * max(0.0, cosine) / max(best_cosine, cosine, 1e-9), p.page, p.section, best_sentence(p.text, stems)
        )
        for p, cosine in stored[:MOST_PASSAGES]
    ]
    wanted = set(stems)
    return tuple(sorted(nearest, key=lambda passage: -len(wanted.intersection(tokens(passage.highlight)))))


def best_sentence(text: str, stems: Iterable[str]) -> str:
    """The first sentence that has the most different ones of ``stems``; '' when none has any."""
    wanted = set(stems)
    best, most = "", 0
    for sentence in sentences(text):
        shared = len(wanted.intersection(tokens(sentence)))
        if shared > most:
            best, most = sentence, shared
    return best
