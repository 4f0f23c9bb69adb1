"""An Open WebUI in memory: the endpoints that the set-up uses, behind an ``httpx`` transport."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from rag.webui.client import WebUI

ADMIN = "admin@paper-finder.local"
SESSION = "session-of-the-admin"
Answer = tuple[int, Any]


@dataclass
class FakeWebUI:
    """Its settings are plain attributes; ``changes`` lists what was written to it."""

    password: str = "right"
    api_keys_allowed: bool = True
    api_key: str | None = None
    openai: dict[str, Any] = field(
        default_factory=lambda: {
            "ENABLE_OPENAI_API": True,
            "OPENAI_API_BASE_URLS": [],
            "OPENAI_API_KEYS": [],
            "OPENAI_API_CONFIGS": {},
        }
    )
    embedding: dict[str, Any] = field(
        default_factory=lambda: {
            "RAG_EMBEDDING_ENGINE": "",
            "RAG_EMBEDDING_MODEL": "sentence-transformers/all-MiniLM-L6-v2",
            "RAG_EMBEDDING_BATCH_SIZE": 1,
            "RAG_EMBEDDING_CONCURRENT_REQUESTS": 0,
            "openai_config": {"url": "https://api.openai.com/v1", "key": ""},
        }
    )
    retrieval: dict[str, Any] = field(
        default_factory=lambda: {
            "CONTENT_EXTRACTION_ENGINE": "",
            "EXTERNAL_DOCUMENT_LOADER_URL": "",
            "EXTERNAL_DOCUMENT_LOADER_API_KEY": "",
            "EXTERNAL_DOCUMENT_LOADER_HEADERS": {},
            "TOP_K": 3,
        }
    )
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        """A client that reaches only this."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def webui(self) -> WebUI:
        """Ready to be asked."""
        return WebUI("http://webui", self.client())

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        body = json.loads(request.content) if request.content else {}
        if path == "/api/v1/auths/signin":
            right = body == {"email": ADMIN, "password": self.password}
            return _response((200, {"token": SESSION}) if right else (400, {"detail": "The email or password is incorrect."}))
        if request.headers.get("Authorization") not in {f"Bearer {SESSION}", f"Bearer {self.api_key}"}:
            return _response((401, {"detail": "401 Unauthorized"}))
        if request.method == "POST":
            self.changes.append(path)
        route = self._routes().get((request.method, path))
        return _response(route(request, body) if route else (404, {"detail": "Not Found"}))

    def _routes(self) -> dict[tuple[str, str], Callable[[httpx.Request, dict[str, Any]], Answer]]:
        return {
            ("GET", "/api/v1/auths/api_key"): lambda *_: self._key(made=self.api_key),
            ("POST", "/api/v1/auths/api_key"): lambda *_: self._key(made="sk-made"),
            ("GET", "/openai/config"): lambda *_: (200, self.openai),
            ("POST", "/openai/config/update"): lambda _, body: self._set("openai", body),
            ("GET", "/api/v1/retrieval/embedding"): lambda *_: (200, self.embedding),
            ("POST", "/api/v1/retrieval/embedding/update"): lambda _, body: self._set("embedding", body),
            ("GET", "/api/v1/retrieval/config"): lambda *_: (200, self.retrieval),
            ("POST", "/api/v1/retrieval/config/update"): lambda _, body: self._set("retrieval", body),
            ("GET", "/api/v1/models/model"): lambda request, _: self._model(request.url.params["id"]),
            ("POST", "/api/v1/models/create"): lambda _, body: self._keep_model(body),
            ("POST", "/api/v1/models/model/update"): lambda _, body: self._keep_model(body),
        }

    def _key(self, made: str | None) -> Answer:
        if not self.api_keys_allowed:
            return 403, {"detail": "Use of API key is not enabled in the environment."}
        self.api_key = made
        return (200, {"api_key": made}) if made else (404, {"detail": "API key not found"})

    def _set(self, name: str, body: dict[str, Any]) -> Answer:
        setattr(self, name, {**getattr(self, name), **body})
        return 200, body

    def _model(self, model_id: str) -> Answer:
        return (200, self.models[model_id]) if model_id in self.models else (404, {"detail": "Not Found"})

    def _keep_model(self, body: dict[str, Any]) -> Answer:
        self.models[body["id"]] = body
        return 200, body


def _response(answer: Answer) -> httpx.Response:
    status, body = answer
    return httpx.Response(status, json=body)
