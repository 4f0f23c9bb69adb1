"""A text's own key sentences."""

import re
from collections import Counter
from collections.abc import Sequence

from rag.text import sentences, tokens

_CLAIM = re.compile(
    r"\b(?:we (?:propose|present|introduce|show|find|demonstrate|describe|develop|prove|report|argue)"
    r"|this (?:paper|work|article|study)"
    r"|our (?:method|model|approach|results|system)|results show|outperform|state[- ]of[- ]the[- ]art|in this (?:paper|work))\b"
    r"|本文|提出|结果表明|实验表明|我们",
    re.IGNORECASE,
)
_CLAIM_COUNTS = 1.5
_FEWEST_TOKENS = 4
_MOST_SENTENCES = 400


def key_sentences(text: str, count: int) -> list[str]:
    """At most ``count`` sentences that say most of what the text says, in the text's order.

    SumBasic (Nenkova and Vanderwende 2005): the sentence whose words are most frequent on average, then again with the words
    it has said made rarer (their probabilities squared). A sentence that states a claim counts half as much again.
    """
    every = sentences(text)[:_MOST_SENTENCES]
    if len(every) <= count:
        return every
    words = [tokens(sentence) for sentence in every]
    total = Counter(word for said in words for word in said)
    weight = {word: often / total.total() for word, often in total.items()}
    chosen: list[int] = []
    while len(chosen) < count:
        best = max((i for i in range(len(every)) if i not in chosen), key=lambda i: _score(every[i], words[i], weight))
        chosen.append(best)
        weight |= {word: weight[word] ** 2 for word in words[best]}
    return [every[i] for i in sorted(chosen)]


def _score(sentence: str, words: Sequence[str], weight: dict[str, float]) -> float:
    if len(words) < _FEWEST_TOKENS:
        return 0.0
    mean = sum(weight[word] for word in words) / len(words)
    return mean * (_CLAIM_COUNTS if _CLAIM.search(sentence) else 1.0)
