"""Each model is read by its own conventions."""

import pytest

from rag.embeddings import configured_profile
from rag.embeddings.profiles import INSTRUCTIONS, PROFILES, UNKNOWN, Profile, Task, profile_for
from rag.errors import ConfigurationError
from rag.settings import Settings, load_settings


@pytest.mark.parametrize(
    ("model", "dimensions"),
    [
        ("Qwen/Qwen3-Embedding-4B", 2560),
        ("Qwen/Qwen3-Embedding-4B-GGUF:Q4_K_M", 2560),
        ("BAAI/bge-m3", 1024),
        ("intfloat/multilingual-e5-large", 1024),
        ("intfloat/multilingual-e5-large-instruct", 1024),
        ("intfloat/multilingual-e5-small", 384),
        ("/models/Qwen3-Embedding-0.6B/", 1024),
        ("qwen3-embedding-8b-q4_k_m.gguf", 4096),
        ("qwen3-embedding:4b", None),
        ("sentence-transformers/all-MiniLM-L6-v2", 384),
        ("somebody/else", None),
        ("all-minilm-l6-v2/other", None),
    ],
)
def test_a_model_is_known_by_its_name(model: str, dimensions: int | None) -> None:
    assert profile_for(model).dimensions == dimensions


@pytest.mark.parametrize(
    ("model", "query", "document"),
    [
        ("Qwen/Qwen3-Embedding-4B", f"Instruct: {INSTRUCTIONS[Task.SEARCH]}\nQuery:nets", "nets"),
        ("intfloat/multilingual-e5-large-instruct", f"Instruct: {INSTRUCTIONS[Task.SEARCH]}\nQuery: nets", "nets"),
        ("intfloat/multilingual-e5-base", "query: nets", "passage: nets"),
        ("BAAI/bge-m3", "nets", "nets"),
        ("all-MiniLM-L6-v2", "nets", "nets"),
        ("somebody/else", "nets", "nets"),
    ],
)
def test_queries_and_documents_are_written_as_the_model_wants(model: str, query: str, document: str) -> None:
    profile = profile_for(model)
    assert (profile.query("nets"), profile.document("nets")) == (query, document)
    assert profile.query_prefix + "nets" == query


def test_each_task_has_its_own_instruction() -> None:
    profile = profile_for("Qwen/Qwen3-Embedding-8B")
    assert len({profile.query("nets", task) for task in Task}) == len(Task)


def test_the_operator_sets_instructions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPER_FINDER_EMBEDDINGS", "vllm")
    monkeypatch.setenv("PAPER_FINDER_MODEL", "Qwen/Qwen3-Embedding-4B")
    monkeypatch.setenv("PAPER_FINDER_INSTRUCTIONS", '{"search": "Find {papers}"}')
    profile = configured_profile(load_settings())
    assert profile.query("{task} {0}") == "Instruct: Find {papers}\nQuery:{task} {0}"
    assert profile.query("nets", Task.SIMILARITY) == f"Instruct: {INSTRUCTIONS[Task.SIMILARITY]}\nQuery:nets"


@pytest.mark.parametrize("given", ["Find papers", '{"searching": "Find papers"}'])
def test_instructions_that_cannot_be_read_are_told(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PAPER_FINDER_INSTRUCTIONS", given)
    with pytest.raises(ConfigurationError, match=r"PAPER_FINDER_INSTRUCTIONS: .*search"):
        configured_profile(load_settings())


def test_the_bundled_model_is_known() -> None:
    assert configured_profile(Settings()).dimensions == 384


@pytest.mark.parametrize("profile", [*PROFILES, UNKNOWN], ids=lambda profile: profile.pattern or "unknown")
def test_a_row_is_whole(profile: Profile) -> None:
    assert profile.query_template.endswith("{query}")  # what stands before it is Open WebUI's prefix
    assert (profile.pooling == "") == (profile is UNKNOWN)
    assert profile.context >= 512
    assert profile.matryoshka is None or profile.dimensions is None or profile.matryoshka < profile.dimensions
