"""A real chat server behind the service: a model of random weights, which writes much and means nothing."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from pydantic import BaseModel

from rag.chat_model import ChatEndpoint, ChatModel
from rag.settings import Settings
from rag.stack.testing import free_port, wait_until
from rag.stack.vllm import MODULE, PYTHON, vllm
from tests.integration.api.conftest import KEY, Service, leave_during_the_search, running
from tests.integration.vllm.conftest import Server
from tests.models import tiny_qwen3

pytestmark = [
    pytest.mark.timeout(1500),
    pytest.mark.slow,
    pytest.mark.anyio,
    pytest.mark.skipif(not PYTHON.exists(), reason="vLLM is not installed: 'make test' installs it into .venv-vllm"),
]
QUESTION = {"model": "paper-finder", "messages": [{"role": "user", "content": "papers on word embeddings"}], "stream": True}


class Verdict(BaseModel):
    """Short enough that even chance comes to its end."""

    fits: bool


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """vLLM on the processor."""
    folder = tmp_path_factory.mktemp("vllm-chat")
    model = tiny_qwen3.make(folder / "Qwen3-4B-tiny")
    settings = Settings(home=folder / "home", embeddings="vllm", model=str(model), vllm_port=free_port())
    program = vllm(settings, {**os.environ, "VLLM_CPU_KVCACHE_SPACE": "1"})
    serving = ("--model", str(model), "--served-model-name", "tiny", "--runner", "generate", "--dtype", "bfloat16")
    listening = ("--host", "127.0.0.1", "--port", str(settings.vllm_port))
    # Chance would write blanks for ever where a schema allows them.
    compact = ("--structured-outputs-config", '{"backend": "xgrammar", "disable_any_whitespace": true}')
    argv = (str(PYTHON), "-m", MODULE, *serving, "--enforce-eager", *compact, *listening)
    server = Server(replace(program, argv=argv), folder / "vllm.log")
    server.launch()
    try:
        server.wait()
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="module")
def address(chat: Server) -> str:
    """Of the model, as ``PAPER_FINDER_CHAT`` takes it."""
    return f"{chat.url}#tiny"


@pytest.fixture(scope="module")
def client(service: Service, address: str) -> Iterator[httpx.Client]:
    """A client of a service with that model."""
    settings = service.settings.model_copy(update={"chat": address, "chat_seconds": 120.0})
    with running(settings) as url, httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}, timeout=300) as opened:
        wait_until(lambda: opened.get("/ready").is_success, 120)
        yield opened


def metric(chat: Server, name: str, label: str = "") -> float:
    """The sum of a metric of vLLM's."""
    metrics = httpx.get(chat.program.ready_url.replace("/health", "/metrics"), timeout=30).text
    found = re.findall(rf"^vllm:{name}\{{([^}}]*)\}} (\S+)$", metrics, re.MULTILINE)
    return sum(float(value) for labels, value in found if label in labels)


def streamed(client: httpx.Client) -> Iterator[str]:
    """What the statuses say, and the words of an answer, as they come."""
    with client.stream("POST", "/v1/chat/completions", json=QUESTION) as answer:
        for line in answer.iter_lines():
            if line.startswith("data: {"):
                chunk = json.loads(line.removeprefix("data: "))
                event = chunk.get("event", {"type": ""})
                if event["type"] == "status":
                    yield event["data"]["description"]
                elif chunk["choices"]:
                    yield chunk["choices"][0]["delta"].get("content", "")


async def test_its_text_comes_in_pieces_to_its_end(address: str) -> None:
    model = ChatModel(ChatEndpoint(address), budget=120.0)
    pieces = [piece async for piece in model.write("You write.", "Write of words.")]
    await model.aclose()
    assert len(pieces) > 10
    assert not model.reason


async def test_an_answer_after_a_schema_is_of_that_schema(address: str) -> None:
    model = ChatModel(ChatEndpoint(address), budget=120.0)
    read = await model.read("You read questions.", "papers on words since 2015", Verdict, 60.0)
    await model.aclose()
    assert isinstance(read, Verdict)


def test_nothing_of_what_it_makes_up_reaches_the_reader(client: httpx.Client) -> None:
    text = "".join(streamed(client))
    assert "Reading 10 papers" in text
    assert "wrote nothing that these papers support" in text
    assert "\n10. [" in text


def test_it_stops_writing_when_the_reader_leaves(client: httpx.Client, chat: Server) -> None:
    ended = [metric(chat, "request_success_total", f'finished_reason="{reason}"') for reason in ("stop", "length")]
    pieces = streamed(client)
    assert any("Reading" in piece for piece in pieces)
    wait_until(lambda: metric(chat, "num_requests_running") > 0, 60)
    pieces.close()  # type: ignore[attr-defined]
    wait_until(lambda: metric(chat, "num_requests_running") == 0, 60)
    # Nothing is at work any more, and nothing came to its end.
    assert [metric(chat, "request_success_total", f'finished_reason="{reason}"') for reason in ("stop", "length")] == ended


def test_it_is_not_asked_when_the_reader_leaves_during_the_search(client: httpx.Client, chat: Server, service: Service) -> None:
    before = metric(chat, "prompt_tokens_total")
    leave_during_the_search(client, service, QUESTION)
    assert metric(chat, "prompt_tokens_total") == before
