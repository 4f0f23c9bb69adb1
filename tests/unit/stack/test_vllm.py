"""How vLLM is started for each kind of model."""

import json
import os
from pathlib import Path

import pytest

from rag import deployment
from rag.embeddings.profiles import profile_for
from rag.errors import ConfigurationError, StackError
from rag.settings import Settings
from rag.stack import vllm as module
from rag.stack.preflight import check
from rag.stack.vllm import dimensions, serving, vllm


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An interpreter that is there."""
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(module, "PYTHON", python)
    return python


def settings(home: Path, model: str, **others: object) -> Settings:
    """With vLLM."""
    return Settings.model_validate({"home": home, "embeddings": "vllm", "model": model, **others})


def test_a_decoder_takes_long_texts_in_chunks_and_can_be_cut() -> None:
    arguments = serving("Qwen/Qwen3-Embedding-4B", profile_for("Qwen/Qwen3-Embedding-4B"))
    assert arguments[arguments.index("--max-model-len") + 1] == "32768"
    assert "--enable-chunked-prefill" in arguments
    assert json.loads(arguments[arguments.index("--hf-overrides") + 1]) == {"is_matryoshka": True}


@pytest.mark.parametrize("model", ["BAAI/bge-m3", "intfloat/multilingual-e5-small", "somebody/else"])
def test_what_the_family_does_not_settle_is_left_to_vllm(model: str) -> None:
    arguments = serving(model, profile_for(model))
    assert {"--max-model-len", "--enable-chunked-prefill", "--hf-overrides"}.isdisjoint(arguments)
    assert arguments[:4] == ("--model", model, "--served-model-name", model)


def test_a_hub_id_may_be_downloaded_and_a_folder_needs_no_network(installed: Path, tmp_path: Path) -> None:
    hub = vllm(settings(tmp_path, "Qwen/Qwen3-Embedding-4B"), {})
    assert hub.environment["HF_HUB_OFFLINE"] == "0"
    assert hub.environment["VLLM_CPU_KVCACHE_SPACE"] == "5"
    assert hub.argv[0] == str(installed)
    assert hub.ready_url == "http://127.0.0.1:8000/health"
    (tmp_path / "model").mkdir()
    local = vllm(settings(tmp_path, str(tmp_path / "model"), vllm_port=8123), {"VLLM_LOGGING_LEVEL": "DEBUG", "SECRET": "x"})
    assert local.environment["HF_HUB_OFFLINE"] == "1"
    assert local.environment["VLLM_CPU_KVCACHE_SPACE"] == "1"
    assert local.environment["VLLM_LOGGING_LEVEL"] == "DEBUG"
    assert "SECRET" not in local.environment
    assert local.argv[-4:] == ("--host", "127.0.0.1", "--port", "8123")


def test_a_key_goes_through_the_environment(installed: Path, tmp_path: Path) -> None:
    assert installed.exists()
    program = vllm(settings(tmp_path, "m", embeddings_key="hush"), os.environ)
    assert program.environment["VLLM_API_KEY"] == "hush"
    assert "hush" not in program.argv


def test_make_vllm_serves_the_model_by_its_own_conventions(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPER_FINDER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PAPER_FINDER_MODEL", "Qwen/Qwen3-Embedding-4B")
    monkeypatch.chdir(tmp_path)
    run: list[tuple[str, ...]] = []
    monkeypatch.setattr(os, "execve", lambda _, argv, __: run.append(argv))
    deployment.vllm()
    ((python, *arguments),) = run
    assert python == str(installed)
    assert arguments[arguments.index("--max-model-len") + 1] == "32768"


def test_a_missing_model_or_environment_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=r"make up EMBEDDINGS=vllm MODEL=Qwen/Qwen3-Embedding-4B"):
        vllm(settings(tmp_path, ""), {})
    monkeypatch.setattr(module, "PYTHON", tmp_path / "missing")
    with pytest.raises(StackError, match="make up EMBEDDINGS=vllm"):
        vllm(settings(tmp_path, "m"), {})


def test_dimensions_are_known_before_the_server_runs(tmp_path: Path) -> None:
    assert dimensions(settings(tmp_path, "Qwen/Qwen3-Embedding-4B")) == 2560
    assert dimensions(settings(tmp_path, "Qwen/Qwen3-Embedding-4B", dimensions=512)) == 512
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text('{"hidden_size": 384}', encoding="utf-8")
    assert dimensions(settings(tmp_path, str(tmp_path / "model"))) == 384
    with pytest.raises(ConfigurationError, match="Set PAPER_FINDER_DIMENSIONS"):
        dimensions(settings(tmp_path, "somebody/else"))


def test_its_port_is_its_own(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="PAPER_FINDER_PORT and PAPER_FINDER_VLLM_PORT are both 9099"):
        check(settings(tmp_path, "m", vllm_port=9099))
