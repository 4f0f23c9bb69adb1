"""The service started with an embedding server that serves its model wrongly."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request

from rag.settings import CHECKOUT
from rag.stack.testing import free_port
from tests.integration.embeddings.conftest import Served


async def _the_same_for_every_text(request: Request) -> dict[str, Any]:
    texts = (await request.json())["input"]
    return {"data": [{"index": place, "embedding": [0.6, 0.8, 0.0, 0.0]} for place in range(len(texts))], "model": "constant"}


def test_the_service_does_not_start_and_says_why(served: Served, port: int, empty_database: str, tmp_path: Path) -> None:
    app = FastAPI()
    app.add_api_route("/v1/embeddings", _the_same_for_every_text, methods=["POST"])
    with served(app, port) as url:
        settings = {"EMBEDDINGS": f"{url}/v1", "MODEL": "constant", "DATABASE_URL": empty_database, "HOME": str(tmp_path)}
        settings["PORT"] = str(free_port())
        environment = os.environ | {f"PAPER_FINDER_{name}": value for name, value in settings.items()}
        command = [sys.executable, "-W", "ignore", "-m", "rag.cli", "serve"]
        done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: The model 'constant' puts a wrong text as near to a question as the right one"), done.stderr
