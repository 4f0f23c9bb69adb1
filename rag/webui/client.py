"""Open WebUI's endpoints as typed calls."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from rag.errors import NotFoundError, WebUIRefusedError, WebUIUnavailableError
from rag.webui.connections import Connections
from rag.webui.embedding import EmbeddingSettings
from rag.webui.knowledge import KnowledgeBase, KnowledgeFile
from rag.webui.loader import LoaderSettings

REFUSALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
PAGE = 30
"""Knowledge bases on one page of Open WebUI's list."""
ALL_FILES = 1_000_000
SIGN_IN_REFUSALS = {HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS}


class WebUI:
    """One Open WebUI, asked with one credential: a session token or an ``sk-`` key.

    Every call raises WebUIUnavailableError when it does not answer or answers nonsense, WebUIRefusedError when it does not
    accept the credential.
    """

    def __init__(self, base_url: str, client: httpx.AsyncClient, token: str = "") -> None:
        self._base_url = base_url.rstrip("/")
        self._client = client
        self._token = token

    def with_token(self, token: str) -> "WebUI":
        """The same Open WebUI, asked as someone else."""
        return WebUI(self._base_url, self._client, token)

    async def sign_in(self, email: str, password: str) -> str:
        """A session token. Few tries are allowed within three minutes."""
        answer = await self._call("POST", "/api/v1/auths/signin", {"email": email, "password": password})
        if "token" not in answer:
            raise WebUIRefusedError("Open WebUI asks for a second factor.")
        return str(answer["token"])

    async def version(self) -> str:
        """Its version; nobody needs a credential for it."""
        with _as_known("its version"):
            return str((await self._call("GET", "/api/version"))["version"])

    async def knowledge_bases(self) -> list[KnowledgeBase]:
        """Those that this account may read now (an administrator: all); WebUIRefusedError when it is none or not active."""
        with _as_known("knowledge bases"):
            first = await self._call("GET", "/api/v1/knowledge/?page=1")
            pages = range(2, (int(first["total"]) + PAGE - 1) // PAGE + 1)
            others = await asyncio.gather(*(self._call("GET", f"/api/v1/knowledge/?page={page}") for page in pages))
            # One that is changed meanwhile moves to the front, and stands on two pages.
            found = {item["id"]: KnowledgeBase.from_json(item) for page in (first, *others) for item in page["items"]}
        return list(found.values())

    async def groups(self) -> frozenset[str]:
        """Names and ids of the groups that this account is in, those inherited among them."""
        with _as_known("groups"):
            groups = await self._call("GET", "/api/v1/users/groups?include_inherited=true")
            return frozenset(str(group[key]) for group in groups for key in ("id", "name"))

    async def all_groups(self) -> dict[str, str]:
        """Names of all groups by their ids (admin)."""
        with _as_known("groups"):
            return {str(group["id"]): str(group["name"]) for group in await self._call("GET", "/api/v1/groups/")}

    async def may_read_file(self, file_id: str) -> bool:
        """Whether this account may read a file now."""
        try:
            await self._call("GET", f"/api/v1/files/{quote(file_id, safe='')}/process/status")
        except NotFoundError:
            return False
        return True

    async def files_of(self, knowledge_id: str) -> list[KnowledgeFile]:
        """All files of a knowledge base (admin)."""
        path = f"/api/v1/knowledge/{quote(knowledge_id, safe='')}/files?limit={ALL_FILES}"
        with _as_known("files"):
            return [KnowledgeFile.from_json(item) for item in (await self._call("GET", path))["items"]]

    async def newest_files(self, page: int) -> list[KnowledgeFile]:
        """A page of all files there are, those changed last first; empty behind the last page (admin)."""
        with _as_known("files"):
            answer = await self._call("GET", f"/api/v1/files/?content=false&page={page}")
            return [KnowledgeFile.from_json(item) for item in answer["items"]]

    async def file_text(self, file_id: str) -> str:
        """The text that Open WebUI keeps of a file."""
        with _as_known("text"):
            return str((await self._call("GET", f"/api/v1/files/{quote(file_id, safe='')}/data/content"))["content"])

    async def api_key(self) -> str:
        """The account's ``sk-`` key; made when there is none, because making another would end the one in use."""
        try:
            answer = await self._call("GET", "/api/v1/auths/api_key")
        except NotFoundError:
            answer = await self._call("POST", "/api/v1/auths/api_key")
        return str(answer["api_key"])

    async def file_content(self, file_id: str) -> bytes:
        """A file as it was uploaded."""
        return (await self._response("GET", f"/api/v1/files/{quote(file_id, safe='')}/content")).content

    async def connections(self) -> Connections:
        """The model connections (admin)."""
        return Connections.from_json(await self._call("GET", "/openai/config"))

    async def set_connections(self, connections: Connections) -> None:
        """Replace the model connections (admin)."""
        await self._call("POST", "/openai/config/update", connections.to_json())

    async def embedding(self) -> EmbeddingSettings:
        """The embedding settings (admin)."""
        return EmbeddingSettings.from_json(await self._call("GET", "/api/v1/retrieval/embedding"))

    async def set_embedding(self, settings: EmbeddingSettings) -> None:
        """Replace the embedding settings (admin)."""
        await self._call("POST", "/api/v1/retrieval/embedding/update", settings.to_json())

    async def reindex(self) -> None:
        """Have all knowledge bases embedded anew (admin); that takes as long as it takes."""
        await self._response("POST", "/api/v1/knowledge/reindex", timeout=httpx.Timeout(None))

    async def loader(self) -> LoaderSettings:
        """The settings for reading files (admin)."""
        return LoaderSettings.from_json(await self._call("GET", "/api/v1/retrieval/config"))

    async def set_loader(self, settings: LoaderSettings) -> None:
        """Replace the settings for reading files (admin)."""
        await self._call("POST", "/api/v1/retrieval/config/update", settings.to_json())

    async def model(self, model_id: str) -> dict[str, Any] | None:
        """A model's record, if there is one."""
        try:
            return dict(await self._call("GET", f"/api/v1/models/model?id={model_id}"))
        except NotFoundError:
            return None

    async def create_model(self, record: dict[str, Any]) -> None:
        """Add a model's record (admin)."""
        await self._call("POST", "/api/v1/models/create", record)

    async def update_model(self, record: dict[str, Any]) -> None:
        """Replace a model's record (admin); its access grants have an endpoint of their own and stay."""
        await self._call("POST", "/api/v1/models/model/update", record)

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        response = await self._response(method, path, body)
        try:
            return response.json()
        except ValueError as error:
            request = f"{method} {path.split('?')[0]}"
            raise WebUIUnavailableError(f"Open WebUI answered {request} with something other than JSON.") from error

    async def _response(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        timeout: httpx.Timeout | None = None,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            response = await self._client.request(
                method, f"{self._base_url}{path}", json=body, headers=headers, timeout=timeout or self._client.timeout
            )
        except httpx.HTTPError as error:
            raise WebUIUnavailableError(f"Open WebUI does not answer at {self._base_url} ({type(error).__name__}).") from error
        _check(response, f"{method} {path.split('?')[0]}")
        return response


@contextmanager
def _as_known(what: str) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WebUIUnavailableError(f"Open WebUI lists {what} in a form that is not known here.") from error


def _check(response: httpx.Response, request: str) -> None:
    if response.status_code in REFUSALS or (response.status_code in SIGN_IN_REFUSALS and request.endswith("/signin")):
        raise WebUIRefusedError(f"Open WebUI refuses {request}: {_detail(response)}")
    if response.status_code == HTTPStatus.NOT_FOUND:
        raise NotFoundError(f"Open WebUI has nothing under {request}.")
    if not response.is_success:
        raise WebUIUnavailableError(f"Open WebUI answered {response.status_code} to {request}: {_detail(response)}")


def _detail(response: httpx.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return response.reason_phrase
