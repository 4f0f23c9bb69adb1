"""The same with the real Open WebUI: what it reports completed is there, once, though the service is killed fifty times."""

import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from rag.settings import Settings, admin_password
from rag.stack.databases import Postgres
from rag.stack.program import Program
from rag.stack.programs import programs
from rag.stack.testing import free_port, wait_until
from tests.faults.test_kills import FILES, WHOLE, Tables
from tests.faults.uploader import small_file
from tests.faults.victim import KEY, Victim

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]

KILLS = 50
LATEST_KILL = 2.0
PENDING = {"pending", "processing"}


@contextmanager
def running(program: Program, log: Path) -> Iterator[None]:
    """Open WebUI, until the block ends."""
    program.folder.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            program.argv,
            cwd=program.folder,
            env=dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        wait_until(lambda: _answers(program.ready_url) or process.poll() is not None, 300)
        assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")[-4_000:]
        yield
    finally:
        process.terminate()
        process.wait(60)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).is_success
    except httpx.TransportError:
        return False


class Person:
    """Who uploads, and looks whether it was completed."""

    def __init__(self, settings: Settings) -> None:
        self._client = httpx.Client(base_url=settings.webui_url, timeout=60, trust_env=False)
        token = self._ask(
            "POST", "/api/v1/auths/signin", json={"email": settings.admin_email, "password": admin_password(settings)}
        )
        self._client.headers["Authorization"] = f"Bearer {token['token']}"
        self.pending: dict[str, int] = {}
        self.completed: dict[int, str] = {}
        self.failed = 0

    def upload(self, number: int) -> None:
        """As a new file."""
        name, content = small_file(number)
        files = {"file": (name, content)}
        file = self._ask("POST", "/api/v1/files/?process=true&process_in_background=true", files=files)
        self.pending[file["id"]] = number

    def look(self) -> None:
        """Upload again what Open WebUI reports failed."""
        for file_id, number in list(self.pending.items()):
            state = self._ask("GET", f"/api/v1/files/{file_id}/process/status")["status"]
            if state in PENDING:
                continue
            del self.pending[file_id]
            if state == "completed":
                self.completed[number] = file_id
            else:
                self.failed += 1
                self.upload(number)

    def close(self) -> None:
        self._client.close()

    def _ask(self, method: str, path: str, **content: Any) -> Any:
        return self._client.request(method, path, **content).raise_for_status().json()


def test_open_webui_is_told_nothing_that_is_lost(empty_database: str, embedding_url: str, tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path / "home",
        port=free_port(),
        webui_port=free_port(),
        api_key=SecretStr(KEY),
        database_url=SecretStr(empty_database),
        admin_password=SecretStr("password of the tests"),
    )
    server = conninfo_to_dict(empty_database)
    address = f"postgresql://{server['user']}@/{server['dbname']}?host={server['host']}"
    databases = Postgres(address, None).make_databases(64)
    webui = programs(settings, empty_database, databases, 64)[1]
    moments = random.Random(KILLS)
    tables = Tables(empty_database)
    service = Victim("serve", tmp_path, empty_database, embedding_url, port=settings.port)
    with running(webui, tmp_path / "open-webui.log"), service:
        person = Person(settings)
        for kill in range(KILLS):
            service.wait_until_ready()
            for number in range(FILES * kill // KILLS, FILES * (kill + 1) // KILLS):
                person.upload(number)
            time.sleep(moments.uniform(0, LATEST_KILL))
            service.kill()
            service.start()
            person.look()

        def all_in() -> bool:
            person.look()
            return len(person.completed) == FILES

        wait_until(all_in, 600)
        wait_until(tables.all_ready, 120)
        person.close()
    assert person.failed
    found = {row[0]: row[1:] for row in tables.rows(WHOLE)}
    for number, file_id in person.completed.items():
        state, passages, distinct, vectors, own = found[file_id]
        assert (state, own) == ("ready", 1), (number, found[file_id])
        assert passages == distinct == vectors, (number, found[file_id])
        assert passages
