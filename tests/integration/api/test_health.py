"""What watches the service is told in plain words when knowledge bases fall behind, and when they have caught up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from rag.webui import mirror as module
from rag.webui.testing import FakeWebUI
from tests.integration.api.conftest import KEY, beside

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def looking(fake: FakeWebUI, dsn: str, home: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The service beside ``fake``, its mirror running."""
    async with beside(fake, dsn, home) as service:
        running = asyncio.create_task(service.mirror.run())
        service.client.headers["Authorization"] = f"Bearer {KEY}"
        try:
            yield service.client
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def until_told(client: httpx.AsyncClient, said: str, in_step: float) -> None:
    """Until ``/health`` says it of knowledge bases, and ``/metrics`` the number."""
    patiently = AsyncRetrying(
        retry=retry_if_exception_type(AssertionError), stop=stop_after_delay(20), wait=wait_fixed(0.01), reraise=True
    )
    async for attempt in patiently:
        with attempt:
            told = (await client.get("/health")).json()
            assert told["status"] == "ok"
            assert said in told["knowledge_bases"]
            assert f"paper_finder_knowledge_bases_in_step {in_step}" in (await client.get("/metrics")).text


async def test_knowledge_bases_out_of_step_are_told_until_they_are_in_step_again(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)
    fake = FakeWebUI(away=True)
    async with looking(fake, empty_database, tmp_path) as client:
        await until_told(client, "not in step with Open WebUI: Open WebUI does not answer at http://webui", 0.0)
        fake.away = False
        await until_told(client, "in step with Open WebUI", 1.0)
        assert (await client.get("/health")).json()["knowledge_bases"] == "in step with Open WebUI"


async def test_a_changed_password_is_told_without_saying_whose(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REFUSED_PAUSE", 0.01)
    fake = FakeWebUI(password="changed in the page")
    async with looking(fake, empty_database, tmp_path) as client:
        await until_told(client, "not in step with Open WebUI: Open WebUI refuses POST /api/v1/auths/signin", 0.0)
        told = (await client.get("/health")).text
        assert "admin@" not in told
        assert str(tmp_path) not in told
        fake.password = "right"
        await until_told(client, "in step with Open WebUI", 1.0)
