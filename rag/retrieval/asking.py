"""A question as both rankings want it: its topic, its search tokens, and in English where the model reads nothing else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.embeddings import Task
from rag.retrieval.exact import named
from rag.retrieval.glossary import glossary, in_english, unknown_words
from rag.retrieval.ranking import DENSE_WEIGHT, TRANSLATED_DENSE_WEIGHT
from rag.retrieval.steps import Steps
from rag.store import Named
from rag.text import has_cjk, sentences, tokens
from rag.wording import topic

LEAST_ABSTRACT = 350
"""Characters from which several sentences are a paper's own text and not a question."""
LEAST_WEIGHT = 0.05
"""Of the tokens of a language that the library has next to nothing of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question made ready."""

    text: str
    """For the embedding model; '' when it would understand nothing of it."""
    stems: Mapping[str, float]
    """Search token → how often it counts."""
    named: Named
    dense_weight: float = DENSE_WEIGHT
    """Share of the dense score in the fused one."""
    chinese: Sequence[str] = ()
    """Those of ``stems`` that are bigrams of a question that was put into English."""
    english: Sequence[str] = ()
    """Those that came by putting it into English."""
    unknown: Sequence[str] = ()
    """Chinese words of it that could not be."""

    @property
    def task(self) -> Task:
        """What ``text`` is embedded for."""
        abstract = len(self.text) >= LEAST_ABSTRACT and len(sentences(self.text)) > 1
        return Task.SIMILARITY if abstract else Task.SEARCH


def ask(question: str, steps: Steps, *, multilingual: bool) -> Asked:
    """Make a question ready for a model that is ``multilingual`` or reads English only."""
    names = named(question) if steps.exact else Named()
    text = topic(question) if steps.unwrapping else question.strip()
    if multilingual or not has_cjk(text) or not steps.glossary:
        return Asked(text, Counter(tokens(text)), names)
    english = in_english(text, glossary())
    own, put = tokens(text), tokens(english)
    stems = dict.fromkeys([*own, *put], 1.0)
    chinese = [token for token in dict.fromkeys(own) if has_cjk(token)]
    added = [token for token in stems if token not in set(own)]
    return Asked(english, stems, names, TRANSLATED_DENSE_WEIGHT, chinese, added, unknown_words(text, glossary()))


def balanced(asked: Asked, frequencies: Mapping[str, int]) -> Asked:
    """A translated question with each of its two languages counting by how much the library has of it; ``frequencies`` say in how
    many papers each token stands.

    Rare words weigh most: in a library of English papers a few Chinese ones would win by their bigrams alone, in one of Chinese
    papers a stray English word would.
    """
    chinese, english = (_mean(frequencies, stems) for stems in (asked.chinese, asked.english))
    most = max(chinese, english)
    if not most:
        return asked
    weights = dict.fromkeys(asked.chinese, max(LEAST_WEIGHT, chinese / most))
    weights |= dict.fromkeys(asked.english, max(LEAST_WEIGHT, english / most))
    return replace(asked, stems={**asked.stems, **weights}, dense_weight=asked.dense_weight * english / most)


def _mean(frequencies: Mapping[str, int], stems: Sequence[str]) -> float:
    return sum(frequencies.get(stem, 0) for stem in stems) / max(len(stems), 1)
