"""Set-up and restart with the real Open WebUI (our service is a stand-in)."""

from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest

from rag.errors import StackError
from rag.settings import Secrets
from rag.stack.testing import RunningStack, wait_until
from rag.store.embedded import EmbeddedPostgres
from tests.integration.stack.conftest import FakeStack

pytestmark = pytest.mark.timeout(900)
SECONDS = 60.0
OTHER = "http://127.0.0.1:1/v1"
NEW_PASSWORD = "changed in the page"


class Person:
    """Someone signed in to Open WebUI."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self._url = url
        self._headers: dict[str, str] = {}
        token = self.post("/api/v1/auths/signin", email=email, password=password)["token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        """What is there."""
        return self._call("GET", path)

    def post(self, path: str, **body: Any) -> Any:
        """What it answers."""
        return self._call("POST", path, json=body)

    def upload(self, name: str, text: str) -> str:
        """The id of the file."""
        return str(self._call("POST", "/api/v1/files/", files={"file": (name, text.encode(), "text/plain")})["id"])

    def _call(self, method: str, path: str, **content: Any) -> Any:
        response = httpx.request(method, f"{self._url}{path}", headers=self._headers, trust_env=False, timeout=SECONDS, **content)
        return response.raise_for_status().json()


@pytest.fixture
def first(fake_stack: FakeStack) -> Iterator[RunningStack]:
    """A first start."""
    with fake_stack("open-webui", embedded=True) as stack:
        yield stack


def test_first_start_then_a_restart_on_another_port_with_the_operators_changes(
    first: RunningStack, fake_stack: FakeStack
) -> None:
    admin = Person(first.webui_url, first.admin_email, first.admin_password)
    _assert_ready_for_everyone(first, admin)
    _change_like_an_operator(admin, first)
    assert first.stop() == 0
    assert len((first.home / "secrets.env").read_text(encoding="utf-8").splitlines()) == 4
    assert first.leaked() == []

    with fake_stack("open-webui", embedded=True) as again:
        assert "Note:" not in again.text()
        assert again.service_url != first.service_url
        admin = Person(again.webui_url, again.admin_email, NEW_PASSWORD)
        _assert_operators_changes_stand(admin, again)
        assert again.stop() == 0
        assert again.leaked() == []

    (first.home / "secrets.env").unlink()
    with (
        pytest.raises(StackError, match=r"(?s)code 1.*secrets\.env any more.*PAPER_FINDER_ADMIN_PASSWORD="),
        fake_stack("open-webui", embedded=True),
    ):
        pytest.fail("it started with new secrets beside old accounts")
    Secrets(first.home / "secrets.env").keep("PAPER_FINDER_ADMIN_PASSWORD", NEW_PASSWORD)
    with fake_stack("open-webui", embedded=True) as healed:
        assert "Note:" not in healed.text()
        _assert_operators_changes_stand(Person(healed.webui_url, healed.admin_email, NEW_PASSWORD), healed)


def test_a_knowledge_base_goes_from_384_to_2560_dimensions(fake_stack: FakeStack) -> None:
    with fake_stack("open-webui", embedded=True) as small:
        admin = Person(small.webui_url, small.admin_email, small.admin_password)
        base = admin.post("/api/v1/knowledge/create", name="Mine", description="")["id"]
        file = admin.upload("paper.txt", "Attention is all you need.")
        wait_until(lambda: admin.get(f"/api/v1/files/{file}")["data"]["status"] == "completed", SECONDS)
        admin.post(f"/api/v1/knowledge/{base}/file/add", file_id=file)
    larger = {"PAPER_FINDER_EMBEDDINGS": "http://127.0.0.1:1/v1", "PAPER_FINDER_MODEL": "Qwen/Qwen3-Embedding-4B"}
    with fake_stack("open-webui", embedded=True, **larger) as large:
        wait_until(lambda: "knowledge bases were embedded anew" in large.text(), SECONDS)
        admin = Person(large.webui_url, large.admin_email, large.admin_password)
        found = admin.post("/api/v1/retrieval/query/collection", collection_names=[base], query="attention", k=1)
        assert found["documents"] == [["Attention is all you need."]]
        (kind,) = _types_of_vectors(large, "open_webui_vectors_2560")
        assert kind == "halfvec(2560)"


def _types_of_vectors(stack: RunningStack, database: str) -> list[str]:
    """The type of the column that Open WebUI keeps vectors in."""
    address = EmbeddedPostgres(stack.home).dsn(database)
    with psycopg.connect(address) as connection:
        query = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'vector'"
        return [row[0] for row in connection.execute(query, ["document_chunk"])]


def _assert_ready_for_everyone(stack: RunningStack, admin: Person) -> None:
    admin.post("/api/v1/auths/add", name="Ada", email="ada@example.org", password="analytical engine", role="user")
    ada = Person(stack.webui_url, "ada@example.org", "analytical engine")
    assert [model["id"] for model in ada.get("/api/models")["data"]] == ["paper-finder"]
    config = ada.get("/api/config")
    assert config["default_models"] == "paper-finder"
    assert any("低资源" in prompt["content"] for prompt in config["default_prompt_suggestions"])
    assert config["features"]["enable_signup"] is False
    base = ada.post("/api/v1/knowledge/create", name="Mine", description="")["id"]
    file = ada.upload("paper.txt", "Attention is all you need.")
    wait_until(lambda: ada.get(f"/api/v1/files/{file}")["data"]["status"] == "completed", SECONDS)
    ada.post(f"/api/v1/knowledge/{base}/file/add", file_id=file)
    found = ada.post("/api/v1/retrieval/query/collection", collection_names=[base], query="attention", k=1)
    assert found["documents"] == [["Attention is all you need."]]


def _change_like_an_operator(admin: Person, stack: RunningStack) -> None:
    config = admin.get("/openai/config")
    config["OPENAI_API_BASE_URLS"].insert(0, OTHER)
    config["OPENAI_API_KEYS"].insert(0, "sk-other")
    config["OPENAI_API_CONFIGS"] = {"0": {"enable": False, "tags": [{"name": "team"}]}, "1": config["OPENAI_API_CONFIGS"]["0"]}
    admin.post("/openai/config/update", **config)
    permissions = admin.get("/api/v1/users/default/permissions")
    permissions["workspace"]["knowledge"] = False
    admin.post("/api/v1/users/default/permissions", **permissions)
    admin.post("/api/v1/configs/suggestions", suggestions=[{"title": ["Ours", ""], "content": "ours"}])
    record = admin.get("/api/v1/models/model?id=paper-finder")
    admin.post("/api/v1/models/model/update", **{**record, "name": "Library of the group"})
    admin.post("/api/v1/auths/update/password", password=stack.admin_password, new_password=NEW_PASSWORD)


def _assert_operators_changes_stand(admin: Person, stack: RunningStack) -> None:
    config = admin.get("/openai/config")
    assert config["OPENAI_API_BASE_URLS"] == [OTHER, f"{stack.service_url}/v1"]
    assert config["OPENAI_API_KEYS"] == ["sk-other", stack.service_key]
    assert config["OPENAI_API_CONFIGS"]["0"] == {"enable": False, "tags": [{"name": "team"}]}
    assert config["OPENAI_API_CONFIGS"]["1"]["headers"]["X-Paper-Finder-Key"] == stack.service_key
    assert admin.get("/api/v1/retrieval/embedding")["openai_config"]["url"] == f"{stack.service_url}/v1"
    assert admin.get("/api/v1/users/default/permissions")["workspace"]["knowledge"] is False
    assert [prompt["content"] for prompt in admin.get("/api/config")["default_prompt_suggestions"]] == ["ours"]
    ada = Person(stack.webui_url, "ada@example.org", "analytical engine")
    assert [model["name"] for model in ada.get("/api/models")["data"]] == ["Library of the group"]
    assert [base["name"] for base in ada.get("/api/v1/knowledge/")["items"]] == ["Mine"]
