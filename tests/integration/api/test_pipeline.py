"""The pipeline file as the reference Pipelines server uses it: loaded by path, started, and asked synchronously."""

import asyncio
import importlib.util
from collections.abc import Iterator
from typing import Any

import pytest

from rag.settings import CHECKOUT
from tests.integration.api.conftest import KEY, Service

QUESTION = "papers on graph neural networks"


@pytest.fixture
def pipeline(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    assert service.settings.database_url is not None
    monkeypatch.setenv("PAPER_FINDER_HOME", str(service.settings.home))
    monkeypatch.setenv("PAPER_FINDER_API_KEY", KEY)
    monkeypatch.setenv("PAPER_FINDER_DATABASE_URL", service.settings.database_url.get_secret_value())
    spec = importlib.util.spec_from_file_location("paper_finder", CHECKOUT / "pipelines" / "paper_finder.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    loaded = module.Pipeline()
    asyncio.run(loaded.on_startup())
    yield loaded
    asyncio.run(loaded.on_shutdown())


def test_pipe_streams_events_and_text(pipeline: Any) -> None:
    messages = [{"role": "user", "content": QUESTION}]
    pieces = list(pipeline.pipe(user_message=QUESTION, model_id="paper-finder", messages=messages, body={"stream": True}))
    kinds = [piece["event"]["type"] if isinstance(piece, dict) else "text" for piece in pieces]
    assert kinds[0] == "status"
    assert kinds.count("source") == 10
    assert kinds.index("text") > max(place for place, kind in enumerate(kinds) if kind == "source")
    # The reference server passes a string on as it is when it begins so.
    assert not [piece for piece in pieces if isinstance(piece, str) and piece.startswith("data:")]


def test_pipe_answers_in_one_piece(pipeline: Any) -> None:
    answer = pipeline.pipe(user_message=QUESTION, model_id="paper-finder", messages=[], body={"stream": False})
    # The reference server passes a dict on as it is: the citations come along.
    assert "[1]" in answer["choices"][0]["message"]["content"]
    assert len(answer["sources"]) == 10


def test_the_reference_server_lists_it_as_a_model(pipeline: Any) -> None:
    # It reads these attributes; with a ``type`` a pipeline is a manifold or a filter to it, and anything else is not listed.
    assert not hasattr(pipeline, "type")
    assert (pipeline.id, pipeline.name) == ("paper-finder", "Paper Finder")
    assert set(pipeline.valves.model_dump()) == {"most_papers", "collections"}


def test_a_reader_who_leaves_ends_the_answer(pipeline: Any) -> None:
    pieces = pipeline.pipe(user_message=QUESTION, model_id="paper-finder", messages=[], body={"stream": True})
    next(pieces)
    pieces.close()
    assert list(pieces) == []


def test_valves_count(pipeline: Any) -> None:
    pipeline.valves = pipeline.Valves(most_papers=1, collections="sample, nowhere")
    pieces = pipeline.pipe(user_message=QUESTION, model_id="paper-finder", messages=[], body={"stream": True})
    assert sum(isinstance(piece, dict) and piece["event"]["type"] == "source" for piece in pieces) == 1
