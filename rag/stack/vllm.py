"""vLLM as one of the programs: how it serves an embedding model, and how long that model's vectors are before it runs."""

import json
from collections.abc import Mapping
from pathlib import Path

from rag.embeddings import Profile, configured_profile
from rag.errors import ConfigurationError, StackError
from rag.settings import CHECKOUT, VLLM, Settings
from rag.stack.environment import vllm_environment
from rag.stack.program import Program

PYTHON = CHECKOUT / ".venv-vllm" / "bin" / "python"
MODULE = "vllm.entrypoints.openai.api_server"
"""The command ``vllm`` of the build without CUDA looks for a distribution of another name and fails."""
START_SECONDS = 3600.0
"""The first start downloads the model: 8 GB for Qwen3-Embedding-4B."""
LOG_LINES = 40
"""vLLM ends with where to look; what is wrong stands above."""
MOST_SEQUENCES = 256
DECODERS_CACHE, ENCODERS_CACHE = 5, 1
"""GB. A text of 32,768 tokens takes 4.5 in Qwen3-Embedding-4B and -8B: 36 layers, 8 heads of 128, keys and values in bfloat16."""


def serving(model: str, profile: Profile, *, served_as: str = "") -> tuple[str, ...]:
    """Arguments of vLLM's server for ``model``, a hub id or a folder. What the family does not settle is left to vLLM."""
    arguments = ["--model", model, "--served-model-name", served_as or model, "--runner", "pooling", "--dtype", "bfloat16"]
    if profile.pooling == "last":  # a decoder: it reads long texts, in pieces beside shorter ones
        arguments += ["--max-model-len", str(profile.context), "--enable-chunked-prefill"]
        # Texts that begin alike would be quicker: whoever uploads one could tell that it was there before.
        arguments += ["--no-enable-prefix-caching"]
    if profile.matryoshka is not None:  # else a request with `dimensions` is refused
        arguments += ["--hf-overrides", json.dumps({"is_matryoshka": True}, separators=(",", ":"))]
    return (*arguments, "--max-num-seqs", str(MOST_SEQUENCES))


def dimensions(settings: Settings) -> int:
    """How long the vectors will be, told without the server.

    Raises:
        ConfigurationError: neither the settings, nor the model's name, nor its folder say so.
    """
    known = settings.dimensions or configured_profile(settings).dimensions or _hidden_size(Path(settings.model))
    if known is None:
        raise ConfigurationError(
            f"How many dimensions the vectors of {settings.model!r} have is not known here.",
            hint="Set PAPER_FINDER_DIMENSIONS; the model's card says it.",
        )
    return known


def vllm(settings: Settings, given: Mapping[str, str]) -> Program:
    """The server on its port of this machine's own address.

    Raises:
        ConfigurationError: no model is named.
        StackError: vLLM's environment is missing.
    """
    if not settings.model:
        raise ConfigurationError("PAPER_FINDER_MODEL is not set.", hint="make up EMBEDDINGS=vllm MODEL=Qwen/Qwen3-Embedding-4B")
    if not PYTHON.exists():
        raise StackError(
            f"vLLM is not installed: {PYTHON} is missing.", hint="Start with 'make up EMBEDDINGS=vllm', which installs it."
        )
    folder = Path(settings.model).expanduser()
    local = folder.is_dir()
    model = str(folder.resolve()) if local else settings.model
    profile = configured_profile(settings)
    address = f"http://127.0.0.1:{settings.vllm_port}"
    return Program(
        name=VLLM,
        title="vLLM",
        argv=(
            *(str(PYTHON), "-m", MODULE, *serving(model, profile, served_as=settings.model)),
            *("--host", "127.0.0.1", "--port", str(settings.vllm_port)),
        ),
        folder=settings.home.resolve() / VLLM,
        environment=vllm_environment(
            settings,
            offline=local,
            cache_gb=DECODERS_CACHE if profile.pooling == "last" else ENCODERS_CACHE,
            given=given,
        ),
        ready_url=f"{address}/health",
        address=f"{address}/v1",
        while_starting="loads the model, one to two minutes" + ("" if local else "; the first time it is downloaded"),
        start_seconds=START_SECONDS,
        log_lines=LOG_LINES,
    )


def _hidden_size(folder: Path) -> int | None:
    try:
        config = json.loads((folder.expanduser() / "config.json").read_text(encoding="utf-8"))
        return int(config["hidden_size"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
