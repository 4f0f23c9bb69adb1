"""The real service on a free port of the loopback, with the bundled model and the sample library, for the whole run."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
import uvicorn
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from rag.api import Engine, create_app
from rag.ingest import SilentProgress, ingest
from rag.settings import CHECKOUT, Settings
from rag.stack.testing import wait_until

KEY = "service-key-of-the-tests"
SAMPLE = CHECKOUT / "rag" / "stack" / "sample_library.jsonl"


@dataclass(frozen=True)
class Service:
    """Where the service is, and with what it runs."""

    url: str
    settings: Settings

    def client(self, key: str = KEY) -> httpx.Client:
        """A client that sends ``key``."""
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {key}"} if key else {}, timeout=60)


@pytest.fixture(scope="session")
def service(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service, ready, over the sample library."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier("service")))
    settings = Settings(
        home=tmp_path_factory.mktemp("service"),
        api_key=SecretStr(KEY),
        database_url=SecretStr(make_conninfo(postgres, dbname="service")),
        webui_port=1,
    )
    asyncio.run(_fill(settings, SAMPLE))
    with running(settings) as url:
        wait_until(lambda: httpx.get(f"{url}/ready").is_success, 120)
        yield Service(url, settings)


async def _fill(settings: Settings, path: Path) -> None:
    async with Engine.open(settings, pool_size=2) as engine:
        await ingest([path], "sample", engine.library, engine.embedder, SilentProgress())


class running:
    """The service of ``settings`` in a thread, until the block ends."""

    def __init__(self, settings: Settings) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning", access_log=False))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})

    def __enter__(self) -> str:
        self._thread.start()
        url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        wait_until(lambda: self._server.started, 60)
        return url

    def __exit__(self, *exception: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


@pytest.fixture
def client(service: Service) -> Iterator[httpx.Client]:
    """A client with the service key."""
    with service.client() as opened:
        yield opened
