"""A question as both rankings want it: its topic, its search tokens, and in English where the model reads nothing else."""

from dataclasses import dataclass

from rag.retrieval.exact import named
from rag.retrieval.glossary import glossary, in_english
from rag.retrieval.ranking import DENSE_WEIGHT, TRANSLATED_DENSE_WEIGHT
from rag.retrieval.steps import Steps
from rag.store import Named
from rag.text import has_cjk, tokens
from rag.wording import topic


@dataclass(frozen=True, slots=True)
class Asked:
    """A question made ready."""

    text: str
    """For the embedding model; '' when it would understand nothing of it."""
    stems: list[str]
    named: Named
    dense_weight: float = DENSE_WEIGHT
    """Share of the dense score in the fused one."""


def ask(question: str, steps: Steps, *, multilingual: bool) -> Asked:
    """Make a question ready for a model that is ``multilingual`` or reads English only."""
    names = named(question) if steps.exact else Named()
    text = topic(question) if steps.unwrapping else question.strip()
    if multilingual or not has_cjk(text) or not steps.glossary:
        return Asked(text, tokens(text), names)
    english = in_english(text, glossary())
    return Asked(english, list(dict.fromkeys([*tokens(text), *tokens(english)])), names, TRANSLATED_DENSE_WEIGHT)
