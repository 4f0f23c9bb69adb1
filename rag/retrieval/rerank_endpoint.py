"""Any ``/v1/rerank`` endpoint (vLLM, Cohere, Jina, SGLang), and how each family of models wants question and text written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from rag.embeddings import SEARCH_TASK
from rag.embeddings.estimate import char_spans
from rag.retrieval.rerank import RerankError
from rag.settings import url_and_model

_CONNECT_TIMEOUT, _TIMEOUT = 2.0, 60.0
"""Seconds; how long a question waits is not decided here."""
_SIGNS = re.compile(r"<\|[^|<>]{0,40}\|>")


@dataclass(frozen=True, slots=True)
class RerankProfile:
    """One family of rerankers."""

    pattern: str
    """Regular expression over the model's name, lower case."""
    question: str
    """How a question is written, with ``{task}`` and ``{question}``."""
    text: str
    """How a text is written, with ``{text}``."""
    tokens: int
    """Of a text, by estimate, that are sent at most."""


# The two halves of one chat prompt; vLLM puts question and text together as they come.
# (Qwen3-Reranker's model card; vLLM, examples/offline_inference/qwen3_reranker.py.)
_QWEN3 = RerankProfile(
    r"qwen3-reranker",
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct provided. "
    'Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n<Instruct>: {task}\n<Query>: {question}\n',
    "<Document>: {text}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
    1_000,
)
PROFILES = (_QWEN3,)
PLAIN = RerankProfile("", "{question}", "{text}", 400)
"""Cross-encoders take both as they are; many read 512 tokens of question and text together."""


def rerank_profile_for(model: str) -> RerankProfile:
    """The row of ``model``; PLAIN if there is none."""
    return next((profile for profile in PROFILES if re.search(profile.pattern, model.lower())), PLAIN)


class RerankEndpoint:
    """A client of one model on one server."""

    def __init__(self, address: str, *, key: str | None = None, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """``address`` is 'http://host:8001/v1#Qwen/Qwen3-Reranker-0.6B': the URL before ``/rerank``, and the model.

        Raises:
            ConfigurationError: it is not.
        """
        url, self.model = url_and_model("PAPER_FINDER_RERANKER", address, "http://host:8001/v1#Qwen/Qwen3-Reranker-0.6B")
        self.url = url.removesuffix("/rerank")
        self._profile = rerank_profile_for(self.model)
        local = httpx.URL(self.url).host in {"127.0.0.1", "localhost", "::1"}
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(_TIMEOUT, connect=_CONNECT_TIMEOUT),
            transport=transport,
            trust_env=not local,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score for each text.

        Raises:
            RerankError: the server cannot be reached, refuses, or its answer cannot be used.
        """
        profile = self._profile
        body = {
            "model": self.model,
            "query": profile.question.format(task=SEARCH_TASK, question=_cut(question, profile.tokens)),
            "documents": [profile.text.format(text=_cut(text, profile.tokens)) for text in texts],
            "top_n": len(texts),
        }
        try:
            response = await self._client.post(f"{self.url}/rerank", json=body)
        except httpx.TransportError as error:
            raise RerankError(f"The reranker cannot be reached ({type(error).__name__})") from error
        if response.status_code != 200:
            raise RerankError(f"The reranker answered with status {response.status_code}")
        try:
            return _scores(response.json(), len(texts))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RerankError("The reranker's answer cannot be read") from error


def _scores(answer: Any, expected: int) -> list[float]:
    """vLLM's, Cohere's and Jina's form, or SGLang's bare list; each index once, in any order."""
    results = answer if isinstance(answer, list) else answer["results"]
    scores = {int(one["index"]): float(one.get("relevance_score", one.get("score"))) for one in results}
    in_order = [scores[place] for place in range(expected)]
    if len(results) != expected or any(score != score for score in in_order):
        raise ValueError("not one number for each text")
    return in_order


def _cut(text: str, tokens: int) -> str:
    """The beginning of ``text``, without what a model could take for the signs of its own prompt."""
    _, end, _ = char_spans(text, tokens, 0)[0]
    return _SIGNS.sub(" ", text[:end])
