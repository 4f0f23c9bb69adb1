"""The library moved to another model under load: no question fails, kills cost nothing, and everybody follows."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from rag.api import Engine, opening
from rag.embeddings.testing import FakeServer
from rag.ingest import SilentProgress, ingest
from rag.settings import CHECKOUT, Settings
from rag.stack.testing import free_port, wait_until
from tests.apps import running_app
from tests.integration.api.conftest import KEY, SAMPLE, running

OLD, NEW = "old-model", "Qwen/Qwen3-Embedding-4B"
SECONDS = 120.0
LATE = '{"id": "late", "title": "A paper that comes late", "abstract": "It arrives while the others are embedded anew."}\n'


@dataclass
class World:
    """Both models, and a library that begins with the old one."""

    settings: Settings
    old: FakeServer
    new: FakeServer
    new_url: str

    @property
    def dsn(self) -> str:
        """Of the library."""
        assert self.settings.database_url is not None
        return self.settings.database_url.get_secret_value()

    def command(self, *arguments: str) -> "subprocess.Popen[str]":
        """``paper-finder …`` with the library's settings."""
        ours = {
            "HOME": str(self.settings.home),
            "DATABASE_URL": self.dsn,
            "EMBEDDINGS": self.settings.embeddings,
            "MODEL": self.settings.model,
            "INDEX_DIMENSIONS": "512",
        }
        environment = os.environ | {f"PAPER_FINDER_{name}": value for name, value in ours.items()} | {"COLUMNS": "200"}
        command = [sys.executable, "-W", "ignore", "-m", "rag.cli", *arguments]
        return subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def reembed(self, *arguments: str) -> "subprocess.Popen[str]":
        """The command that moves the library."""
        return self.command("reembed", "--model", NEW, "--embeddings", self.new_url, "--json", *arguments)

    def vectors(self, space: int) -> int:
        """Papers with a vector in that space."""
        with psycopg.connect(self.dsn) as connection:
            there = connection.execute("SELECT to_regclass(%s)", [f"paper_finder.paper_vectors_{space}"]).fetchone()
            if there is None or there[0] is None:
                return 0
            row = connection.execute(f"SELECT count(*) FROM paper_finder.paper_vectors_{space}").fetchone()
        return int(row[0]) if row else 0

    def indexed(self) -> list[int]:
        """How many dimensions the indexes of each space hold."""
        with psycopg.connect(self.dsn) as connection:
            return [row[0] for row in connection.execute("SELECT indexed FROM paper_finder.embedding_spaces ORDER BY id")]


@pytest.fixture
def world(empty_database: str, tmp_path: Path) -> Iterator[World]:
    """The sample library with the vectors of the old model."""
    old, new = FakeServer(model=OLD, dimensions=384), FakeServer(model=NEW, dimensions=2560)
    with running_app(old.app, free_port()) as old_url, running_app(new.app, free_port()) as new_url:
        settings = Settings(
            home=tmp_path / "home",
            api_key=SecretStr(KEY),
            database_url=SecretStr(empty_database),
            embeddings=f"{old_url}/v1",
            model=OLD,
            webui_port=1,
        )
        _ingest(settings, SAMPLE)
        yield World(settings, old, new, f"{new_url}/v1")


def _ingest(settings: Settings, path: Path) -> None:
    async def run() -> None:
        async with Engine.open(settings, pool_size=2) as engine:
            await ingest([path], "sample", engine.library, engine.embedder, SilentProgress())

    asyncio.run(run())


@dataclass
class Load:
    """Questions one after the other until the block ends, each another one."""

    url: str
    answers: list[tuple[int, str]] = field(default_factory=list)
    """Status and first title of each."""
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Load":
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(2)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, asker: int) -> None:
        with httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {KEY}"}, timeout=60) as client:
            number = 0
            while not self._ended.is_set():
                number += 1
                query = f"sequence to sequence learning with neural networks {asker} {number}"
                answer = client.post("/v1/papers/search", json={"query": query, "limit": 3})
                papers = answer.json().get("papers", []) if answer.status_code == 200 else []
                self.answers.append((answer.status_code, papers[0]["title"] if papers else ""))


def _kill_at(world: World, vectors: int) -> None:
    process = world.reembed("--rate", "60")
    wait_until(lambda: world.vectors(2) >= vectors or process.poll() is not None, SECONDS)
    assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.mark.timeout(600)
def test_the_model_changes_under_load_and_kills(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "GRACE", 1.0)
    with running(world.settings) as url, Load(url) as load:
        wait_until(lambda: httpx.get(f"{url}/ready").is_success, SECONDS)
        worker = world.command("worker")  # it follows as well, or the old vectors would stay in use
        load.answers.clear()
        _kill_at(world, 1)
        first = world.vectors(2)
        _kill_at(world, first + 1)
        second = world.vectors(2)
        assert 0 < first < second < 210
        assert httpx.get(f"{url}/ready").json()["model"] == OLD

        (tmp_path / "late.jsonl").write_text(LATE, encoding="utf-8")
        _ingest(world.settings, tmp_path / "late.jsonl")
        said, wrong = (process := world.reembed()).communicate(timeout=SECONDS)
        assert process.returncode == 0, wrong
        result = json.loads(said)
        assert result["followed"]
        assert worker.poll() is None
        worker.terminate()
        worker.communicate()
        assert result["texts"] == 211 - second  # what the killed ones had done was not done again
        assert httpx.get(f"{url}/ready").json() == {"status": "ready", "model": NEW, "dimensions": 2560}
        done = len(load.answers)
        world.old.requests.clear()
        wait_until(lambda: len(load.answers) > done + 20, SECONDS)
    assert {status for status, _ in load.answers} == {200}
    assert {title for _, title in load.answers} == {"Sequence to Sequence Learning with Neural Networks"}
    assert world.old.requests == []  # nobody asks the old model any more
    assert world.vectors(2) == 211
    assert world.indexed() == [384, 512]


def test_who_is_started_again_after_a_switch_follows_too_and_old_vectors_are_dropped_on_request(world: World) -> None:
    said, wrong = (process := world.reembed()).communicate(timeout=SECONDS)
    assert process.returncode == 0, wrong
    assert json.loads(said)["followed"]
    with running(world.settings) as url:  # its settings still name the old model
        wait_until(lambda: httpx.get(f"{url}/ready").is_success, SECONDS)
        assert httpx.get(f"{url}/ready").json()["model"] == NEW
    listed, _ = world.command("reembed", "--json").communicate(timeout=SECONDS)
    assert [(one["model"], one["active"]) for one in json.loads(listed)] == [(OLD, False), (NEW, True)]
    dropped, wrong = world.command("reembed", "--drop-old").communicate(timeout=SECONDS)
    assert f"Dropped: {OLD} with 384 dimensions" in dropped, wrong
    assert world.vectors(1) == 0
    assert world.vectors(2) == 210
    _, wrong = world.command("search", "networks").communicate(timeout=SECONDS)
    assert f"The library's vectors are those of {NEW} with 2560 dimensions, but {OLD} with 384 is configured." in wrong
    assert "paper-finder reembed --model old-model --dimensions 384" in wrong


def test_vectors_that_a_service_answers_from_are_not_dropped(world: World) -> None:
    with running(world.settings) as url:
        wait_until(lambda: httpx.get(f"{url}/ready").is_success, SECONDS)
        process = world.reembed("--rate", "60")
        wait_until(lambda: world.vectors(2) > 0 or process.poll() is not None, SECONDS)
        process.kill()
        process.communicate()
        dropped, wrong = world.command("reembed", "--drop-old").communicate(timeout=SECONDS)
        assert f"Dropped: {NEW}" in dropped, wrong  # begun, never used
        assert httpx.get(f"{url}/ready").json()["model"] == OLD


def test_the_same_model_again_is_told(world: World) -> None:
    _, wrong = world.command("reembed", "--model", OLD).communicate(timeout=SECONDS)
    assert f"The library's vectors are those of {OLD} with 384 dimensions already." in wrong


def test_a_model_that_is_served_wrongly_moves_nothing(world: World) -> None:
    world.new.fault = "nan"
    process = world.reembed()
    _, wrong = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert "NaN" in wrong
    assert world.vectors(2) == 0
