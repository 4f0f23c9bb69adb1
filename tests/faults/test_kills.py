"""The service, its worker and Postgres are killed at random moments while files are uploaded: nothing told is lost or doubled."""

import os
import random
import signal
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import psycopg
import pytest

from rag.ingest.documents import read_document_now
from rag.stack.testing import wait_until
from rag.store.embedded import EmbeddedPostgres
from tests.faults.uploader import Uploader, small_file
from tests.faults.victim import Victim

FILES = 60
LATEST_KILL = 1.5
"""Seconds after the service is ready."""
WHOLE = """
    SELECT u.file_id, u.state, count(s.id), count(DISTINCT s.text), count(v.passage_id), count(DISTINCT o.paper_id)
    FROM uploads u JOIN papers p USING (file_id) LEFT JOIN passages s ON s.paper_id = p.id
    LEFT JOIN passage_vectors_1 v ON v.passage_id = s.id LEFT JOIN paper_vectors_1 o ON o.paper_id = p.id
    GROUP BY 1, 2
"""


class Tables:
    """What is in the database."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self._dsn, options="-c search_path=paper_finder,public", connect_timeout=10) as connection:
            return connection.execute(statement.encode()).fetchall()

    def all_ready(self) -> bool:
        """Whether every upload has all its vectors, and no job is left."""
        try:
            return self.rows("SELECT FROM uploads WHERE state <> 'ready' LIMIT 1") == [] and self.rows("SELECT FROM jobs") == []
        except psycopg.OperationalError:
            return False


@cache
def passages_of(number: int) -> int:
    """How many passages a file has when nobody is killed while it is read."""
    name, content = small_file(number)
    return len(read_document_now(content, filename=name).passages)


def check(uploader: Uploader, tables: Tables) -> None:
    """Every file that was told completed is there, whole, each passage and vector once."""
    assert uploader.refused == []
    assert sorted(uploader.completed) == list(range(FILES))
    found = {row[0]: row[1:] for row in tables.rows(WHOLE)}
    for number, file_id in uploader.completed.items():
        state, passages, distinct, vectors, own = found[file_id]
        assert (state, own) == ("ready", 1), (number, found[file_id])
        assert passages == distinct == vectors == passages_of(number), (number, found[file_id])
    # What broke off after it had been stored is whole as well.
    assert {row[0] for row in found.values()} == {"ready"}


def upload_while(kills: int, seed: int, uploader: Uploader, service: Victim) -> None:
    """Give the files out bit by bit, and kill the service at a random moment after each."""
    moments = random.Random(seed)
    for kill in range(kills):
        service.wait_until_ready()
        uploader.put(range(FILES * kill // kills, FILES * (kill + 1) // kills))
        time.sleep(moments.uniform(0, LATEST_KILL))
        service.kill()
        service.start()
    wait_until(lambda: len(uploader.completed) == FILES, 120)


@pytest.fixture
def uploader_of() -> Iterator[list[Uploader]]:
    """Uploaders that are ended after the test."""
    made: list[Uploader] = []
    yield made
    for uploader in made:
        uploader.close()


@pytest.mark.parametrize(
    "kills", [10, pytest.param(50, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])], ids=["ten kills", "fifty kills"]
)
def test_a_service_that_is_killed_again_and_again_loses_nothing(
    kills: int, tmp_path: Path, empty_database: str, embedding_url: str, uploader_of: list[Uploader]
) -> None:
    tables = Tables(empty_database)
    with Victim("serve", tmp_path, empty_database, embedding_url) as service:
        uploader = Uploader(service.url, seed=kills)
        uploader_of.append(uploader)
        upload_while(kills, kills, uploader, service)
        wait_until(tables.all_ready, 120)
    check(uploader, tables)
    assert uploader.failed


def test_a_database_that_is_killed_loses_nothing(tmp_path: Path, embedding_url: str, uploader_of: list[Uploader]) -> None:
    moments = random.Random(3)
    postgres = EmbeddedPostgres(tmp_path / "database")
    with postgres.used(), Victim("serve", tmp_path, postgres.dsn(), embedding_url) as service:
        tables = Tables(postgres.dsn())
        service.wait_until_ready()
        uploader = Uploader(service.url, seed=3)
        uploader_of.append(uploader)
        for kill in range(3):
            uploader.put(range(FILES * kill // 3, FILES * (kill + 1) // 3))
            time.sleep(moments.uniform(0, 3))
            pid = postgres.pid()
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            postgres.ensure_running()
        wait_until(lambda: len(uploader.completed) == FILES, 120)
        wait_until(tables.all_ready, 120)
        check(uploader, tables)


def test_a_worker_that_is_killed_leaves_its_job_to_the_next_at_once(
    tmp_path: Path, empty_database: str, embedding_url: str, uploader_of: list[Uploader]
) -> None:
    """The service is gone once the files are in, so that the worker alone makes the vectors."""
    tables = Tables(empty_database)
    with Victim("serve", tmp_path, empty_database, embedding_url) as service:
        service.wait_until_ready()
        uploader = Uploader(service.url, seed=4)
        uploader_of.append(uploader)
        uploader.put(range(FILES))
        wait_until(lambda: len(uploader.completed) == FILES, 120)
        service.kill()
        # As if all of it were still to be done.
        psycopg.connect(empty_database, options="-c search_path=paper_finder,public", autocommit=True).execute(
            """WITH gone AS (DELETE FROM passage_vectors_1), own AS (DELETE FROM paper_vectors_1),
                    undone AS (UPDATE uploads SET state = 'embedding')
               INSERT INTO jobs (task, file_id, due_at) SELECT 'embed', file_id, now() FROM uploads ON CONFLICT DO NOTHING"""
        ).connection.close()
        with Victim("worker", tmp_path, empty_database, embedding_url) as worker:
            for left in (45, 30, 15):
                wait_until(lambda left=left: len(tables.rows("SELECT FROM jobs")) <= left, 60)  # type: ignore[misc]
                worker.kill()
                worker.start()
            wait_until(tables.all_ready, 60)
        service.start()
    check(uploader, tables)
