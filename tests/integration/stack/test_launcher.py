"""The launcher with fake services: what it does when something ends, and that nothing is left behind."""

import asyncio
import re
import signal
import socket
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import psutil
import pytest

from rag.errors import StackError
from rag.stack.testing import RunningStack, free_port, running_stack, wait_until
from rag.stack.welcome import READY
from rag.store import migrate
from tests.integration.stack.conftest import FAKE_STACK, FakeStack, processes_of

SECONDS = 60.0


def pid_of(stack: RunningStack, name: str) -> int:
    """The process of a fake service."""
    return next(found.pid for found in processes_of(stack.home / name) if "fake_service.py" in " ".join(found.cmdline()))


def answers(url: str) -> bool:
    """Whether something answers there."""
    try:
        return httpx.get(f"{url}/ready", trust_env=False).is_success
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything(fake_stack: FakeStack, number: signal.Signals) -> None:
    with fake_stack() as stack:
        assert answers(stack.service_url)
        assert answers(stack.webui_url)
        below = psutil.Process(stack.process.pid).children(recursive=True)
        stack.process.send_signal(number)
        assert stack.process.wait(SECONDS) == 0
        assert not any(process.is_running() for process in below)
        assert processes_of(stack.home) == []
        assert stack.text().rstrip().endswith("Stopped.")


def test_a_service_that_dies_is_restarted_and_said(fake_stack: FakeStack) -> None:
    with fake_stack() as stack:
        first = pid_of(stack, "service")
        psutil.Process(first).kill()
        wait_until(lambda: "Fake service: restarting" in stack.text(), SECONDS)
        wait_until(lambda: stack.text().count("Fake service: running") == 2, SECONDS)
        assert pid_of(stack, "service") != first
        assert stack.stop() == 0


@pytest.mark.parametrize(("mode", "kills"), [("broken", 0), ("broken-later", 1)])
def test_a_service_that_keeps_dying_ends_it_all_with_its_last_words(fake_stack: FakeStack, mode: str, kills: int) -> None:
    wait_for = READY if kills else "ends:"
    with fake_stack(mode, wait_for=wait_for) as stack:
        for _ in range(kills):
            psutil.Process(pid_of(stack, "service")).kill()
        assert stack.process.wait(SECONDS) == 1
        assert "The model file is missing." in stack.text()
        assert str(stack.home / "logs" / "service.log") in stack.text()
        assert processes_of(stack.home) == []


def test_postgres_killed_is_started_again(fake_stack: FakeStack) -> None:
    with fake_stack(embedded=True) as stack:
        pid = int((stack.home / "postgres" / "postmaster.pid").read_text().split()[0])
        psutil.Process(pid).kill()
        wait_until(lambda: "Database: running (restarted)" in stack.text(), SECONDS)
        assert stack.stop() == 0


def test_a_second_copy_of_the_same_home_is_refused(fake_stack: FakeStack) -> None:
    with (
        fake_stack() as stack,
        pytest.raises(StackError, match=r"(?s)code 1.*already running from"),
        fake_stack(),
    ):
        pytest.fail(f"two copies ran on {stack.home}")


def test_what_a_killed_launcher_left_is_stopped_by_the_next(fake_stack: FakeStack) -> None:
    with fake_stack(embedded=True) as stack:
        stack.process.kill()
        stack.process.wait(SECONDS)
        orphan = pid_of(stack, "service")
    with fake_stack(embedded=True) as stack:
        assert "Stopped what an earlier start had left running." in stack.text()
        assert not psutil.pid_exists(orphan)
        assert stack.stop() == 0


def test_the_process_manager_killed_leaves_nothing(fake_stack: FakeStack) -> None:
    with fake_stack() as stack:
        manager = next(found for found in processes_of(stack.home) if "supervisor.supervisord" in found.cmdline())
        manager.kill()
        assert stack.process.wait(SECONDS) == 1
        assert "The process manager ended unexpectedly" in stack.text()
        assert processes_of(stack.home) == []


@pytest.mark.parametrize("variable", ["PORT", "WEBUI_PORT"])
def test_a_port_in_use_is_named_with_the_way_out(fake_stack: FakeStack, variable: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with (
            pytest.raises(StackError, match=rf"(?s)code 1.*Port {port}.* is in use.*make up {variable}="),
            fake_stack(**{f"PAPER_FINDER_{variable}": str(port)}),
        ):
            pytest.fail("it started on a port in use")


@pytest.mark.parametrize("name", ["run", "logs", "secrets.env"])
def test_a_damaged_state_folder_is_said_so_without_a_traceback(fake_stack: FakeStack, home: Path, name: str) -> None:
    home.mkdir(parents=True)
    if name == "secrets.env":
        (home / name).mkdir()
    else:
        (home / name).touch()
    with pytest.raises(StackError, match=f"(?s)code 1.*{re.escape(name)}") as raised, fake_stack():
        pytest.fail("it started from a damaged folder")
    assert "Traceback" not in str(raised.value)


def test_no_secret_in_arguments_logs_or_open_files(fake_stack: FakeStack) -> None:
    with fake_stack() as stack:
        secret = "hunter2-in-the-environment"
        assert "FAKE_SECRET" in httpx.get(f"{stack.service_url}/environment", trust_env=False).text
        assert not any(secret in " ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))
        holders = [path for path in stack.home.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
        assert {path.name for path in holders} == {"service.json", "open-webui.json"}
        assert {path.stat().st_mode & 0o777 for path in holders} == {0o600}
        assert (stack.home / "run" / "supervisord.conf").stat().st_mode & 0o777 == 0o600
        assert stack.stop() == 0
        assert not any(path.exists() for path in holders)
        assert secret not in stack.text()


def test_make_passes_sigterm_on(home: Path, tmp_path: Path) -> None:
    makefile = tmp_path / "Makefile"
    python = Path(FAKE_STACK).parents[3] / ".venv" / "bin" / "python"
    makefile.write_text(f"up:\n\t@exec {python} {FAKE_STACK} steady\n", encoding="utf-8")
    context: AbstractContextManager[RunningStack] = running_stack(home, command=("make", "-f", str(makefile), "up"))
    with context as stack:
        stack.process.terminate()
        stack.process.wait(SECONDS)
        wait_until(lambda: processes_of(stack.home) == [], SECONDS)
        assert "Stopped." in stack.text()


def test_free_ports_are_free() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", free_port()))


def test_a_library_of_another_model_is_said_so_before_anything_is_started(home: Path, empty_database: str) -> None:
    asyncio.run(migrate(empty_database, model="older-model", dimensions=8))
    start = running_stack(
        home,
        command=(sys.executable, "-W", "error", str(FAKE_STACK), "steady"),
        environment={"PAPER_FINDER_DATABASE_URL": empty_database},
    )
    said = (
        r"(?s)those of older-model with 8 dimensions, but all-MiniLM-L6-v2 with 384 is configured\..*"
        r"'paper-finder reembed --model all-MiniLM-L6-v2 --dimensions 384'"
    )
    with pytest.raises(StackError, match=said), start:
        pytest.fail("it started")
