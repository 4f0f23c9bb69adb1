"""The set-up at each start, against an Open WebUI in memory."""

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from rag.errors import WebUIUnavailableError
from rag.settings import Secrets, Settings
from rag.webui import API_KEY_NAME, WebUI, reindex_after_change, set_up
from rag.webui.testing import FakeWebUI

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A state folder of its own; the password is the fake's."""
    return Settings(home=tmp_path, admin_password=SecretStr("right"), api_key=SecretStr("service-key"))


@pytest.fixture
def fake() -> FakeWebUI:
    """An Open WebUI after its first start."""
    return FakeWebUI()


async def test_the_first_time_makes_everything(fake: FakeWebUI, settings: Settings) -> None:
    assert await set_up(fake.webui(), settings) == []
    assert fake.openai["OPENAI_API_BASE_URLS"] == ["http://127.0.0.1:9099/v1"]
    assert fake.openai["OPENAI_API_CONFIGS"]["0"]["headers"]["X-Paper-Finder-Key"] == "service-key"
    assert fake.embedding["openai_config"] == {"url": "http://127.0.0.1:9099/v1", "key": "service-key"}
    assert fake.retrieval["CONTENT_EXTRACTION_ENGINE"] == "external"
    assert fake.retrieval["EXTERNAL_DOCUMENT_LOADER_URL"] == "http://127.0.0.1:9099"
    assert fake.retrieval["EXTERNAL_DOCUMENT_LOADER_API_KEY"] == "service-key"
    assert fake.retrieval["EXTERNAL_DOCUMENT_LOADER_HEADERS"]["X-Paper-Finder-File"] == "{{FILE_ID}}"
    record = fake.models["paper-finder"]
    assert record["access_grants"] == [{"principal_type": "user", "principal_id": "*", "permission": "read"}]
    assert record["meta"]["capabilities"] == {"citations": True, "file_context": False, "builtin_tools": False}
    assert Secrets(settings.secrets_file).get(API_KEY_NAME) == "sk-made"


async def test_the_second_time_changes_nothing(fake: FakeWebUI, settings: Settings) -> None:
    await set_up(fake.webui(), settings)
    fake.changes.clear()
    assert await set_up(fake.webui(), settings) == []
    assert fake.changes == []


async def test_an_existing_key_of_the_admin_is_used_rather_than_ended(fake: FakeWebUI, settings: Settings) -> None:
    fake.api_key = "sk-the-admins-own"
    await set_up(fake.webui(), settings)
    assert Secrets(settings.secrets_file).get(API_KEY_NAME) == "sk-the-admins-own"


async def test_the_kept_key_works_when_the_password_was_changed(fake: FakeWebUI, settings: Settings) -> None:
    await set_up(fake.webui(), settings)
    fake.password = "changed in the page"
    fake.models.clear()
    assert await set_up(fake.webui(), settings) == []
    assert "paper-finder" in fake.models


async def test_neither_key_nor_password_is_one_sentence_and_no_change(fake: FakeWebUI, settings: Settings) -> None:
    fake.password = "changed in the page"
    (note,) = await set_up(fake.webui(), settings)
    assert "PAPER_FINDER_ADMIN_PASSWORD" in note
    assert str(settings.secrets_file) in note
    assert "right" not in note
    assert fake.changes == []


async def test_keys_switched_off_by_the_operator_are_no_hindrance(fake: FakeWebUI, settings: Settings) -> None:
    fake.api_keys_allowed = False
    assert await set_up(fake.webui(), settings) == []
    assert "paper-finder" in fake.models


async def test_the_operators_changes_to_the_model_stay_but_for_what_would_break_it(fake: FakeWebUI, settings: Settings) -> None:
    await set_up(fake.webui(), settings)
    record = fake.models["paper-finder"]
    record["name"] = "Library of the group"
    record["access_grants"] = [{"principal_type": "group", "principal_id": "g", "permission": "read"}]
    record["meta"]["capabilities"] = {"vision": False, "file_context": True, "builtin_tools": True}
    await set_up(fake.webui(), settings)
    record = fake.models["paper-finder"]
    assert record["name"] == "Library of the group"
    assert record["access_grants"][0]["principal_id"] == "g"
    assert record["meta"]["capabilities"] == {"vision": False, "file_context": False, "builtin_tools": False}


async def test_what_the_operator_switched_off_is_said(fake: FakeWebUI, settings: Settings) -> None:
    await set_up(fake.webui(), settings)
    fake.openai["ENABLE_OPENAI_API"] = False
    fake.embedding |= {"RAG_EMBEDDING_ENGINE": "ollama", "RAG_EMBEDDING_MODEL": "bge-m3"}
    fake.models["paper-finder"]["is_active"] = False
    notes = await set_up(fake.webui(), settings)
    assert [note.split(" switched off ")[0] for note in notes] == ["OpenAI connections are", "The model Paper Finder is"]
    assert fake.openai["ENABLE_OPENAI_API"] is False
    assert fake.embedding["RAG_EMBEDDING_ENGINE"] == "ollama"
    assert fake.models["paper-finder"]["is_active"] is False


@pytest.mark.parametrize(
    "moved", [{"EXTERNAL_DOCUMENT_LOADER_URL": "http://127.0.0.1:1"}, {"EXTERNAL_DOCUMENT_LOADER_API_KEY": "an older key"}]
)
async def test_the_reader_is_put_right_and_headers_of_the_operator_stay(
    fake: FakeWebUI, settings: Settings, moved: dict[str, str]
) -> None:
    await set_up(fake.webui(), settings)
    first = dict(fake.retrieval)
    headers = first["EXTERNAL_DOCUMENT_LOADER_HEADERS"] | {"X-Proxy": "yes"}
    fake.retrieval |= moved | {"EXTERNAL_DOCUMENT_LOADER_HEADERS": headers, "TOP_K": 5}
    assert await set_up(fake.webui(), settings) == []
    assert fake.retrieval == first | {"EXTERNAL_DOCUMENT_LOADER_HEADERS": headers, "TOP_K": 5}


@pytest.mark.parametrize(
    "chosen",
    [
        {"CONTENT_EXTRACTION_ENGINE": "tika"},
        {
            "CONTENT_EXTRACTION_ENGINE": "external",
            "EXTERNAL_DOCUMENT_LOADER_URL": "http://reader",
            "EXTERNAL_DOCUMENT_LOADER_API_KEY": "theirs",
        },
    ],
    ids=["tika", "another external reader"],
)
async def test_another_reader_is_the_operators_choice_and_what_it_costs_is_said(
    fake: FakeWebUI, settings: Settings, chosen: dict[str, str]
) -> None:
    fake.retrieval |= chosen
    before = dict(fake.retrieval)
    (note,) = await set_up(fake.webui(), settings)
    assert "another engine" in note
    assert fake.retrieval == before


@pytest.mark.parametrize("status", [500, 200])
async def test_nonsense_is_unavailable(settings: Settings, status: int) -> None:
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(status, text="<html>")))
    with pytest.raises(WebUIUnavailableError):
        await set_up(WebUI("http://webui", client), settings)


async def test_silence_is_unavailable(settings: Settings) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(WebUIUnavailableError, match="does not answer at http://webui"):
        await set_up(WebUI("http://webui", httpx.AsyncClient(transport=httpx.MockTransport(refuse))), settings)


async def test_a_second_factor_is_said(settings: Settings) -> None:
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, json={"mfa_required": True})))
    (note,) = await set_up(WebUI("http://webui", client), settings)
    assert "second factor" in note


async def test_knowledge_bases_are_embedded_anew_once_for_each_other_model(fake: FakeWebUI, settings: Settings) -> None:
    webui = fake.webui()
    assert not await reindex_after_change(webui, settings, "small 384")  # the first start: there is nothing yet
    assert not await reindex_after_change(webui, settings, "small 384")
    assert fake.changes == []
    assert await reindex_after_change(webui, settings, "large 2560")
    assert not await reindex_after_change(webui, settings, "large 2560")
    assert fake.changes == ["/api/v1/knowledge/reindex"]


async def test_one_that_was_broken_off_is_done_again(fake: FakeWebUI, settings: Settings) -> None:
    webui = fake.webui()
    await reindex_after_change(webui, settings, "small 384")
    fake.away = True
    with pytest.raises(WebUIUnavailableError):
        await reindex_after_change(webui, settings, "large 2560")
    fake.away = False
    assert await reindex_after_change(webui, settings, "large 2560")
