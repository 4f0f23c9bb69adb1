"""The environment of each child: what it needs, and nothing that the operator's shell happens to hold for other programs."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from rag.embeddings import Profile, configured_profile
from rag.settings import Secrets, Settings, admin_password, service_key
from rag.store import GREATEST_INDEXED
from rag.webui import MODEL_ID, SUGGESTIONS, our_connection, our_embedding, our_loader

LARGEST_INDEXED_VECTOR = 2000  # dimensions that pgvector indexes as `vector`; beyond it takes `halfvec`
PASSED_ON = {
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "OMP_NUM_THREADS"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"),
}
PRIVATE = {"ANONYMIZED_TELEMETRY": "false", "DO_NOT_TRACK": "1", "SCARF_NO_ANALYTICS": "true", "HF_HUB_OFFLINE": "1"}
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class WebUIDatabases:
    """Where Open WebUI keeps its tables, and the vectors of uploads."""

    tables: str = field(repr=False)
    vectors: str = field(repr=False)


def base_environment(given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Paths, language, certificates and proxies; never a proxy between our own services."""
    passed = {name: value for name, value in given.items() if name in PASSED_ON or name.startswith(("LC_", "XDG_"))}
    unproxied = given.get("no_proxy") or given.get("NO_PROXY") or ""
    without_proxy = ",".join([*filter(None, [unproxied]), *LOOPBACK])
    return {**passed, **PRIVATE, "PYTHONUNBUFFERED": "1", "NO_PROXY": without_proxy, "no_proxy": without_proxy}


def service_environment(settings: Settings, database_url: str, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What ``paper-finder serve`` and ``ingest`` run with; they read the remaining secrets from the secrets file."""
    ours = {name: value for name, value in given.items() if name.startswith("PAPER_FINDER_")}
    fixed = {"PAPER_FINDER_HOME": str(settings.home.resolve()), "PAPER_FINDER_DATABASE_URL": database_url}
    return {**base_environment(given), **ours, **fixed}


def vllm_environment(
    settings: Settings, *, offline: bool, cache_gb: int, given: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """vLLM's: its caches stay in the state folder; ``offline`` when the model needs no download.

    ``cache_gb``: without a GPU, memory for keys and values of the texts it works on; with one it takes what the card has.
    """
    folder = settings.home.resolve() / "vllm"
    passed = {name: value for name, value in given.items() if name.startswith(("VLLM_", "HF_", "CUDA_", "NVIDIA_"))}
    ours = {
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_CACHE_ROOT": str(folder / "cache"),
        "TORCHINDUCTOR_CACHE_DIR": str(folder / "inductor"),
        "HF_HUB_OFFLINE": str(int(offline)),
    }
    if settings.embeddings_key:
        ours["VLLM_API_KEY"] = settings.embeddings_key.get_secret_value()
    return {**base_environment(given), "VLLM_CPU_KVCACHE_SPACE": str(cache_gb), **ours, **passed}


def webui_environment(
    settings: Settings, databases: WebUIDatabases, dimensions: int, given: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Open WebUI's settings. It keeps most of them in its database and reads them from here only at its first start."""
    return {
        **base_environment(given),
        **_foundation(settings, databases, dimensions),
        **_connection(settings),
        **_first_start(),
    }


def _foundation(settings: Settings, databases: WebUIDatabases, dimensions: int) -> dict[str, str]:
    folder = settings.home.resolve() / "open-webui"
    return {
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": databases.tables,
        "VECTOR_DB": "pgvector",
        "PGVECTOR_DB_URL": databases.vectors,
        # It cuts longer vectors to that length itself.
        "PGVECTOR_INITIALIZE_MAX_VECTOR_LENGTH": str(min(dimensions, GREATEST_INDEXED)),
        "PGVECTOR_USE_HALFVEC": str(dimensions > LARGEST_INDEXED_VECTOR).lower(),
        "PGVECTOR_INDEX_METHOD": "hnsw",
        "WEBUI_AUTH": "true",
        "WEBUI_SECRET_KEY": Secrets(settings.secrets_file).get_or_make("PAPER_FINDER_WEBUI_SECRET_KEY"),
        "WEBUI_ADMIN_EMAIL": settings.admin_email,
        "WEBUI_ADMIN_PASSWORD": admin_password(settings),
        "WEBUI_ADMIN_NAME": "Admin",
        "WEBUI_URL": settings.public_url or settings.webui_url,
        "CORS_ALLOW_ORIGIN": _origins(settings),
        "OFFLINE_MODE": "true",
        "ENABLE_VERSION_UPDATE_CHECK": "false",
    }


def _origins(settings: Settings) -> str:
    """Pages that may talk to Open WebUI; with people coming from other machines under unknown names, any."""
    if settings.host not in LOOPBACK and not settings.public_url:
        return "*"
    addresses = [f"http://{host}:{settings.webui_port}" for host in ("127.0.0.1", "localhost")]
    return ";".join([*addresses, *filter(None, [settings.public_url.rstrip("/")])])


def _connection(settings: Settings) -> dict[str, str]:
    key = service_key(settings)
    connection = our_connection(settings.service_url, key)
    embedding = our_embedding(settings.service_url, key)
    loader = our_loader(settings.service_url, key)
    return {
        "ENABLE_OPENAI_API": "true",
        "ENABLE_OLLAMA_API": "false",
        "OPENAI_API_BASE_URLS": connection.url,
        "OPENAI_API_KEYS": connection.key,
        "OPENAI_API_CONFIGS": json.dumps({"0": connection.config}),
        "RAG_EMBEDDING_ENGINE": embedding.engine,
        "RAG_EMBEDDING_MODEL": embedding.model,
        "RAG_OPENAI_API_BASE_URL": embedding.url,
        "RAG_OPENAI_API_KEY": embedding.key,
        "RAG_EMBEDDING_BATCH_SIZE": str(embedding.batch_size),
        "RAG_EMBEDDING_CONCURRENT_REQUESTS": str(embedding.concurrent_requests),
        **_prefixes(configured_profile(settings)),
        "CONTENT_EXTRACTION_ENGINE": loader.engine,
        "EXTERNAL_DOCUMENT_LOADER_URL": loader.url,
        "EXTERNAL_DOCUMENT_LOADER_API_KEY": loader.key,
        "EXTERNAL_DOCUMENT_LOADER_HEADERS": json.dumps(loader.headers),
        "RAG_EMBEDDING_MODEL_AUTO_UPDATE": "false",
        "RAG_RERANKING_MODEL_AUTO_UPDATE": "false",
        "WHISPER_MODEL_AUTO_UPDATE": "false",
    }


def _prefixes(profile: Profile) -> dict[str, str]:
    """What Open WebUI puts before the texts that it has embedded; our service adds nothing to them."""
    prefixes = {"RAG_EMBEDDING_QUERY_PREFIX": profile.query_prefix, "RAG_EMBEDDING_CONTENT_PREFIX": profile.document_prefix}
    return {name: prefix for name, prefix in prefixes.items() if prefix}


def _first_start() -> dict[str, str]:
    return {
        "DEFAULT_MODELS": MODEL_ID,
        "DEFAULT_PROMPT_SUGGESTIONS": json.dumps(SUGGESTIONS),
        "DEFAULT_USER_ROLE": "pending",
        "ENABLE_SIGNUP": "false",
        "ENABLE_API_KEYS": "true",
        "USER_PERMISSIONS_FEATURES_API_KEYS": "true",
        "USER_PERMISSIONS_WORKSPACE_KNOWLEDGE_ACCESS": "true",
        "USER_PERMISSIONS_WORKSPACE_KNOWLEDGE_ALLOW_SHARING": "true",
        "ENABLE_COMMUNITY_SHARING": "false",
        "ENABLE_TITLE_GENERATION": "true",
        "ENABLE_FOLLOW_UP_GENERATION": "true",
        "ENABLE_TAGS_GENERATION": "false",
        "ENABLE_AUTOCOMPLETE_GENERATION": "false",
    }
