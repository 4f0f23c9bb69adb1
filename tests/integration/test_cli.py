"""The command line as a user types it."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.ingest.testing import plain_document
from rag.ingest.uploading import upload_of
from rag.settings import CHECKOUT
from rag.store import Database, Jobs, Uploads

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(empty_database: str, tmp_path: Path) -> Run:
    """Run ``paper-finder`` with a new library."""
    environment = {"PAPER_FINDER_DATABASE_URL": empty_database, "PAPER_FINDER_HOME": str(tmp_path / "home"), "COLUMNS": "200"}

    def paper_finder(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-W", "ignore", "-m", "rag.cli", *arguments]
        environ = os.environ | environment
        quiet = subprocess.DEVNULL
        return subprocess.run(command, cwd=CHECKOUT, env=environ, stdin=quiet, capture_output=True, text=True, check=False)

    return paper_finder


@pytest.fixture
def bibliography(tmp_path: Path) -> Path:
    path = tmp_path / "library.bib"
    path.write_text(
        "@article{fox, title={Foxes in the Snow}, author={Byron, Ada}, year={2001}}\n@article{bad, author={Nobody}}\n",
        encoding="utf-8",
    )
    return path


def test_ingest_search_and_ingest_again(run: Run, bibliography: Path) -> None:
    first = run("ingest", str(bibliography), "--collection", "mine", "--json")
    assert first.returncode == 0, first.stderr
    summary = json.loads(first.stdout)
    assert (summary["added"], summary["rejected"]) == (1, 1)
    assert summary["rejections"][0]["location"] == "library.bib:2"

    again = json.loads(run("ingest", str(bibliography), "--collection", "mine", "--json").stdout)
    assert (again["added"], again["unchanged"]) == (0, 1)

    found = json.loads(run("search", "snow foxes", "--collection", "mine", "--json").stdout)
    assert found["query"]["confident"] is True
    assert [paper["source_id"] for paper in found["papers"]] == ["fox"]

    unknown = run("search", "snow foxes", "--collection", "yours")
    assert unknown.returncode == 1
    assert "There are: mine" in unknown.stderr


def test_removing_a_collection(run: Run, bibliography: Path) -> None:
    run("ingest", str(bibliography), "--collection", "mine")
    unsure = run("collections", "remove", "mine")
    assert unsure.returncode == 1
    assert "Remove mine with 1 papers?" in unsure.stderr
    removed = run("collections", "remove", "mine", "--yes", "--json")
    assert json.loads(removed.stdout) == {"collection": "mine", "removed": 1, "kept": 0}


def test_backup_and_restore(run: Run, bibliography: Path, tmp_path: Path) -> None:
    run("ingest", str(bibliography))
    made = json.loads(run("backup", str(tmp_path / "library.zip"), "--json").stdout)
    assert (made["papers"], made["tables"]["memberships"]["rows"]) == (1, 1)
    again = run("restore", str(tmp_path / "library.zip"))
    assert again.returncode == 1
    assert "There is a library already" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "x", "--year-from", "2030", "--year-to", "2000"], "year_from 2030 is after year_to 2000"),
        (["ingest", "no-such-file.bib"], "no-such-file.bib"),
        (["ingest", "Makefile"], "Makefile"),
        (["ingest", "README.md", "--collection", " "], "A collection needs a name"),
        (["eval", "docs"], "BEIR layout"),
    ],
)
def test_mistakes_are_told_in_a_sentence(run: Run, arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_but_bad_records_is_a_failure(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.bib"
    path.write_text("@article{bad, author={Nobody}}\n", encoding="utf-8")
    assert run("ingest", str(path)).returncode == 1


def test_a_request_to_end_is_heard_in_the_background_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing"
        environment = os.environ | {"PAPER_FINDER_DATABASE_URL": address, "PAPER_FINDER_HOME": str(tmp_path)}
        # A shell starts its background jobs with Ctrl-C ignored.
        started = ["bash", "-c", 'trap "" INT; exec "$@"', "_", sys.executable, "-W", "ignore", "-m", "rag.cli", "migrate"]
        running = subprocess.Popen(started, cwd=CHECKOUT, env=environment, stderr=subprocess.DEVNULL)
        silent.settimeout(60)
        with silent.accept()[0]:
            running.terminate()
            assert running.wait(60) == 130


def test_migrate_says_what_the_library_holds(run: Run) -> None:
    done = run("migrate")
    assert done.returncode == 0
    assert "all-MiniLM-L6-v2 with 384 dimensions" in done.stdout


def test_jobs_are_listed_and_set_aside_ones_tried_again(run: Run, empty_database: str) -> None:
    assert run("migrate").returncode == 0
    assert "nothing to do" in run("jobs").stdout
    assert json.loads(run("jobs", "--json").stdout) == []
    asyncio.run(_set_one_aside(empty_database))

    listed = run("jobs").stdout
    assert "parked" in listed
    assert "0 of 2 passages" in listed
    assert "The vectors hold no numbers." in listed
    [job] = json.loads(run("jobs", "--json").stdout)
    assert (job["state"], job["name"], job["task"], job["failures"]) == ("parked", "terns.txt", "embed", 3)

    unknown = run("jobs", "retry", "4711")
    assert unknown.returncode == 1
    assert "no parked job 4711" in unknown.stderr
    assert "Queued again: 1." in run("jobs", "retry", str(job["id"])).stdout
    assert json.loads(run("jobs", "--json").stdout)[0]["state"] == "queued"
    assert "Queued again: 0." in run("jobs", "retry").stdout


async def _set_one_aside(dsn: str) -> None:
    content = b"Of Terns\nThey fly.\fSecond page."
    async with Database.open(dsn, pool_size=1) as database:
        document = plain_document(content)
        await Uploads(database).write(upload_of(document, file_id="f", owner="ada", name="terns.txt", content=content))
        jobs = Jobs(database)
        async with jobs.session() as session:
            job = await session.claim(("embed",), datetime.now(UTC))
            assert job is not None
            await jobs.park(job, reason="The vectors hold no numbers.", failures=3)


def test_export(run: Run, bibliography: Path, tmp_path: Path) -> None:
    assert run("ingest", str(bibliography)).returncode == 0
    everything = run("export", "--format", "ris")
    assert everything.returncode == 0
    assert "TI  - Foxes in the Snow\n" in everything.stdout
    identity = next(line for line in everything.stdout.splitlines() if line.startswith("ID")).removeprefix("ID  - ")
    written = run("export", "--id", identity, "--output", str(tmp_path / "out.bib"))
    assert written.returncode == 0
    assert (tmp_path / "out.bib").read_text(encoding="utf-8").startswith("@misc{byron2001foxessnow,")
    assert "Foxes in the Snow" in run("export", "foxes in the snow", "--format", "markdown").stdout
    missing = run("export", "--id", "p0")
    assert missing.returncode == 1
    assert "no such paper" in missing.stderr
