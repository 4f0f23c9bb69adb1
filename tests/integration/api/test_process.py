"""Uploads as Open WebUI sends them: text comes back at once, vectors follow by themselves, refusals are sentences."""

import random
import socket
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psycopg
import pytest

from rag.api import process
from rag.api.process import BUDGET
from rag.ingest import documents
from rag.ingest.documents import Budget, Sandbox
from rag.stack.testing import wait_until
from tests.integration.api.conftest import KEY, Service
from tests.pdfs import small_pdf

TEXT = """# Migration of Arctic Terns

Terns fly from pole to pole each year. Light loggers weigh a gram.

## Results

Birds followed the wind, not the shortest way.
"""


class WebUI:
    """Open WebUI's part: it puts files, and what it put is deleted in the end."""

    def __init__(self, service: Service) -> None:
        self._client = service.client()
        self._dsn = service.settings.database_url.get_secret_value()  # type: ignore[union-attr]
        self.files: list[str] = []

    def upload(
        self, content: bytes = TEXT.encode(), name: str = "terns.md", owner: str = "ada", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        file_id = str(uuid.uuid4())
        self.files.append(file_id)
        given = {
            "X-Paper-Finder-File": file_id,
            "X-Paper-Finder-Name": name,
            "X-Paper-Finder-User": owner,
            "X-Filename": f"{file_id}_{name}",
        }
        return self._client.put("/process", content=content, headers=given if headers is None else headers)

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self._dsn, options="-c search_path=paper_finder,public") as connection:
            return connection.execute(statement.encode(), {"files": self.files}).fetchall()

    def states(self) -> list[tuple[object, ...]]:
        return self.rows("SELECT state FROM uploads WHERE file_id = ANY(%(files)s) ORDER BY created_at")

    def close(self) -> None:
        self.rows(
            "WITH gone AS (DELETE FROM uploads WHERE file_id = ANY(%(files)s)) DELETE FROM collections "
            "WHERE webui_id = ANY(%(files)s) RETURNING 1"
        )
        self._client.close()


@pytest.fixture
def webui(service: Service) -> Iterator[WebUI]:
    opened = WebUI(service)
    yield opened
    opened.close()


def test_the_text_of_a_file_comes_back_and_its_vectors_follow(webui: WebUI) -> None:
    response = webui.upload()
    assert response.status_code == 200, response.text
    pages = response.json()
    assert "Birds followed the wind" in "".join(page["page_content"] for page in pages)
    assert pages[0]["metadata"]["title"] == "Migration of Arctic Terns"
    assert pages[0]["metadata"]["page"] == 0
    assert all(isinstance(value, str | int) for value in pages[0]["metadata"].values())
    wait_until(lambda: webui.states() == [("ready",)], 60)
    counted = """SELECT count(*), count(v.passage_id)
                 FROM uploads u JOIN papers p USING (file_id) JOIN passages s ON s.paper_id = p.id
                 LEFT JOIN passage_vectors_1 v ON v.passage_id = s.id WHERE u.file_id = ANY(%(files)s)"""
    [(passages, vectors)] = webui.rows(counted)
    assert passages == vectors
    assert passages


def test_the_same_bytes_again_are_answered_alike(webui: WebUI) -> None:
    first, mine, others = webui.upload(), webui.upload(name="copy.md"), webui.upload(owner="bo")
    assert first.json() == mine.json() == others.json()
    wait_until(lambda: webui.states() == [("ready",)] * 3, 60)


def test_a_file_is_known_by_what_open_webui_sends_by_itself(webui: WebUI) -> None:
    file_id = str(uuid.uuid4())
    headers = {
        "X-Filename": f"{file_id}_%E8%AE%BA%E6%96%87.md",
        "X-OpenWebUI-User-Id": "ada",
        "X-Paper-Finder-File": "{{FILE_ID}}",
    }
    assert webui.upload(headers=headers).status_code == 200
    webui.files.append(file_id)
    assert webui.rows("SELECT file_id, owner, name FROM uploads WHERE file_id = ANY(%(files)s)") == [(file_id, "ada", "论文.md")]


@pytest.mark.parametrize(
    ("content", "name", "status", "said"),
    [
        (b"", "empty.pdf", 400, "empty.pdf is empty."),
        (b"%PDF-1.7 and then nothing", "broken.pdf", 422, "broken.pdf"),
        (bytes(range(256)) * 4, "noise.xyz", 415, "PDF, DOCX"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(webui: WebUI, content: bytes, name: str, status: int, said: str) -> None:
    response = webui.upload(content, name)
    assert response.status_code == status
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert said in response.text
    assert webui.states() == []


def test_a_file_whose_owner_is_not_said_is_refused(webui: WebUI) -> None:
    response = webui.upload(headers={"X-Filename": "f_a.md"})
    assert response.status_code == 400
    assert "whose" in response.text


def test_a_file_too_large_is_refused_before_it_is_sent(service: Service) -> None:
    address = httpx.URL(service.url)
    head = [
        "PUT /process HTTP/1.1",
        f"Host: {address.host}",
        f"Authorization: Bearer {KEY}",
        "X-Paper-Finder-File: f",
        "X-Paper-Finder-User: ada",
        f"Content-Length: {10**10}",
    ]
    with socket.create_connection((address.host, address.port or 80), timeout=20) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        answer = b""
        while b"MB" not in answer and (piece := connection.recv(65_536)):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"larger than 200 MB" in answer


@pytest.mark.parametrize("key", ["", "wrong"])
def test_only_the_service_key_uploads(service: Service, key: str) -> None:
    with service.client(key) as client:
        response = client.put("/process", content=b"text", headers={"X-Filename": "f_a.md", "X-OpenWebUI-User-Id": "ada"})
    assert response.status_code in {401, 503}
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_the_numbers_of_jobs_and_uploads_are_told(service: Service, webui: WebUI) -> None:
    webui.upload()
    wait_until(lambda: webui.states() == [("ready",)], 60)
    with service.client() as client:
        text = client.get("/metrics").text
    assert 'paper_finder_jobs{state="parked"} 0.0' in text
    assert 'paper_finder_uploads{state="ready"} 1.0' in text


def test_a_pdf_is_read_page_by_page(webui: WebUI) -> None:
    response = webui.upload(small_pdf("Of Terns and Gulls", ["Terns dive.", "Gulls steal."]), "birds.pdf")
    assert response.status_code == 200, response.text
    assert [page["metadata"]["page"] for page in response.json()] == [0, 1]
    assert "Gulls steal" in response.json()[1]["page_content"]


WORDS = "terns gulls nest gravel islands rivers fly winter wind shore eggs feathers sand tide storm north colony ice".split()


def test_a_thousand_pages_are_answered_in_time_and_the_rest_follows(webui: WebUI) -> None:
    pages = [" ".join(random.Random(number).choices(WORDS, k=40)).capitalize() + "." for number in range(1_000)]
    response = webui.upload(small_pdf("Terns of a Thousand Regions", pages), "atlas.pdf")
    assert response.status_code == 200, response.text
    assert [page["metadata"]["page"] for page in response.json()] == list(range(BUDGET.pages))
    files = "WHERE file_id = ANY(%(files)s)"
    wait_until(lambda: webui.rows(f"SELECT pages_read FROM uploads {files}") == [(1_000,)], 60)
    [(last,)] = webui.rows(f"SELECT max(s.page) FROM passages s JOIN papers p ON p.id = s.paper_id {files}")
    assert isinstance(last, int)
    assert last > 980


def test_many_slow_files_at_once_are_all_answered_in_time_and_none_is_lost(
    webui: WebUI, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each takes as long as it may, so that most do not get their turn."""
    slow = Sandbox("tests.integration.ingest.documents.nasty_warden")
    monkeypatch.setattr(documents, "sandbox", lambda: slow)
    monkeypatch.setattr(process, "BUDGET", Budget(seconds=2.0))
    monkeypatch.setattr(process, "ANSWERED_WITHIN", 7.0)
    for module in (process, sys.modules["rag.ingest.documents.sandbox"]):
        monkeypatch.setattr(module, "GRACE", 1.0)
        monkeypatch.setattr(module, "LEAST", 0.5)
    (tmp_path / "done.d").mkdir()
    content = f"%PDF-wait {tmp_path / 'done'}".encode()

    def answer(number: int) -> tuple[int, float]:
        started = time.monotonic()
        return webui.upload(content, f"{number}.pdf", owner=f"person {number}").status_code, time.monotonic() - started

    try:
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(answer, range(12)))
        assert max(seconds for _, seconds in answers) < 7.5
        stored = [status for status, _ in answers].count(200)
        assert {status for status, _ in answers} <= {200, 422}
        assert stored >= 8  # the others had all the time that there is for one
        assert len(webui.states()) == stored
        (tmp_path / "done").touch()
        wait_until(lambda: webui.states() == [("ready",)] * stored, 60)
    finally:
        (tmp_path / "done").touch()
        slow.close()
