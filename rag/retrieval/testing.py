"""Stand-ins for tests: a reranking server with the manners and faults of real ones."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

_WORD = re.compile(r"[a-z0-9]+")
_QWEN3_QUESTION = re.compile(
    r"<\|im_start\|>system\n.*<\|im_end\|>\n<\|im_start\|>user\n<Instruct>: .+\n<Query>: (.*)\n$", re.DOTALL
)
_QWEN3_TEXT = re.compile(r"^<Document>: (.*)<\|im_end\|>\n<\|im_start\|>assistant\n<think>\n\n</think>\n\n$", re.DOTALL)


@dataclass
class FakeRerankServer:
    """A server of ``/v1/rerank``: a text's score is the share of the question's words that it has."""

    model: str = "fake-reranker"
    templates: Literal["none", "qwen3"] = "none"
    """With 'qwen3', a question or text that is not written as the model wants it gets a score that says nothing."""
    form: Literal["results", "list"] = "results"
    key: str | None = None
    fault: Literal["", "backwards", "no json", "too few", "nan", "error"] = ""
    delay: float = 0.0
    """Seconds before each answer."""
    requests: list[dict[str, Any]] = field(default_factory=list)

    @property
    def app(self) -> FastAPI:
        """The routes."""
        app = FastAPI()
        app.add_api_route("/v1/rerank", self._rerank, methods=["POST"])
        return app

    def transport(self) -> httpx.ASGITransport:
        """For a client in the same process, without a socket."""
        return httpx.ASGITransport(self.app)

    async def _rerank(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        await asyncio.sleep(self.delay)
        if self.key is not None and request.headers.get("authorization") != f"Bearer {self.key}":
            return JSONResponse({"error": {"message": "Unauthorized"}}, 401)
        if body["model"] != self.model or self.fault == "error":
            return JSONResponse({"error": {"message": f"The model `{body['model']}` does not exist."}}, 404)
        if self.fault == "no json":
            return Response("<html>gateway</html>", media_type="text/html")
        return self._answer([self._score(body["query"], text) for text in body["documents"]])

    def _answer(self, scores: list[float]) -> Response:
        if self.fault == "backwards":
            scores = [1 - score for score in scores]
        if self.fault == "too few":
            scores.pop()
        name = "relevance_score" if self.form == "results" else "score"
        results: list[dict[str, Any]] = [{"index": place, name: score} for place, score in enumerate(scores)]
        if self.fault == "nan":
            results[0][name] = "nan"
        results.sort(key=lambda one: -float(one[name]))
        return JSONResponse({"results": results} if self.form == "results" else results)

    def _score(self, question: str, text: str) -> float:
        if self.templates == "qwen3":
            asked, read = _QWEN3_QUESTION.match(question), _QWEN3_TEXT.match(text)
            if asked is None or read is None:
                return 0.5
            question, text = asked[1], read[1]
        words = set(_WORD.findall(question.lower()))
        return len(words & set(_WORD.findall(text.lower()))) / max(1, len(words))
