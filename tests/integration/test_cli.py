"""The command line as a user types it."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rag.cli import app
from rag.ingest.apart import Apart
from rag.ingest.testing import plain_document
from rag.ingest.uploading import upload_of
from rag.settings import CHECKOUT, Secrets
from rag.stack.testing import free_port
from rag.store import Database, Job, Jobs, Uploads
from rag.webui import API_KEY_NAME
from rag.webui.testing import FakeGroup, FakeWebUI
from tests.apps import running_app

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment_of(database: str, folder: Path) -> dict[str, str]:
    """A library in a database, and nobody where Open WebUI should be."""
    ours = {"DATABASE_URL": database, "HOME": str(folder / "home"), "WEBUI_PORT": "1"}
    return {f"PAPER_FINDER_{name}": value for name, value in ours.items()} | {"COLUMNS": "200"}


@pytest.fixture
def run(empty_database: str, tmp_path: Path) -> Run:
    """Run ``paper-finder`` with a new library."""
    environment = environment_of(empty_database, tmp_path)

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

    nothing = run("search", "volcano eruptions on distant moons", "--collection", "mine").stdout
    assert "Nothing in the library fits this" in nothing
    assert "%" not in nothing

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


def test_audit(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "twice.bib"
    path.write_text("".join(f"@article{{{key}, title={{Foxes}}, author={{Byron, Ada}}, year={{2001}}}}\n" for key in "ab"))
    run("ingest", str(path))
    said = run("audit").stdout
    assert "2 papers: 2 without abstract" in said
    assert "(the same title, first author and year)" in said
    fixed = json.loads(run("audit", "--fix", "--json").stdout)
    assert (fixed["merged"], fixed["missing"]["papers"], fixed["duplicates"]) == (1, 1, [])
    assert run("audit", "--undo", fixed["undo"]).stdout == "1 papers are there again.\n"


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
        (["ingest", "http://127.0.0.1/library.bib"], "leads into a private network"),
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
            await jobs.park(job, reason="The vectors hold no numbers.", code="embedding_error", failures=3)


@pytest.mark.anyio
async def test_a_job_at_which_a_process_died_is_done_in_one_of_its_own(run: Run, empty_database: str, tmp_path: Path) -> None:
    assert run("migrate").returncode == 0
    content = b"Of Terns\nThey fly.\fSecond page."
    async with Database.open(empty_database, pool_size=2) as database:
        uploads, jobs = Uploads(database), Jobs(database)
        await uploads.write(upload_of(plain_document(content), file_id="f", owner="ada", name="terns.txt", content=content))
        async with jobs.session() as session:
            job = await session.claim(("embed",), datetime.now(UTC))
            assert job is not None
            await Apart(Never(), environment_of(empty_database, tmp_path)).run(replace(job, begun=2))
        assert await uploads.states() == {"ready": 1}
        assert await jobs.list() == []


class Never:
    """Does nothing in this process."""

    async def run(self, job: Job) -> None:
        """Not this one."""
        raise AssertionError(job)


@pytest.fixture
def invoke(empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bibliography: Path) -> Callable[..., Result]:
    """Run ``paper-finder`` in this process, which is quicker, with a library that has the collection ``mine``."""
    for name, value in environment_of(empty_database, tmp_path).items():
        monkeypatch.setenv(name, value)

    def paper_finder(*arguments: str) -> Result:
        return CliRunner().invoke(app, arguments)

    assert paper_finder("ingest", str(bibliography), "--collection", "mine").exit_code == 0
    return paper_finder


def test_a_key_is_made_listed_and_revoked(invoke: Callable[..., Result]) -> None:
    unknown = invoke("keys", "create", "script", "--collection", "yours")
    assert "There are: mine" in str(unknown.exception)
    made = invoke("keys", "create", "script", "--collection", "mine")
    assert "cannot be shown again" in made.stderr
    (key,) = made.stdout.split()
    listed = invoke("keys", "list").stdout
    assert "script · in use · made" in listed
    assert "reads mine" in listed
    assert key not in listed
    assert "script is revoked." in invoke("keys", "revoke", "script").stdout
    (shown,) = json.loads(invoke("keys", "list", "--json").stdout)
    assert (shown["name"], shown["collections"]) == ("script", ["mine"])
    assert shown["revoked_at"] >= shown["created_at"]
    assert "script" in str(invoke("keys", "revoke", "script").exception)


def test_a_collection_is_restricted_and_opened_again(
    invoke: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "mine · 1 papers · everyone" in invoke("collections", "list").stdout
    alone = invoke("collections", "restrict", "mine", "--group", "birders")
    assert "mine is read by members of birders only." in alone.stdout
    assert "Open WebUI could not be asked" in alone.stderr
    assert json.loads(invoke("collections", "list", "--json").stdout) == [{"name": "mine", "papers": 1, "groups": ["birders"]}]
    assert "mine is read by everyone." in invoke("collections", "open", "mine").stdout
    assert "There are: mine" in str(invoke("collections", "open", "yours").exception)
    Secrets(tmp_path / "home" / "secrets.env").keep(API_KEY_NAME, "sk-admin")
    fake = FakeWebUI(api_key="sk-admin", groups={"g": FakeGroup("g", "birders")})
    with running_app(fake.app(), free_port()) as address:
        monkeypatch.setenv("PAPER_FINDER_WEBUI_ADDRESS", address)
        unknown = invoke("collections", "restrict", "mine", "--group", "fishers")
        assert "no group named 'fishers'. There are: birders." in str(unknown.exception)
        assert invoke("collections", "restrict", "mine", "--group", "birders").stderr == ""
    assert "mine · 1 papers · members of birders" in invoke("collections", "list").stdout


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
