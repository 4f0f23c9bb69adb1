"""Each model is read by its own conventions."""

import pytest

from rag.embeddings.profiles import UNKNOWN, profile_for


@pytest.mark.parametrize(
    ("model", "dimensions"),
    [
        ("Qwen/Qwen3-Embedding-4B", 2560),
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


def test_qwen3_reads_a_query_under_an_instruction_with_nothing_after_the_colon() -> None:
    assert profile_for("Qwen/Qwen3-Embedding-4B").query("graph nets", "Find papers") == "Instruct: Find papers\nQuery:graph nets"


def test_braces_in_a_query_are_only_text() -> None:
    assert profile_for("Qwen/Qwen3-Embedding-4B").query("{task} {0}", "{query}") == "Instruct: {query}\nQuery:{task} {0}"


@pytest.mark.parametrize("profile", [profile_for("all-MiniLM-L6-v2"), UNKNOWN])
def test_models_without_instructions_read_the_query_alone(profile: object) -> None:
    assert getattr(profile, "query")("graph nets", "Find papers") == "graph nets"  # noqa: B009
