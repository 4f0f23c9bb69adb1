"""Stand-ins for tests: an embedder without a model, and an OpenAI-compatible server that fails as told."""

import asyncio
import base64
import json
import re
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Literal

import httpx
import numpy as np
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from rag.embeddings.embedder import Embedder
from rag.embeddings.profiles import Profile
from rag.embeddings.vectors import Matrix, cut, unit_rows

_WORD = re.compile(r"[a-z0-9]+|[^\x00-\x7f]")


def bag_of_words(texts: Sequence[str], dimensions: int) -> Matrix:
    """Unit rows (n, dimensions): each word (each character beyond ASCII) adds its own direction; sharing words is being near."""
    rows = np.zeros((len(texts), dimensions), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in _WORD.findall(text.lower()) or [""]:
            seed = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
            row += np.random.default_rng(seed).standard_normal(dimensions, np.float32)
    return unit_rows(rows)


class FakeEmbedder(Embedder):
    """Deterministic vectors out of hashed words; what it was asked is in ``calls``."""

    def __init__(self, dimensions: int = 64, *, model: str = "fake", multilingual: bool = False, floor: float = 0.3) -> None:
        """``multilingual`` and ``floor`` go into the profile."""
        super().__init__(model, dimensions, Profile("", dimensions, 512, "{query}", multilingual, floor))
        self.calls: list[list[str]] = []
        self.error: Exception | None = None
        """Raised by every later request, if set."""

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Words."""
        return sum(len(_WORD.findall(text.lower())) for text in texts)

    def close(self) -> None:
        """There is nothing to close."""

    def _start(self, texts: Sequence[str], *, urgent: bool) -> "Future[Matrix]":  # noqa: ARG002
        self.calls.append(list(texts))
        future: Future[Matrix] = Future()
        if self.error is None:
            future.set_result(bag_of_words(texts, self.dimensions))
        else:
            future.set_exception(self.error)
        return future


@dataclass
class FakeServer:
    """An OpenAI-compatible embedding server with the manners and faults of real ones; ``app`` is an ASGI application."""

    model: str = "fake-model"
    dimensions: int = 64
    matryoshka: Literal["native", "ignored", "refused"] = "native"
    encoding: Literal["as asked", "float", "refused"] = "as asked"
    max_tokens: int | None = None
    """Words of a text above which the answer is 400."""
    states_limit: bool = True
    """Whether the list of models and the 400 say ``max_tokens``."""
    key: str | None = None
    failures: list[int] = field(default_factory=list)
    """Statuses of the next answers, instead of vectors."""
    poison: dict[str, int] = field(default_factory=dict)
    """Statuses of the answers to texts that hold these words."""
    retry_after: str | None = None
    delay: float = 0.0
    """Seconds before each answer."""
    fault: Literal["", "nan", "zero", "too few", "ragged", "no json", "not base64"] = ""
    shuffled: bool = False
    requests: list[dict[str, Any]] = field(default_factory=list)
    """Bodies received, those that failed included."""
    most_at_once: int = 0
    """Highest number of requests that were open at the same time."""
    _open: int = 0

    @property
    def app(self) -> FastAPI:
        """The routes of an OpenAI-compatible server."""
        app = FastAPI()
        app.add_api_route("/v1/embeddings", self._embeddings, methods=["POST"])
        app.add_api_route("/v1/models", self._models, methods=["GET"])
        return app

    def transport(self) -> httpx.ASGITransport:
        """For a client in the same process, without a socket."""
        return httpx.ASGITransport(self.app)

    async def _models(self) -> dict[str, Any]:
        limit = {"max_model_len": self.max_tokens} if self.states_limit and self.max_tokens else {}
        return {"object": "list", "data": [{"id": self.model, "object": "model", **limit}]}

    async def _embeddings(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        try:
            await asyncio.sleep(self.delay)
            return self._refusal(request, body) or self._answer(body)
        finally:
            self._open -= 1

    def _refusal(self, request: Request, body: dict[str, Any]) -> Response | None:
        if self.failures:
            headers = {"Retry-After": self.retry_after} if self.retry_after else {}
            return _error(self.failures.pop(0), "told to fail", headers)
        for word, status in self.poison.items():
            if any(word in text for text in body["input"]):
                return _error(status, f"choked on {word}")
        if self.key is not None and request.headers.get("Authorization") != f"Bearer {self.key}":
            return _error(401, "invalid key")
        if body["model"] != self.model:
            return _error(404, f"The model `{body['model']}` does not exist.")
        longest = max(_words(text) for text in body["input"])
        if self.max_tokens is not None and longest > self.max_tokens:
            stated = f"maximum context length is {self.max_tokens} tokens" if self.states_limit else "input is too long"
            return _error(400, f"This model's {stated}.")
        if self.matryoshka == "refused" and "dimensions" in body:
            return _error(400, f'Model "{self.model}" does not support matryoshka representation.')
        if self.encoding == "refused" and "encoding_format" in body:
            return _error(422, "encoding_format: unknown field")
        return None

    def _answer(self, body: dict[str, Any]) -> Response:
        if self.fault == "no json":
            return Response("<html>gateway</html>", media_type="text/html")
        vectors = bag_of_words(body["input"], self.dimensions)
        if self.matryoshka == "native":
            vectors = cut(vectors, body.get("dimensions", self.dimensions))
        if self.fault in {"nan", "zero"}:
            vectors[-1] = np.nan if self.fault == "nan" else 0
        in_base64 = self.encoding == "as asked" and body.get("encoding_format") == "base64"
        rows = [base64.b64encode(row.tobytes()).decode() if in_base64 else _numbers(row) for row in vectors]
        data: list[dict[str, Any]] = [{"object": "embedding", "index": place, "embedding": row} for place, row in enumerate(rows)]
        if self.fault == "too few":
            data.pop()
        if self.fault == "ragged":
            data[-1]["embedding"] = [1.0, 2.0]
        if self.fault == "not base64":
            data[-1]["embedding"] = "not base64!"
        if self.shuffled:
            data.reverse()
        used = sum(_words(text) for text in body["input"])
        answer = {"object": "list", "model": self.model, "data": data, "usage": {"prompt_tokens": used, "total_tokens": used}}
        return Response(json.dumps(answer), media_type="application/json")


def _words(text: str) -> int:
    return len(_WORD.findall(text.lower()))


def _numbers(row: Matrix) -> list[float]:
    numbers: list[float] = row.tolist()
    return numbers


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"message": message, "type": "BadRequestError", "code": status}}, status, headers)
