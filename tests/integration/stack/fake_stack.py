"""``paper-finder up`` with fake services in place of ours and (but in mode ``open-webui``) of Open WebUI; vLLM is the real one.

Run as a script: fake_stack.py MODE.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rag.settings import Settings, load_settings
from rag.stack import sample, up
from rag.stack.environment import WebUIDatabases, base_environment
from rag.stack.program import Program
from rag.stack.programs import programs

FAKE = Path(__file__).with_name("fake_service.py")


def fakes(settings: Settings, url: str, databases: WebUIDatabases, dimensions: int) -> Sequence[Program]:
    """Both services; ours in the mode of the command line."""
    mode = sys.argv[1]
    if mode == "open-webui":
        real = programs(settings, url, databases, dimensions)[1]
        return _fake("service", settings, settings.service_url, settings.port, "steady", dimensions), real
    if mode == "vllm":
        model = programs(settings, url, databases, dimensions)[0]
        service = _fake("service", settings, settings.service_url, settings.port, "steady")
        return model, service, _fake("open-webui", settings, settings.webui_url, settings.webui_port, "steady")
    return (
        _fake("service", settings, settings.service_url, settings.port, mode),
        _fake("open-webui", settings, settings.webui_url, settings.webui_port, "steady"),
    )


def _fake(name: str, settings: Settings, url: str, port: int, mode: str, dimensions: int = 384) -> Program:
    return Program(
        name=name,
        title=f"Fake {name}",
        argv=(sys.executable, str(FAKE), str(port), mode),
        folder=settings.home / name,
        environment={
            **base_environment(os.environ),
            "FAKE_SECRET": "hunter2-in-the-environment",
            "FAKE_DIMENSIONS": str(dimensions),
        },
        ready_url=f"{url}/ready",
        address=url,
    )


if __name__ == "__main__":
    sample.is_loaded = lambda settings: settings.home.exists()  # no service of ours is there to load it
    sys.exit(up(load_settings(beside=False), fakes))
