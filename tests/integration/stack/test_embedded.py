"""The embedded Postgres: shared, surviving kills, and plain about a folder that it cannot use."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from rag.errors import StackError
from rag.stack.testing import wait_until
from rag.store.embedded import EmbeddedPostgres, embedded_postgres, ensure_database
from tests.integration.stack.conftest import processes_of

SECONDS = 60.0
HOLD = """
import sys, pathlib
from rag.store.embedded import embedded_postgres
with embedded_postgres(pathlib.Path(sys.argv[1])):
    print("up", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with a database that has a row in it, stopped."""
    home = tmp_path_factory.mktemp("made")
    with embedded_postgres(home) as dsn, psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    return home


@pytest.fixture
def filled(made: Path, home: Path) -> Path:
    """A copy of it for one test."""
    shutil.copytree(made, home)
    owner = (made / "postgres").stat()
    for path in [home / "postgres", *(home / "postgres").rglob("*"), home / "logs" / "postgres.log"]:
        os.chown(path, owner.st_uid, owner.st_gid)
    return home


@pytest.fixture
def holder(filled: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that uses the server until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(filled)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        yield process
        process.kill()


def answer(dsn: str) -> int:
    """What the table holds."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT answer FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def test_data_stay_and_nothing_runs_afterwards(filled: Path) -> None:
    with embedded_postgres(filled) as dsn:
        assert answer(dsn) == 42
    assert processes_of(filled) == []


def test_the_server_stops_with_its_last_user(filled: Path, holder: "subprocess.Popen[str]") -> None:
    with embedded_postgres(filled) as dsn, embedded_postgres(filled) as again:
        assert dsn == again
    assert answer(dsn) == 42
    holder.communicate()
    assert processes_of(filled) == []


def test_a_killed_user_does_not_keep_the_server_for_ever(filled: Path, holder: "subprocess.Popen[str]") -> None:
    holder.kill()
    holder.wait()
    server = EmbeddedPostgres(filled)
    assert server.answers()
    with server.used():
        assert answer(server.dsn()) == 42
    assert not server.answers()


def test_a_killed_server_starts_again(filled: Path) -> None:
    server = EmbeddedPostgres(filled)
    with server.used():
        pid = server.pid()
        assert pid is not None
        psutil.Process(pid).kill()
        wait_until(lambda: not server.answers(), SECONDS)
        server.ensure_running()
        assert answer(server.dsn()) == 42


def test_a_process_id_that_is_someone_elses_by_now_is_no_server(filled: Path) -> None:
    (filled / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{filled}/postgres\n1\n5432\n\n\n  1 1\nready   \n")
    with embedded_postgres(filled) as dsn:
        assert answer(dsn) == 42


def test_an_interrupted_first_start_is_no_hindrance(home: Path) -> None:
    (home / "postgres.new" / "base").mkdir(parents=True)
    with embedded_postgres(home) as dsn, psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_long_path_with_spaces_works(home: Path, filled: Path) -> None:
    long = home.parent / ("a long name " * 12).strip() / "home's"
    long.parent.mkdir()
    filled.rename(long)
    with embedded_postgres(long) as dsn:
        assert answer(dsn) == 42
        folder = Path(dsn.split("host=")[1])
        assert folder.stat().st_mode & 0o077 == 0
    shutil.rmtree(folder)


def test_a_damaged_folder_is_named_with_the_log_and_the_way_out(filled: Path) -> None:
    (filled / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(StackError) as caught, embedded_postgres(filled):
        pytest.fail("it started")
    assert str(filled / "postgres") in str(caught.value)
    assert "pg_control" in str(caught.value)
    assert "move it away" in str(caught.value)


def test_a_folder_that_is_none_of_postgres_is_not_touched(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StackError, match="no Postgres data folder"), embedded_postgres(home):
        pytest.fail("it started")
    assert (home / "postgres" / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_another_major_version_is_said_plainly(filled: Path) -> None:
    (filled / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(StackError, match=r"made by PostgreSQL 16.*carries 18"), embedded_postgres(filled):
        pytest.fail("it started")


def test_a_state_folder_that_cannot_be_made_is_said_plainly(home: Path) -> None:
    home.parent.joinpath("file").write_text("")
    with pytest.raises(StackError, match="cannot be written to"), embedded_postgres(home.parent / "file" / "home"):
        pytest.fail("it started")


def test_a_missing_database_is_made_once(filled: Path) -> None:
    with embedded_postgres(filled) as dsn:
        ensure_database(dsn, "open_webui")
        ensure_database(dsn, "open_webui")
        with psycopg.connect(dsn) as connection:
            found = connection.execute("SELECT count(*) FROM pg_database WHERE datname = 'open_webui'").fetchone()
    assert found == (1,)


def test_a_server_that_does_not_let_us_make_a_database_is_said_plainly(filled: Path) -> None:
    with embedded_postgres(filled) as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("CREATE ROLE guest LOGIN")
        with pytest.raises(StackError, match=r"'open_webui' is missing and cannot be made.*permission denied"):
            ensure_database(dsn.replace("postgres@", "guest@"), "open_webui")
