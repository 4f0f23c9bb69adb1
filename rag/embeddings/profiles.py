"""What is known of each embedding model: one row per family."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Literal


class Task(StrEnum):
    """What a question is embedded for, where a model can be told.

    Papers are embedded as documents, which these models read without an instruction. What compares papers with each other
    ("more like this", recommendations, the map and its groups) uses those vectors as they are stored.
    """

    SEARCH = "search"
    """A topic or a question."""
    SIMILARITY = "similarity"
    """A paper's own text, pasted to find others like it."""


INSTRUCTIONS: Mapping[Task, str] = MappingProxyType(
    {
        Task.SEARCH: "Given a research topic or question, retrieve scientific papers that are relevant to it",
        Task.SIMILARITY: "Given a scientific paper, retrieve papers that study the same problem",
    }
)
"""In the words that instruction-following models were trained on: English, one sentence, no full stop."""

SEARCH_TASK = INSTRUCTIONS[Task.SEARCH]

Pooling = Literal["last", "mean", "cls", ""]
"""What makes one vector of a text's tokens: the last of them, their mean, the first; '' when it is not known."""


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
    """How a query is written, with ``{task}`` and ``{query}``, the query last."""
    multilingual: bool
    """Whether a Chinese question finds an English paper."""
    relevance_floor: float
    """Cosine below which even the best paper does not fit the question; 0 where it was never calibrated."""

    relevance_ceiling: float = 0.75
    """Cosine from which a paper is squarely about the question."""
    document_prefix: str = ""
    """What stands before a document, and before each window of a long one."""
    pooling: Pooling = ""
    matryoshka: int | None = None
    """Fewest dimensions that its vectors were trained to be cut to; None: it was not trained for that."""
    instructions: Mapping[Task, str] = field(default_factory=lambda: INSTRUCTIONS)

    def query(self, text: str, task: Task = Task.SEARCH) -> str:
        """``text`` as the model wants to read a query."""
        return self.query_template.format(task=self.instructions[task], query=text)

    def document(self, text: str) -> str:
        """``text`` as the model wants to read a document."""
        return self.document_prefix + text

    @property
    def query_prefix(self) -> str:
        """What ``query`` puts before a text for a search."""
        return self.query("")

    def instructed(self, instructions: Mapping[Task, str]) -> "Profile":
        """The same family under the operator's own words for some tasks."""
        return replace(self, instructions={**self.instructions, **instructions})


_PLAIN = "{query}"


def _qwen3(size: str, dimensions: int | None) -> Profile:
    template = "Instruct: {task}\nQuery:{query}"
    return Profile(f"qwen3-embedding{size}", dimensions, 32_768, template, True, 0.35, pooling="last", matryoshka=32)


def _e5(size: str, dimensions: int) -> Profile:
    template, before = "query: {query}", "passage: "
    return Profile(f"multilingual-e5-{size}", dimensions, 512, template, True, 0.0, document_prefix=before, pooling="mean")


# As their cards say: Qwen/Qwen3-Embedding-*, BAAI/bge-m3, intfloat/multilingual-e5-*, sentence-transformers/all-MiniLM-L6-v2.
PROFILES = (
    _qwen3(r"-0\.6b", 1024),
    _qwen3("-4b", 2560),
    _qwen3("-8b", 4096),
    _qwen3("", None),
    Profile("bge-m3", 1024, 8192, _PLAIN, True, 0.0, pooling="cls"),
    Profile("multilingual-e5-large-instruct", 1024, 512, "Instruct: {task}\nQuery: {query}", True, 0.0, pooling="mean"),
    _e5("large", 1024),
    _e5("base", 768),
    _e5("small", 384),
    Profile("all-minilm-l6-v2", 384, 512, _PLAIN, False, 0.30, pooling="mean"),
)
BUNDLED_MODEL = "all-MiniLM-L6-v2"
UNKNOWN = Profile("", None, 512, _PLAIN, multilingual=False, relevance_floor=0.0)


def profile_for(model: str) -> Profile:
    """The row of ``model``, a hub id ('Qwen/Qwen3-Embedding-4B'), a folder or a served name; UNKNOWN if there is none."""
    name = model.rstrip("/").rsplit("/", 1)[-1].lower()
    return next((profile for profile in PROFILES if re.search(profile.pattern, name)), UNKNOWN)
