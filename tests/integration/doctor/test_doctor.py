"""Each fault is one finding that says how to mend it; a sound installation has none."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from rag.chat_model.testing import FakeChatServer, says
from rag.doctor import Finding, State, examine
from rag.embeddings.testing import FakeServer
from rag.ingest import SilentProgress, ingest
from rag.settings import CHECKOUT, Secrets, Settings
from rag.stack.testing import free_port
from rag.store import migrate
from rag.webui.testing import ADMIN, FakeWebUI
from tests.apps import running_app

SAMPLE = CHECKOUT / "rag" / "stack" / "sample_library.jsonl"
Examined = dict[str, list[Finding]]


@pytest.fixture
def model() -> FakeServer:
    """An embedding server."""
    return FakeServer(dimensions=32)


@pytest.fixture
def settings(empty_database: str, model: FakeServer, tmp_path: Path) -> Iterator[Settings]:
    """Over a database of its own, the embedding server, an Open WebUI before its set-up, and no service."""
    home = tmp_path / "home"
    Secrets(home / "secrets.env").keep("PAPER_FINDER_ADMIN_PASSWORD", "right")
    with running_app(model.app, free_port()) as embeddings, running_app(FakeWebUI().app(), free_port()) as webui:
        yield Settings(
            home=home,
            port=free_port(),
            database_url=SecretStr(empty_database),
            embeddings=f"{embeddings}/v1",
            model=model.model,
            admin_email=ADMIN,
            webui_address=webui,
        )


def examined(settings: Settings) -> Examined:
    """The findings by part."""

    async def run() -> list[Finding]:
        return [finding async for finding in examine(settings)]

    found: Examined = {}
    for finding in asyncio.run(run()):
        found.setdefault(finding.part, []).append(finding)
    return found


def fill(settings: Settings) -> None:
    """The sample library, embedded."""

    async def run() -> None:
        from rag.api import Engine

        async with Engine.open(settings, pool_size=2) as engine:
            await ingest([SAMPLE], "sample", engine.library, engine.embedder, SilentProgress())

    asyncio.run(run())


def test_a_sound_installation_is_measured(settings: Settings) -> None:
    fill(settings)
    found = examined(settings)
    for part in ("Disk", "Secrets", "Postgres", "pgvector", "Schema", "Vectors", "Embedding", "Indexes", "Embedding model"):
        assert [finding.state for finding in found[part]] == [State.OK], found[part]
    assert found["Embedding"][0].figures["papers"] == 210
    assert found["Indexes"][0].figures["found"] == found["Indexes"][0].figures["sampled"] == 20
    figures = found["Embedding model"][0].figures
    assert figures["question_ms"] > 0
    assert figures["abstracts_per_second"] > 0
    assert found["Reranker"][0].state is State.SKIPPED


def test_an_empty_database_is_to_be_migrated(settings: Settings) -> None:
    found = examined(settings)
    assert (found["pgvector"][0].state, found["pgvector"][0].mend) == (State.FAILED, "paper-finder migrate")
    assert (found["Schema"][0].state, found["Schema"][0].mend) == (State.FAILED, "paper-finder migrate")
    assert found["Indexes"][0].state is State.SKIPPED


def _drop_an_index(database: psycopg.Connection) -> None:
    database.execute("DROP INDEX paper_finder.paper_vectors_1_hnsw")


def _break_an_index(database: psycopg.Connection) -> None:
    database.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'paper_finder.papers_doi'::regclass")


def _lose_a_vector(database: psycopg.Connection) -> None:
    database.execute("DELETE FROM paper_finder.paper_vectors_1 WHERE paper_id = (SELECT min(id) FROM paper_finder.papers)")


def _edit_a_migration(database: psycopg.Connection) -> None:
    database.execute("UPDATE paper_finder.migrations SET checksum = 'another' WHERE number = 2")


def _another_model(database: psycopg.Connection) -> None:
    database.execute("UPDATE paper_finder.embedding_spaces SET model = 'older-model'")


@pytest.mark.parametrize(
    ("damage", "part", "state", "said", "mend"),
    [
        (_drop_an_index, "Indexes", State.FAILED, "Missing: paper_vectors_1_hnsw", "Run the import again"),
        (_break_an_index, "Indexes", State.FAILED, "papers_doi", "REINDEX INDEX paper_finder.papers_doi;"),
        (_lose_a_vector, "Embedding", State.WARNING, "1 of 210 papers", "paper-finder jobs"),
        (_edit_a_migration, "Schema", State.FAILED, "Migration 0002", "Put the file back"),
        (_another_model, "Vectors", State.FAILED, "older-model with 32 dimensions, but fake-model", "PAPER_FINDER_EMBEDDINGS"),
    ],
)
def test_damage_is_told_with_its_mending(
    settings: Settings, damage: Callable[[psycopg.Connection], None], part: str, state: State, said: str, mend: str
) -> None:
    fill(settings)
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url.get_secret_value(), autocommit=True) as database:
        damage(database)
    finding = examined(settings)[part][0]
    assert finding.state is state
    assert said in finding.said
    assert mend in finding.mend


def test_vectors_that_nothing_uses_are_told(settings: Settings) -> None:
    assert settings.database_url is not None
    dsn = settings.database_url.get_secret_value()
    asyncio.run(migrate(dsn, model="fake-model", dimensions=32, index_dimensions=16))
    with psycopg.connect(dsn, options="-c search_path=paper_finder,public") as database:
        database.execute("SELECT create_embedding_space('another', 8, 8)")
    in_use, beside = examined(settings)["Vectors"]
    assert in_use.said == "They are those of fake-model with 32 dimensions; the indexes hold the first 16."
    assert beside.state is State.WARNING
    assert beside.said.startswith("Vectors of another with 8 dimensions lie beside those in use")
    assert "--drop-old" in beside.mend


def test_a_model_served_wrongly_is_told(settings: Settings, model: FakeServer) -> None:
    model.fault = "nan"
    (finding,) = examined(settings)["Embedding model"]
    assert finding.state is State.FAILED
    assert "NaN" in finding.said
    assert "bfloat16" in finding.mend


@pytest.mark.parametrize(
    ("words", "state", "said"),
    [(("Par", "is."), State.OK, "first words after"), (("I am ", "a teapot"), State.WARNING, "it answers 'I am a teapot'")],
)
def test_a_chat_model_is_asked_something_known(settings: Settings, words: tuple[str, ...], state: State, said: str) -> None:
    with FakeChatServer(says(*words)).running() as address:
        (finding,) = examined(settings.model_copy(update={"chat": address}))["Chat model"]
    assert finding.state is state
    assert said in finding.said


def test_a_chat_model_that_is_away_is_told(settings: Settings) -> None:
    (finding,) = examined(settings.model_copy(update={"chat": "http://127.0.0.1:1/v1#model"}))["Chat model"]
    assert finding.state is State.FAILED
    assert finding.mend


def test_a_reranker_that_is_away_is_told(settings: Settings) -> None:
    (finding,) = examined(settings.model_copy(update={"reranker": "http://127.0.0.1:1/v1#model"}))["Reranker"]
    assert finding.state is State.FAILED
    assert "PAPER_FINDER_RERANKER" in finding.mend


def test_what_is_away_hinders_nothing_else(settings: Settings) -> None:
    away = settings.model_copy(
        update={"database_url": SecretStr("postgresql://127.0.0.1:1/x"), "webui_address": "http://127.0.0.1:1"}
    )
    found = examined(away)
    assert found["Database"][0].state is State.FAILED
    assert found["Embedding model"][0].state is State.OK
    assert found["Service"][0].mend == "Start it: 'make up', or 'paper-finder serve'."
    assert "does not answer" in found["Open WebUI"][0].said


def test_open_webui_is_seen_as_it_is(settings: Settings) -> None:
    found = examined(settings)["Open WebUI"]
    assert found[0].said.startswith("Version 0.12.4")
    assert [finding.mend for finding in found[1:]] == ["paper-finder webui set-up"] * 4


def test_secrets_that_others_can_read_are_told(settings: Settings) -> None:
    settings.secrets_file.chmod(0o644)
    assert examined(settings)["Secrets"][0].mend == f"chmod 600 {settings.secrets_file}"


def test_the_command_prints_lines_or_json_and_fails_when_something_does(settings: Settings) -> None:
    assert settings.database_url is not None
    ours = {
        "PAPER_FINDER_HOME": str(settings.home),
        "PAPER_FINDER_DATABASE_URL": settings.database_url.get_secret_value(),
        "PAPER_FINDER_EMBEDDINGS": settings.embeddings,
        "PAPER_FINDER_MODEL": settings.model,
        "PAPER_FINDER_PORT": str(settings.port),
    }

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-W", "ignore", "-m", "rag.cli", "doctor", *arguments]
        return subprocess.run(command, cwd=CHECKOUT, env=os.environ | ours, capture_output=True, text=True, check=False)

    said = run()
    assert said.returncode == 1
    assert "failed  Schema: " in said.stdout
    assert "    → paper-finder migrate" in said.stdout
    findings = json.loads(run("--json").stdout)
    assert {finding["state"] for finding in findings} == {"ok", "skipped", "failed"}
    assert all(finding["mend"] for finding in findings if finding["state"] == "failed")
