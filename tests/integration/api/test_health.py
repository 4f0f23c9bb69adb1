"""What watches the service is told in plain words when knowledge bases fall behind, and when they have caught up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from rag.webui import FileReader, KnowledgeFile
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


def patiently() -> AsyncRetrying:
    """Try again and again for a while, as long as an assertion fails."""
    return AsyncRetrying(
        retry=retry_if_exception_type(AssertionError), stop=stop_after_delay(20), wait=wait_fixed(0.01), reraise=True
    )


async def until_told(client: httpx.AsyncClient, said: str, in_step: float) -> None:
    """Until ``/health`` says it of knowledge bases, and ``/metrics`` the number."""
    async for attempt in patiently():
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


async def test_changed_files_that_are_still_to_be_read_are_told(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, read_file = asyncio.Event(), FileReader.read_file

    async def slow(reader: FileReader, file: KnowledgeFile, content: bytes) -> None:
        await gate.wait()
        await read_file(reader, file, content)

    monkeypatch.setattr(FileReader, "read_file", slow)
    fake = FakeWebUI()
    fake.make_knowledge("old", "ada")
    fake.upload("eels", "ada", "About eels.", "old")

    async def told(client: httpx.AsyncClient, files: int) -> None:
        async for attempt in patiently():
            with attempt:
                health = (await client.get("/health")).json()
                assert health["knowledge_bases"] == "in step with Open WebUI"
                said = health.get("changed_files", "0 still to be read, the first of them for 0 s")
                assert said.startswith(f"{files} still to be read, the first of them for ")
                assert f"paper_finder_changed_files_unread {files}.0" in (await client.get("/metrics")).text

    async with looking(fake, empty_database, tmp_path) as client:
        await told(client, 1)
        gate.set()
        await told(client, 0)


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
