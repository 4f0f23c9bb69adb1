"""Helpers of the import's tests."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from rag.ingest import Item, Reader, Rejected, Remark
from rag.papers import PaperRecord

DATA = Path(os.environ.get("PAPER_FINDER_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))

Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a file of the test's folder and say where it is."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def papers(reader: Reader, path: Path) -> list[PaperRecord]:
    """The records alone."""
    return [item for item in reader.read(path) if isinstance(item, PaperRecord)]


def told(reader: Reader, path: Path) -> list[str]:
    """What was said of rejected records and of the file."""
    return [str(item) for item in reader.read(path) if isinstance(item, Rejected | Remark)]


def only(items: list[Item]) -> PaperRecord:
    """The one record."""
    [item] = items
    assert isinstance(item, PaperRecord)
    return item


Answer = Callable[[str, int], bytes]
"""From the request's head and the number of the request to all that the server sends."""


class Server:
    """A server on loopback that answers as it is told and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Answer = lambda *_: reply("fine")
        self.port = 0

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head)
        writer.write(self.answer(head, len(self.asked)))
        writer.close()


def reply(body: str | bytes, status: str = "200 OK", **headers: str) -> bytes:
    content = body.encode() if isinstance(body, str) else body
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n{lines}\r\n".encode() + content


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    told = Server()
    listening = await asyncio.start_server(told.serve, "127.0.0.1", 0)
    told.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield told
