"""What a document does in its process costs that document, and nothing is left of it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from rag.errors import BusyError, DamagedFileError, ParsingTimeoutError, TooLargeError
from rag.ingest.documents import Budget, Limits, Sandbox
from rag.settings import CHECKOUT

USUAL = Limits()
QUICK = Limits(stall=1.0)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a limit that only Linux has")


def do(sandbox: Sandbox, action: str, limits: Limits = USUAL, budget: Budget | None = None) -> str:
    """What became of it."""
    return sandbox.read_now(f"%PDF-{action}".encode(), "paper.pdf", "", limits, budget).pages[0]


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for the condition; fail after ten seconds without it."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def reading_processes() -> list[psutil.Process]:
    """Those of the warden of these tests."""
    warden = [process for process in psutil.Process().children() if "nasty_warden" in " ".join(process.cmdline())]
    return [process for one in warden for process in one.children() if alive(process)]


def test_documents_come_back_one_after_the_other(nasty: Sandbox) -> None:
    assert [do(nasty, f"say {word}") for word in ("one", "two", "drei", "四")] == ["one", "two", "drei", "四"]


@pytest.mark.parametrize("action", ["loop", "sleep"])
def test_what_stands_still_is_given_up(nasty: Sandbox, action: str) -> None:
    with pytest.raises(ParsingTimeoutError, match=r"paper\.pdf took too long"):
        do(nasty, action, QUICK)
    until(lambda: not reading_processes(), "the reading process goes on")


def test_pages_that_come_do_not_stand_still_but_must_end(nasty: Sandbox) -> None:
    started = time.monotonic()
    with pytest.raises(ParsingTimeoutError):
        do(nasty, "pages 0.1", replace(QUICK, wall=2.0))
    assert 1.9 < time.monotonic() - started < 8


@LINUX
def test_processor_time_is_limited(nasty: Sandbox) -> None:
    with pytest.raises(ParsingTimeoutError, match="processor time"):
        do(nasty, "loop", replace(QUICK, cpu=1, stall=30.0))


@LINUX
def test_memory_is_limited_and_the_limit_named(nasty: Sandbox) -> None:
    limits = Limits(memory_bytes=100 * 2**20)
    with pytest.raises(TooLargeError, match="more than 100 MB of memory"):
        do(nasty, "allocate 150", limits)
    assert do(nasty, "allocate 50", limits) == str(50 * 2**20)


def test_memory_is_watched_from_outside_too(nasty: Sandbox) -> None:
    # The limit of the request lets it pass; the warden of these tests does not.
    with pytest.raises(TooLargeError, match="of memory"):
        do(nasty, "allocate 500", Limits(memory_bytes=4 * 2**30))


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("crash", "crash"),
        ("exit", "crash"),
        ("recurse", "nested"),
        ("raise 1/0", "ZeroDivisionError"),
    ],
)
def test_a_crash_costs_one_document(nasty: Sandbox, action: str, message: str) -> None:
    with pytest.raises(DamagedFileError, match=message):
        do(nasty, action)
    assert do(nasty, "say next") == "next"


def test_a_process_that_was_taken_over_is_not_believed(nasty: Sandbox) -> None:
    with pytest.raises(DamagedFileError, match="makes no sense"):
        do(nasty, "lie", QUICK)
    assert do(nasty, "say next") == "next"


def test_no_network_by_python(nasty: Sandbox) -> None:
    assert "no network" in do(nasty, "connect")


@LINUX
def test_no_network_by_native_code_or_another_program(nasty: Sandbox) -> None:
    assert do(nasty, "native_socket") == "-1"
    assert "PermissionError" in do(nasty, "program_socket")


def test_nothing_is_written_dumped_or_known(nasty: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert do(nasty, f"write {tmp_path / 'file'}") == "OSError"
    assert do(nasty, "limits") == "(0, 64)"
    monkeypatch.setenv("PAPER_FINDER_API_KEY", "secret")
    fresh = Sandbox("tests.integration.ingest.documents.nasty_warden")
    try:
        assert "PAPER_FINDER_API_KEY" not in do(fresh, "environment")
    finally:
        fresh.close()


def test_what_a_document_started_ends_with_it(nasty: Sandbox) -> None:
    left_behind = int(do(nasty, "linger"))
    until(lambda: not psutil.pid_exists(left_behind) or not alive(psutil.Process(left_behind)), "a program was left behind")


def test_a_killed_warden_is_followed_by_another(nasty: Sandbox) -> None:
    do(nasty, "say first")
    warden = next(process for process in psutil.Process().children() if "nasty_warden" in " ".join(process.cmdline()))
    warden.kill()
    warden.wait(10)
    assert do(nasty, "say again") == "again"


@pytest.mark.anyio
async def test_cancelling_ends_the_process(nasty: Sandbox) -> None:
    reading = asyncio.create_task(nasty.read(b"%PDF-sleep", "paper.pdf", "", USUAL, None))
    await asyncio.to_thread(until, lambda: bool(reading_processes()), "nothing began")
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await asyncio.to_thread(until, lambda: not reading_processes(), "the reading process goes on")


@pytest.mark.anyio
async def test_only_so_many_are_read_at_once_and_long_ones_keep_no_short_ones_waiting(nasty: Sandbox, tmp_path: Path) -> None:
    long, short = tmp_path / "long", tmp_path / "short"
    for name in ("long.d", "short.d"):
        (tmp_path / name).mkdir()

    def started(path: Path) -> int:
        return len(list(path.with_name(f"{path.name}.d").iterdir()))

    def read(path: Path, budget: Budget | None) -> "asyncio.Task[object]":
        return asyncio.create_task(nasty.read(f"%PDF-wait {path}".encode(), "paper.pdf", "", USUAL, budget))

    readings = [read(long, None) for _ in range(3)] + [read(short, Budget()) for _ in range(4)]
    await asyncio.to_thread(until, lambda: (started(long), started(short)) == (1, 2), "the short ones wait")
    assert len(reading_processes()) == 3
    short.touch()
    await asyncio.gather(*readings[3:])
    assert (started(long), started(short)) == (1, 4)
    long.touch()
    await asyncio.gather(*readings)


@pytest.mark.anyio
async def test_what_does_not_get_its_turn_in_time_is_told_so(
    nasty: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[Sandbox.__module__], "LEAST", 0.2)
    (tmp_path / "go.d").mkdir()
    slow = f"%PDF-wait {tmp_path / 'go'}".encode()
    readings = [asyncio.create_task(nasty.read(slow, "slow.pdf", "", USUAL, Budget())) for _ in range(2)]
    await asyncio.to_thread(until, lambda: len(list((tmp_path / "go.d").iterdir())) == 2, "the slow ones do not begin")
    with pytest.raises(BusyError):
        await nasty.read(b"%PDF-say never", "paper.pdf", "", USUAL, Budget(seconds=0.3))
    waiting = asyncio.create_task(nasty.read(b"%PDF-say later", "paper.pdf", "", USUAL, Budget(seconds=20.0)))
    (tmp_path / "go").touch()
    await asyncio.gather(*readings)
    assert (await waiting).pages == ("later",)


def test_a_killed_service_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "never.d").mkdir()
    code = f"""
from rag.ingest.documents import Limits, Sandbox
sandbox = Sandbox("tests.integration.ingest.documents.nasty_warden")
sandbox.read_now(b"%PDF-wait {tmp_path / "never"}", "paper.pdf", "", Limits(), None)
"""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    service = subprocess.Popen([sys.executable, "-c", code], env=environment)
    until(lambda: any((tmp_path / "never.d").iterdir()) or service.poll() is not None, "nothing began")
    below = psutil.Process(service.pid).children(recursive=True)
    assert len(below) == 2
    service.send_signal(signal.SIGKILL)
    service.wait()
    until(lambda: not any(alive(process) for process in below), "processes were left behind")
