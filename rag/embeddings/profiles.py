"""What is known of each embedding model: one row per family."""

import re
from dataclasses import dataclass

SEARCH_TASK = "Given a research topic or question, retrieve scientific papers that are relevant to it"
"""What a query is embedded for, in the words that instruction-following models were trained on."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One family of models."""

    pattern: str
    """Regular expression over the model's name, lower case, without the owner or folder before it."""
    dimensions: int | None
    """Length of the model's own vectors; None: ask the server."""
    context: int
    """Tokens that the model reads at once, special ones included; longer texts go in windows."""
    query_template: str
    """How a query is written, with ``{task}`` and ``{query}``. Documents go in plain."""
    multilingual: bool
    """Whether a Chinese question finds an English paper."""
    relevance_floor: float
    """Cosine below which even the best paper does not fit the question; 0 where it was never calibrated."""

    relevance_ceiling: float = 0.75
    """Cosine from which a paper is squarely about the question."""

    def query(self, text: str, task: str) -> str:
        """``text`` as the model wants to read a query."""
        return self.query_template.format(task=task, query=text)


_QWEN3 = "Instruct: {task}\nQuery:{query}"

PROFILES = (
    Profile(r"qwen3-embedding-0\.6b", 1024, 32_768, _QWEN3, multilingual=True, relevance_floor=0.35),
    Profile(r"qwen3-embedding-4b", 2560, 32_768, _QWEN3, multilingual=True, relevance_floor=0.35),
    Profile(r"qwen3-embedding-8b", 4096, 32_768, _QWEN3, multilingual=True, relevance_floor=0.35),
    Profile(r"qwen3-embedding", None, 32_768, _QWEN3, multilingual=True, relevance_floor=0.35),
    Profile(r"all-minilm-l6-v2", 384, 512, "{query}", multilingual=False, relevance_floor=0.30),
)
UNKNOWN = Profile("", None, 512, "{query}", multilingual=False, relevance_floor=0.0)


def profile_for(model: str) -> Profile:
    """The row of ``model``, a hub id ('Qwen/Qwen3-Embedding-4B'), a folder or a served name; UNKNOWN if there is none."""
    name = model.rstrip("/").rsplit("/", 1)[-1].lower()
    return next((profile for profile in PROFILES if re.search(profile.pattern, name)), UNKNOWN)
