"""What each child runs with."""

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.settings import Secrets, Settings
from rag.stack.environment import WebUIDatabases, base_environment, service_environment, webui_environment

SHELL = {
    "PATH": "/bin",
    "LC_ALL": "C.UTF-8",
    "OPENAI_API_KEY": "sk-the-users-own",
    "DATABASE_URL": "postgresql://elsewhere",
    "PORT": "1",
    "HTTP_PROXY": "http://proxy:3128",
    "NO_PROXY": "intranet",
    "PAPER_FINDER_MODEL": "m",
}
DATABASES = WebUIDatabases("postgresql://h/open_webui", "postgresql://h/open_webui_vectors_384")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A state folder of its own."""
    return Settings(home=tmp_path)


def test_what_the_shell_holds_for_other_programs_stays_out() -> None:
    environment = base_environment(SHELL)
    assert environment["PATH"] == "/bin"
    assert environment["LC_ALL"] == "C.UTF-8"
    assert {"OPENAI_API_KEY", "DATABASE_URL", "PORT", "PAPER_FINDER_MODEL"}.isdisjoint(environment)


def test_no_proxy_stands_between_our_own_services() -> None:
    environment = base_environment(SHELL)
    assert environment["HTTP_PROXY"] == "http://proxy:3128"
    assert environment["NO_PROXY"] == environment["no_proxy"] == "intranet,127.0.0.1,localhost,::1"


def test_the_service_gets_our_variables_and_the_database(settings: Settings) -> None:
    environment = service_environment(settings, "postgresql://h/paper_finder", SHELL)
    assert environment["PAPER_FINDER_MODEL"] == "m"
    assert environment["PAPER_FINDER_HOME"] == str(settings.home)
    assert environment["PAPER_FINDER_DATABASE_URL"] == "postgresql://h/paper_finder"
    assert environment["DO_NOT_TRACK"] == "1"


@pytest.mark.parametrize(
    ("dimensions", "length", "halfvec"), [(384, 384, "false"), (2000, 2000, "false"), (2560, 2560, "true"), (4096, 4000, "true")]
)
def test_vectors_have_the_exact_size_and_an_index(settings: Settings, dimensions: int, length: int, halfvec: str) -> None:
    environment = webui_environment(settings, DATABASES, dimensions, SHELL)
    assert environment["VECTOR_DB"] == "pgvector"
    assert environment["PGVECTOR_INITIALIZE_MAX_VECTOR_LENGTH"] == str(length)
    assert environment["PGVECTOR_USE_HALFVEC"] == halfvec
    assert environment["PGVECTOR_INDEX_METHOD"] == "hnsw"
    assert environment["DATABASE_URL"] == DATABASES.tables


def test_open_webui_downloads_no_models_and_reports_to_nobody(settings: Settings) -> None:
    environment = webui_environment(settings, DATABASES, 384, SHELL)
    assert environment["OFFLINE_MODE"] == "true"
    assert environment["HF_HUB_OFFLINE"] == environment["DO_NOT_TRACK"] == "1"


def test_open_webui_reaches_us_with_the_callers_session_and_our_key(settings: Settings) -> None:
    environment = webui_environment(settings, DATABASES, 384, SHELL)
    key = Secrets(settings.secrets_file).get("PAPER_FINDER_API_KEY")
    (config,) = json.loads(environment["OPENAI_API_CONFIGS"]).values()
    assert config["auth_type"] == "session"
    assert config["headers"]["X-Paper-Finder-Key"] == environment["OPENAI_API_KEYS"] == key
    assert config["headers"]["X-Paper-Finder-Task"] == "{{TASK}}"
    assert environment["RAG_OPENAI_API_BASE_URL"] == environment["OPENAI_API_BASE_URLS"] == "http://127.0.0.1:9099/v1"
    assert environment["DEFAULT_MODELS"] == "paper-finder"


def test_secrets_are_made_once_kept_and_private(settings: Settings) -> None:
    first = webui_environment(settings, DATABASES, 384, SHELL)
    again = webui_environment(settings, DATABASES, 384, SHELL)
    for name in ("WEBUI_SECRET_KEY", "WEBUI_ADMIN_PASSWORD", "OPENAI_API_KEYS"):
        assert first[name] == again[name]
    assert len(first["WEBUI_SECRET_KEY"]) >= 32
    assert settings.secrets_file.stat().st_mode & 0o777 == 0o600


def test_a_password_given_by_the_operator_is_not_written_down(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, admin_password=SecretStr("given"))
    assert webui_environment(settings, DATABASES, 384, SHELL)["WEBUI_ADMIN_PASSWORD"] == "given"
    assert "given" not in settings.secrets_file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("host", "public", "origins"),
    [
        ("127.0.0.1", "", "http://127.0.0.1:8080;http://localhost:8080"),
        ("0.0.0.0", "", "*"),
        ("0.0.0.0", "https://papers.lab/", "http://127.0.0.1:8080;http://localhost:8080;https://papers.lab"),
    ],
)
def test_only_our_own_pages_may_talk_to_open_webui_where_they_are_known(
    tmp_path: Path, host: str, public: str, origins: str
) -> None:
    settings = Settings(home=tmp_path, host=host, public_url=public)
    assert webui_environment(settings, DATABASES, 384, SHELL)["CORS_ALLOW_ORIGIN"] == origins


def test_database_addresses_do_not_show_in_a_traceback() -> None:
    assert "postgresql" not in repr(DATABASES)
