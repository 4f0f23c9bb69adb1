"""An Open WebUI in memory, behind an ``httpx`` transport: the endpoints that the set-up uses, and people with their files."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rag.webui.client import WebUI

ADMIN = "admin@paper-finder.local"
SESSION = "session-of-the-admin"
ADMIN_ID = "admin"
PAGE, FILES_PAGE = 30, 50
Answer = tuple[int, Any]


@dataclass
class FakeFile:
    """A file as somebody uploaded it."""

    id: str
    owner: str
    name: str
    text: str
    """'' before Open WebUI has read it."""
    changed_at: int
    collection: str = ""
    """The knowledge base that it was put into last."""
    original: str = ""
    """What its bytes say."""

    def as_json(self) -> dict[str, Any]:
        """As in a list of files."""
        return {
            "id": self.id,
            "user_id": self.owner,
            "filename": self.name,
            "meta": {"name": self.name, "collection_name": self.collection or f"file-{self.id}"},
            "hash": hashlib.sha256(self.text.encode()).hexdigest() if self.text else None,
            "updated_at": self.changed_at,
        }


@dataclass
class FakeKnowledge:
    """A knowledge base, and who may read it beside its owner: ids of people, ids of groups, '*'."""

    id: str
    owner: str
    name: str
    changed_at: int
    readers: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    external: bool = False


@dataclass
class FakeGroup:
    """A group and the ids of the people in it."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)


@dataclass
class FakeWebUI:
    """Its settings, people and files are plain attributes; ``changes`` lists what was written to it, ``asked`` all requests."""

    version: str = "0.12.4"
    password: str = "right"
    api_keys_allowed: bool = True
    api_key: str | None = None
    away: bool = False
    """Whether nothing answers."""
    lapses: list[str] = field(default_factory=list)
    """Ends of paths of files that answer 404 once, as when its database fails it."""
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
    people: dict[str, str] = field(default_factory=dict)
    """Ids of people by their credentials; the administrator need not be named."""
    groups: dict[str, FakeGroup] = field(default_factory=dict)
    knowledge: dict[str, FakeKnowledge] = field(default_factory=dict)
    files: dict[str, FakeFile] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """(credential, 'METHOD path') of each request."""
    _ticks: "count[int]" = field(default_factory=lambda: count(1_700_000_000))

    def client(self) -> httpx.AsyncClient:
        """A client that reaches only this."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def webui(self) -> WebUI:
        """Ready to be asked."""
        return WebUI("http://webui", self.client())

    def app(self) -> Starlette:
        """The same as an ASGI application, for what wants a socket."""

        async def answer(request: Request) -> Response:
            asked = httpx.Request(request.method, str(request.url), headers=request.headers.raw, content=await request.body())
            given = self._answer(asked)
            return Response(given.content, given.status_code, media_type="application/json")

        return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])

    def make_knowledge(self, key: str, owner: str, name: str = "", *, external: bool = False) -> FakeKnowledge:
        """A new knowledge base, which its owner alone may read."""
        self.knowledge[key] = FakeKnowledge(key, owner, name or f"Knowledge {key}", next(self._ticks), external=external)
        return self.knowledge[key]

    def upload(self, key: str, owner: str, text: str, *knowledge: str) -> FakeFile:
        """A new file, put into knowledge bases."""
        self.files[key] = FakeFile(key, owner, f"{key}.pdf", text, next(self._ticks), original=text)
        for base in knowledge:
            self.put(key, base)
        return self.files[key]

    def put(self, key: str, base: str) -> None:
        """A file put into a knowledge base."""
        self.knowledge[base].files.add(key)
        self.files[key].collection, self.files[key].changed_at = base, next(self._ticks)

    def edit(self, key: str, text: str) -> None:
        """Another text for a file."""
        self.files[key].text, self.files[key].changed_at = text, next(self._ticks)

    def delete_file(self, key: str) -> None:
        """A file gone, out of every knowledge base too."""
        del self.files[key]
        for base in self.knowledge.values():
            base.files.discard(key)

    def may_read(self, person: str, base: FakeKnowledge) -> bool:
        """Whether a person may read a knowledge base."""
        principals = {person, "*", *(group.id for group in self.groups.values() if person in group.members)}
        return person in (base.owner, ADMIN_ID) or not principals.isdisjoint(base.readers)

    def may_read_file(self, person: str, key: str) -> bool:
        """Whether a person may read a file: an own one, or one in a knowledge base that the person may read."""
        if key not in self.files:
            return False
        bases = (base for base in self.knowledge.values() if key in base.files)
        return person in (self.files[key].owner, ADMIN_ID) or any(self.may_read(person, base) for base in bases)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("nothing listens here")
        path = request.url.path
        body = json.loads(request.content) if request.content else {}
        credential = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.asked.append((credential, f"{request.method} {path}"))
        if path == "/api/version":
            return _response((200, {"version": self.version}))
        if path == "/api/v1/auths/signin":
            right = body == {"email": ADMIN, "password": self.password}
            return _response((200, {"token": SESSION}) if right else (400, {"detail": "The email or password is incorrect."}))
        person = ADMIN_ID if credential in {SESSION, self.api_key} else self.people.get(credential)
        if person is None:
            return _response((401, {"detail": "401 Unauthorized"}))
        for_people = self._for_people(request, person)
        if for_people is not None:
            return _response(for_people)
        if person != ADMIN_ID:
            return _response((401, {"detail": "401 Unauthorized"}))
        if request.method == "POST":
            self.changes.append(path)
        route = self._routes().get((request.method, path))
        return _response(route(request, body) if route else (404, {"detail": "Not Found"}))

    def _for_people(self, request: httpx.Request, person: str) -> Answer | None:
        """What anybody signed in may ask for; None when it is something else."""
        path, query = request.url.path, request.url.params
        if path == "/api/v1/knowledge/":
            return 200, self._page(person, int(query["page"]))
        if path == "/api/v1/files/":
            return 200, self._files(person, int(query["page"]))
        if path == "/api/v1/users/groups":
            return 200, [{"id": g.id, "name": g.name} for g in self.groups.values() if person in g.members]
        if match := re.fullmatch(r"/api/v1/knowledge/([^/]+)/files", path):
            base = self.knowledge.get(match[1])
            if base is None or not self.may_read(person, base):
                return 400, {"detail": "We could not find what you're looking for :/"}
            files = [self.files[key].as_json() for key in sorted(base.files)]
            return 200, {"items": files[: int(query["limit"]) if person == ADMIN_ID else PAGE], "total": len(files)}
        if match := re.fullmatch(r"/api/v1/files/([^/]+)/(process/status|data/content|content)", path):
            lapse = next((end for end in self.lapses if path.endswith(end)), None)
            if lapse is not None:
                self.lapses.remove(lapse)
            if lapse is not None or not self.may_read_file(person, match[1]):
                return 404, {"detail": "We could not find what you're looking for :/"}
            file = self.files[match[1]]
            answers = {
                "process/status": {"status": "completed"},
                "data/content": {"content": file.text},
                "content": file.original.encode(),
            }
            return 200, answers[match[2]]
        return None

    def _files(self, person: str, page: int) -> Mapping[str, Any]:
        found = [file for file in self.files.values() if person in (file.owner, ADMIN_ID)]
        found.sort(key=lambda file: (file.changed_at, file.id), reverse=True)
        return {"items": [file.as_json() for file in found[FILES_PAGE * (page - 1) : FILES_PAGE * page]], "total": len(found)}

    def _page(self, person: str, page: int) -> Mapping[str, Any]:
        found = [base for base in self.knowledge.values() if self.may_read(person, base)]
        found.sort(key=lambda base: (-base.changed_at, base.id))
        items = [
            {
                "id": base.id,
                "name": base.name,
                "updated_at": base.changed_at,
                "file_count": len(base.files),
                "meta": {"source": "external"} if base.external else None,
            }
            for base in found[PAGE * (page - 1) : PAGE * page]
        ]
        return {"items": items, "total": len(found)}

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
            ("POST", "/api/v1/knowledge/reindex"): lambda *_: (200, True),
            ("GET", "/api/v1/groups/"): lambda *_: (200, [{"id": g.id, "name": g.name} for g in self.groups.values()]),
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
    if isinstance(body, bytes):
        return httpx.Response(status, content=body)
    return httpx.Response(status, json=body)
