"""What the doctor sees of Open WebUI's settings."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.settings import Settings
from rag.webui import differences, set_up
from rag.webui.testing import SESSION, FakeWebUI

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A state folder of its own; the password is the fake's."""
    return Settings(home=tmp_path, admin_password=SecretStr("right"), api_key=SecretStr("service-key"))


async def seen(fake: FakeWebUI, settings: Settings) -> list[tuple[str, str]]:
    """What differs, and how to mend it."""
    return [(one.what, one.mend) for one in await differences(fake.webui().with_token(SESSION), settings)]


async def test_before_the_set_up_everything_is_named_and_afterwards_nothing(settings: Settings) -> None:
    fake = FakeWebUI()
    before = await seen(fake, settings)
    assert len(before) == 4
    assert {mend for _, mend in before} == {"paper-finder webui set-up"}
    assert fake.changes == []
    await set_up(fake.webui(), settings)
    assert await seen(fake, settings) == []


def _connections_off(fake: FakeWebUI) -> None:
    fake.openai["ENABLE_OPENAI_API"] = False


def _ours_off(fake: FakeWebUI) -> None:
    fake.openai["OPENAI_API_CONFIGS"]["0"]["enable"] = False


def _another_key(fake: FakeWebUI) -> None:
    fake.openai["OPENAI_API_KEYS"] = ["another"]


def _own_embedding(fake: FakeWebUI) -> None:
    fake.embedding |= {"RAG_EMBEDDING_ENGINE": "ollama", "RAG_EMBEDDING_MODEL": "nomic"}


def _flood(fake: FakeWebUI) -> None:
    fake.embedding |= {"RAG_EMBEDDING_BATCH_SIZE": 1, "RAG_EMBEDDING_CONCURRENT_REQUESTS": 0}


def _own_loader(fake: FakeWebUI) -> None:
    fake.retrieval |= {"CONTENT_EXTRACTION_ENGINE": "tika"}
    fake.retrieval |= {"EXTERNAL_DOCUMENT_LOADER_API_KEY": "", "EXTERNAL_DOCUMENT_LOADER_URL": ""}


def _model_off(fake: FakeWebUI) -> None:
    fake.models["paper-finder"]["is_active"] = False


def _own_retrieval(fake: FakeWebUI) -> None:
    fake.models["paper-finder"]["meta"]["capabilities"]["file_context"] = True


@pytest.mark.parametrize(
    ("change", "what", "mend"),
    [
        (_connections_off, "OpenAI connections are switched off", "Settings → Connections"),
        (_ours_off, "is switched off", "Settings → Connections"),
        (_another_key, "has another key", "paper-finder webui set-up"),
        (_own_embedding, "embedded by another engine (ollama, nomic)", "Settings → Documents"),
        (_flood, "1 chunks at a time", "batch size 32, 4 requests at once"),
        (_own_loader, "read by another engine", "Settings → Documents"),
        (_model_off, "model Paper Finder is switched off", "Settings → Models"),
        (_own_retrieval, "own retrieval or tools switched on", "paper-finder webui set-up"),
    ],
)
async def test_each_change_is_told_with_its_mending(
    settings: Settings, change: Callable[[FakeWebUI], None], what: str, mend: str
) -> None:
    fake = FakeWebUI()
    await set_up(fake.webui(), settings)
    change(fake)
    ((said, mending),) = await seen(fake, settings)
    assert what in said
    assert mend in mending
