"""Whose the embedding settings are."""

from dataclasses import replace

from rag.webui import our_embedding

OURS = our_embedding("http://127.0.0.1:9099", "key")


def test_unset_becomes_ours() -> None:
    assert replace(OURS, engine="", url="", key="", model="all-MiniLM").with_ours(OURS) == OURS


def test_an_earlier_port_or_key_of_ours_is_put_right_and_the_batch_size_stays() -> None:
    before = replace(OURS, url="http://127.0.0.1:7000/v1", key="old", batch_size=8)
    assert before.with_ours(OURS) == replace(OURS, batch_size=8)


def test_the_operators_choice_stays() -> None:
    vllm = replace(OURS, url="http://gpu:8000/v1", key="", model="Qwen/Qwen3-Embedding-4B")
    assert vllm.with_ours(OURS) == vllm
    ollama = replace(OURS, engine="ollama")
    assert ollama.with_ours(OURS) == ollama
