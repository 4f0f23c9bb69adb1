"""Fetching: what leads into a private network is reached by no way, and servers' faults are borne."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rag.errors import FetchError
from rag.ingest.fetching import TRIES, Fetcher, is_public, resolved, shown
from rag.ingest.testing import FakeClock
from tests.unit.ingest.conftest import Server, reply

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def fetcher(server: Server, *, trusted: bool = True, clock: FakeClock | None = None) -> AsyncIterator[Fetcher]:
    fetching = Fetcher(clock or FakeClock(), trusted=frozenset({server.place} if trusted else ()), largest=100_000)
    try:
        yield fetching
    finally:
        await fetching.aclose()


def left(folder: Path) -> list[Path]:
    """What lies in a folder."""
    return list(folder.iterdir())


PRIVATE = """http://127.0.0.1:{port}/|http://localhost:{port}/|http://LOCALHOST.:{port}/|http://[::1]:{port}/|http://0.0.0.0:{port}/
http://2130706433:{port}/|http://0x7f000001:{port}/|http://0177.0.0.1:{port}/|http://127.1:{port}/|http://[::ffff:127.0.0.1]:{port}/
http://[::ffff:7f00:1]:{port}/|http://[64:ff9b::7f00:1]:{port}/|http://[2002:7f00:1::]:{port}/|http://10.0.0.1/|http://172.16.0.1/
http://192.168.1.1/|http://169.254.169.254/latest/meta-data/|http://[fe80::1]/|http://[fd00::1]/|http://100.64.0.1/|http://224.0.0.1/
http://240.0.0.1/|http://255.255.255.255/|http://[ff02::1]/|http://[::]:{port}/|http://192.0.2.1/|http://198.18.0.1/
http://user@127.0.0.1:{port}/|http://example.org@127.0.0.1:{port}/|http://127.0.0.1:{port}#@example.org/|ftp://127.0.0.1/|file:///etc/passwd
gopher://127.0.0.1:{port}/|//127.0.0.1:{port}/|http:///etc/passwd|unix:///var/run/docker.sock|http://[::127.0.0.1]:{port}/|http://
data:text/plain,x|http://１２７.0.0.1:{port}/|http://127.0.0.1\\@example.org:{port}/""".replace("\n", "|").split("|")


@pytest.mark.parametrize("address", PRIVATE)
async def test_nothing_private_is_reached(address: str, server: Server, tmp_path: Path) -> None:
    async with fetcher(server, trusted=False) as fetching:
        with pytest.raises(FetchError, match=r"private network|no address|not known"):
            await fetching.fetch(address.format(port=server.port), tmp_path / "file")
    assert server.asked == []
    assert not left(tmp_path)


@pytest.mark.parametrize("address", [*PRIVATE[13:23], "file:///etc/passwd", "//localhost/x"])
async def test_nor_by_a_redirect(address: str, server: Server, tmp_path: Path) -> None:
    server.answer = lambda *_: reply("", "302 Found", Location=address.format(port=server.port))
    async with fetcher(server) as fetching:
        with pytest.raises(FetchError):
            await fetching.fetch(f"http://{server.place}/", tmp_path / "file")
    assert len(server.asked) == 1


async def test_a_name_is_looked_up_once_and_the_address_kept(server: Server, tmp_path: Path) -> None:
    asked: list[str] = []

    async def rebinding(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    fetching = Fetcher(FakeClock(), rebinding, trusted=frozenset({f"library.example:{server.port}"}))
    await fetching.fetch(f"http://library.example:{server.port}/list.bib", tmp_path / "file")
    await fetching.aclose()
    assert asked == ["library.example"]
    assert f"host: library.example:{server.port}\r\n" in server.asked[0].lower()


async def test_one_private_address_among_public_ones_is_enough(tmp_path: Path) -> None:
    async def both(*_: object) -> list[str]:
        return ["93.184.216.34", "10.0.0.1"]

    fetching = Fetcher(FakeClock(), both)
    with pytest.raises(FetchError, match="private network"):
        await fetching.fetch("http://library.example/", tmp_path / "file")
    await fetching.aclose()


@pytest.mark.parametrize(("address", "public"), [("93.184.216.34", True), ("2606:2800:220:1::1", True), ("::ffff:8.8.8.8", True)])
def test_the_internet_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public
    assert not is_public("no address")


async def test_faults_are_borne_and_the_server_is_left_alone(server: Server, tmp_path: Path) -> None:
    clock = FakeClock()
    answers = [
        reply("slow down", "429 Too Many Requests", Retry_After="60"),
        reply("", "500 Internal Server Error"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut",
        reply("@article{a, title={A}}"),
    ]
    server.answer = lambda _, number: answers[number - 1]
    async with fetcher(server, clock=clock) as fetching:
        await fetching.fetch(f"http://{server.place}/list.bib", tmp_path / "file")
    assert (tmp_path / "file").read_text() == "@article{a, title={A}}"
    assert clock.waits == [60, 4, 8]
    assert "user-agent: PaperFinder/".lower() in server.asked[0].lower()


async def test_it_gives_up_in_the_end(server: Server, tmp_path: Path) -> None:
    server.answer = lambda *_: reply("", "503 Service Unavailable")
    async with fetcher(server) as fetching:
        with pytest.raises(FetchError, match="answers 503"):
            await fetching.fetch(f"http://{server.place}/?key=secret", tmp_path / "file")
    assert len(server.asked) == TRIES


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply(b"x" * 200_000), "larger than"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"endless " * 50_000, "larger than"),
        (reply("x", Content_Encoding="br"), "packed in a way"),
        (reply("", "404 Not Found"), "answers 404"),
        (reply("", "302 Found", Location="/"), "redirects too often"),
    ],
)
async def test_refused_at_once(answer: bytes, said: str, server: Server, tmp_path: Path) -> None:
    server.answer = lambda *_: answer
    async with fetcher(server) as fetching:
        with pytest.raises(FetchError, match=said):
            await fetching.fetch(f"http://{server.place}/", tmp_path / "file")
    assert not left(tmp_path)


async def test_packed_bytes_stay_packed(server: Server, tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    server.answer = lambda *_: reply(bomb, Content_Encoding="gzip")
    async with fetcher(server) as fetching:
        await fetching.fetch(f"http://{server.place}/", tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == bomb


async def test_an_unknown_host_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    with pytest.raises(FetchError, match="not known"):
        await resolved("nowhere.invalid", 80)


def test_no_key_is_told() -> None:
    assert shown("https://me:word@example.org/works?api_key=secret#part") == "https://example.org/works"
