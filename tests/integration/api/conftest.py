"""The real service: on a free port of the loopback with the bundled model and the sample library, or beside a fake Open WebUI."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import uvicorn
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from pipelines.paper_finder import Pipeline
from rag.api import Engine, create_app
from rag.api.state import State
from rag.embeddings.testing import FakeEmbedder
from rag.ingest import SilentProgress, ingest
from rag.ingest.clock import SystemClock
from rag.ingest.documents import Document
from rag.ingest.tasks import Tasks
from rag.ingest.worker import Worker
from rag.retrieval import Searcher
from rag.settings import CHECKOUT, Settings
from rag.stack.testing import wait_until
from rag.store import EmbeddingWork, Index, KnowledgeBases
from rag.store._index import EXACT_PAPERS
from rag.webui import FileReader, Mirror, as_admin
from rag.webui.testing import FakeWebUI

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


def leave_during_the_search(client: httpx.Client, service: Service, question: Mapping[str, Any]) -> None:
    """Ask, go away while Postgres searches, and see that it does not go on; what it waits for comes only afterwards."""
    assert service.settings.database_url
    dsn = service.settings.database_url.get_secret_value()
    left = threading.Event()

    async def read() -> None:
        async with httpx.AsyncClient(base_url=client.base_url, headers=dict(client.headers), timeout=60) as asking:
            answer = asyncio.create_task(asking.post("/v1/chat/completions", json=question))
            await asyncio.to_thread(left.wait, 60)
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)

    with psycopg.connect(dsn) as holding, psycopg.connect(dsn, autocommit=True) as looking, ThreadPoolExecutor() as reader:
        holding.execute("LOCK TABLE paper_finder.paper_stems IN ACCESS EXCLUSIVE MODE")
        reading = reader.submit(asyncio.run, read())
        wait_until(lambda: _waiting(looking) == 1, 30)
        left.set()
        reading.result()
        wait_until(lambda: _waiting(looking) == 0, 10)


def _waiting(looking: psycopg.Connection[tuple[Any, ...]]) -> int:
    """How many statements wait for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    row = looking.execute(waiting).fetchone()
    return int(row[0]) if row else 0


@dataclass(frozen=True)
class Beside:
    """A service over a database of its own, asked in this process, and the fake Open WebUI beside it."""

    fake: FakeWebUI
    engine: Engine
    client: httpx.AsyncClient
    """Without a key."""
    mirror: Mirror


@asynccontextmanager
async def beside(
    fake: FakeWebUI,
    dsn: str,
    home: Path,
    clock: Callable[[], float] = time.monotonic,
    *,
    exact_papers: int = EXACT_PAPERS,
) -> AsyncIterator[Beside]:
    """The service with a fake embedder; its mirror looks when it is told to, and its jobs are done by whoever wants them done.

    Up to ``exact_papers`` papers are compared one by one, more are found by the indexes.
    """
    settings = Settings(home=home, api_key=SecretStr(KEY), admin_password=SecretStr("right"), webui_port=1)
    app = create_app(settings)
    async with Engine.over(dsn, FakeEmbedder(), pool_size=4) as opened, fake.client() as http:
        index = Index(opened.database, exact_papers=exact_papers)
        engine = replace(opened, index=index, searcher=Searcher(index, opened.embedder))
        knowledge = KnowledgeBases(engine.database)
        reader = FileReader(knowledge, engine.uploads)
        mirror = Mirror(lambda: as_admin(fake.webui(), settings), knowledge, engine.uploads, reader, clock)
        state = State(settings, KEY, Pipeline(), http, engine)
        state.pipeline.attach(engine.searcher, engine.shelf, engine.index)
        state.mirror = mirror
        app.state.parts = state
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service", timeout=60) as client:
            yield Beside(fake, engine, client, mirror)
        await mirror.close()


async def embed(engine: Engine) -> None:
    """Do the jobs that add vectors."""

    async def read(content: bytes, name: str) -> Document:
        raise AssertionError(name, content)

    tasks = Tasks(engine.uploads, EmbeddingWork(engine.database), engine.embedder, read)
    async with engine.jobs.session() as session:
        while await Worker(engine.jobs, tasks, ("embed",), SystemClock()).step(session):
            pass


@pytest.fixture
def client(service: Service) -> Iterator[httpx.Client]:
    """A client with the service key."""
    with service.client() as opened:
        yield opened
