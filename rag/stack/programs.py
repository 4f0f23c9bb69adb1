"""The services that are started."""

import os
import sys

from rag.errors import StackError
from rag.settings import CHECKOUT, VLLM, Settings
from rag.stack import vllm
from rag.stack.environment import WebUIDatabases, service_environment, webui_environment
from rag.stack.program import Program

SERVICE_SECONDS = 300.0
SERVICE = "service"
WEBUI = "open-webui"
WEBUI_PROGRAM = CHECKOUT / ".venv-webui" / "bin" / "open-webui"


def programs(settings: Settings, database_url: str, databases: WebUIDatabases, dimensions: int) -> tuple[Program, ...]:
    """Our service, Open WebUI, and where it is asked for vLLM.

    Raises:
        ConfigurationError: vLLM is to serve a model that is not named.
        StackError: the environment of Open WebUI or vLLM is missing.
    """
    if not WEBUI_PROGRAM.exists():
        raise StackError(
            f"Open WebUI is not installed: {WEBUI_PROGRAM} is missing.", hint="Start with 'make up', which installs it."
        )
    models = (vllm.vllm(settings, os.environ),) if settings.embeddings == VLLM else ()
    service = Program(
        name=SERVICE,
        title="Paper Finder",
        argv=(sys.executable, "-m", "rag.cli", "serve"),
        folder=CHECKOUT,
        environment=service_environment(settings, database_url),
        ready_url=f"{settings.service_url}/ready",
        address=settings.service_url,
        while_starting="makes the database's tables and waits for the embedding model",
        start_seconds=SERVICE_SECONDS + sum(program.start_seconds for program in models),
    )
    webui = Program(
        name=WEBUI,
        title="Open WebUI",
        argv=(str(WEBUI_PROGRAM), "serve", "--host", settings.host, "--port", str(settings.webui_port)),
        folder=settings.home.resolve() / "open-webui",
        environment=webui_environment(settings, databases, dimensions),
        ready_url=f"{settings.webui_url}/ready",
        address=settings.public_url or settings.webui_url,
        while_starting="takes half a minute, the first time one to two",
        start_seconds=600.0,
    )
    return *models, service, webui
