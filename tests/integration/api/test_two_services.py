"""Two copies of the service over one database: they answer alike, share the work, and one goes on without the other."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from rag.api import Engine
from rag.embeddings.testing import FakeServer
from rag.ingest import SilentProgress, ingest
from rag.settings import Settings
from rag.stack.testing import free_port, wait_until
from tests.apps import running_app
from tests.integration.api.conftest import KEY, SAMPLE, Service, running
from tests.integration.api.test_process import WebUI

SECONDS = 120.0
QUERY = {"query": "sequence to sequence learning", "limit": 10}


@pytest.fixture
def settings(empty_database: str, tmp_path: Path) -> Iterator[Settings]:
    """Of both."""
    model = FakeServer(dimensions=64)
    with running_app(model.app, free_port()) as embeddings:
        made = Settings(
            home=tmp_path / "home",
            api_key=SecretStr(KEY),
            database_url=SecretStr(empty_database),
            embeddings=f"{embeddings}/v1",
            model=model.model,
            webui_port=1,
        )
        asyncio.run(_fill(made))
        yield made


async def _fill(settings: Settings) -> None:
    async with Engine.open(settings, pool_size=2) as engine:
        await ingest([SAMPLE], "sample", engine.library, engine.embedder, SilentProgress())


def _ready(url: str) -> None:
    wait_until(lambda: httpx.get(f"{url}/ready").is_success, SECONDS)


def _found(url: str) -> object:
    answer = httpx.post(f"{url}/v1/papers/search", json=QUERY, headers={"Authorization": f"Bearer {KEY}"}, timeout=60)
    return answer.raise_for_status().json()["papers"]


@pytest.mark.timeout(300)
def test_two_copies_answer_alike_and_share_the_work(settings: Settings) -> None:
    with running(settings) as first, ExitStack() as later:
        second = later.enter_context(running(settings))
        _ready(first)
        _ready(second)
        assert _found(first) == _found(second) != []
        sides = [WebUI(Service(url, settings)) for url in (first, second)]
        for number in range(6):
            text = f"# Paper {number}\n\n" + f"Some words about topic {number}.\n\n" * 40
            assert sides[number % 2].upload(text.encode(), f"{number}.md").status_code == 200
        for side in sides:
            wait_until(lambda side=side: side.states() == [("ready",)] * 3, SECONDS)  # type: ignore[misc]

        later.close()
        assert sides[0].upload(b"# Alone\n\nOne copy is left.", "alone.md").status_code == 200
        wait_until(lambda: sides[0].states() == [("ready",)] * 4, SECONDS)
        assert _found(first) != []
        for side in sides:
            side.close()
