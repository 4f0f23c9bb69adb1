"""The environment, read once into one frozen object."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rag.errors import ConfigurationError

ADMIN_PASSWORD = "PAPER_FINDER_ADMIN_PASSWORD"
BUNDLED = "bundled"
"""Value of ``PAPER_FINDER_EMBEDDINGS``: the model inside the process."""
VLLM = "vllm"
"""Value of ``PAPER_FINDER_EMBEDDINGS`` that makes the launcher start a vLLM."""
RUNNING = "running.json"
"""In the state folder: the settings of the ``make up`` that runs from there."""
CHECKOUT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every ``PAPER_FINDER_*`` variable. Descriptions are the README's table (a test compares them)."""

    model_config = SettingsConfigDict(env_prefix="PAPER_FINDER_", frozen=True, extra="ignore", env_ignore_empty=True)

    home: Annotated[Path, Field(description="State: database, secrets, logs, Open WebUI's files")] = CHECKOUT / ".paper-finder"
    host: Annotated[str, Field(description="Address that both services listen on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="Port of the Paper Finder service")] = 9099
    webui_port: Annotated[int, Field(ge=1, le=65535, description="Port of Open WebUI")] = 8080
    api_key: Annotated[SecretStr | None, Field(description="The service key; made on first start")] = None
    admin_email: Annotated[str, Field(description="First Open WebUI account")] = "admin@paper-finder.local"
    admin_password: Annotated[SecretStr | None, Field(description="Its password; made on first start")] = None
    database_url: Annotated[SecretStr | None, Field(description="Postgres with pgvector ≥ 0.8.4; an embedded one when unset")] = (
        None
    )
    database_replicas: Annotated[
        SecretStr | None, Field(description="Read replicas that searches go to: addresses separated by spaces")
    ] = None
    embeddings: Annotated[
        str,
        Field(
            description="`bundled`, `vllm` (started by `make up`), or the URL of an OpenAI-compatible server (`http://host:8000/v1`)"
        ),
    ] = BUNDLED
    embeddings_key: Annotated[SecretStr | None, Field(description="Key for that server, if it wants one")] = None
    model: Annotated[str, Field(description="Name of the embedding model on that server; for `vllm` a hub id or a folder")] = ""
    vllm_port: Annotated[int, Field(ge=1, le=65535, description="Port of the vLLM that `make up` starts")] = 8000
    dimensions: Annotated[
        int | None, Field(ge=1, le=16_000, description="Vector size to store (Matryoshka); the model's own when unset")
    ] = None
    index_dimensions: Annotated[
        int | None,
        Field(
            ge=1,
            le=4000,
            description="How many of them the vector indexes hold; the rest orders what they find. "
            "When unset as before, in a new library all, at most 4000",
        ),
    ] = None
    instructions: Annotated[
        dict[str, str],
        NoDecode,
        Field(
            description="Own instructions for models that take them, as JSON, for `search` (a question) and `similarity` "
            "(a pasted abstract)"
        ),
    ] = {}
    reranker: Annotated[
        str,
        Field(
            description="Optional reranker: URL and model of a `/v1/rerank` server (`http://host:8001/v1#Qwen/Qwen3-Reranker-0.6B`)"
        ),
    ] = ""
    reranker_key: Annotated[SecretStr | None, Field(description="Key for that server, if it wants one")] = None
    reranker_seconds: Annotated[
        float, Field(gt=0, le=60, description="How long a question waits for the reranker before the order stays as it is")
    ] = 1.5
    chat: Annotated[
        str,
        Field(
            description="Optional chat model: URL and model of an OpenAI-compatible server (`http://host:8002/v1#Qwen/Qwen3-4B-Instruct-2507`)"
        ),
    ] = ""
    chat_key: Annotated[SecretStr | None, Field(description="Key for that server, if it wants one")] = None
    chat_seconds: Annotated[
        float, Field(gt=0, le=300, description="How long an answer waits for the chat model's text, to its end")
    ] = 20.0
    openalex_key: Annotated[SecretStr | None, Field(description="Key for OpenAlex, which `ingest openalex:…` needs")] = None
    public_url: Annotated[str, Field(description="Address under which people reach Open WebUI, if not host:port")] = ""
    service_address: Annotated[str, Field(description="Address under which Open WebUI reaches the service, if not host:port")] = (
        ""
    )
    webui_address: Annotated[str, Field(description="Address under which the service reaches Open WebUI, if not host:port")] = ""

    @field_validator("database_url", "database_replicas")
    @classmethod
    def _a_database(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        given = value.get_secret_value() if value else ""
        try:
            for address in given.split() if info.field_name == "database_replicas" else [given]:
                conninfo_to_dict(address)
        except psycopg.ProgrammingError:
            raise ValueError(
                "not an address of a Postgres database; it looks like postgresql://user:password@host/database, "
                "with special characters of the password percent-encoded"
            ) from None
        return value

    @field_validator("instructions", mode="before")
    @classmethod
    def _an_object(cls, value: object) -> object:
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError:
            raise ValueError('not JSON; it looks like {"search": "Given a question, retrieve papers that answer it"}') from None

    @field_validator("embeddings", "reranker", "chat")
    @classmethod
    def _no_password(cls, value: str, info: ValidationInfo) -> str:
        if "@" in value.partition("://")[2].partition("/")[0]:
            key = f"PAPER_FINDER_{(info.field_name or '').upper()}_KEY"
            raise ValueError(f"an address with a password in it; put the key into {key}")
        return value

    @property
    def replica_addresses(self) -> list[str]:
        """Of the read replicas."""
        return self.database_replicas.get_secret_value().split() if self.database_replicas else []

    @cached_property
    def secrets_file(self) -> Path:
        """Where what is secret and not set is kept (mode 600)."""
        return self.home / "secrets.env"

    @property
    def embeddings_url(self) -> str:
        """Where the embedding server answers, if there is one; a vLLM of our own listens on this machine only."""
        return f"http://127.0.0.1:{self.vllm_port}/v1" if self.embeddings == VLLM else self.embeddings

    @property
    def service_url(self) -> str:
        """Where Open WebUI, and everything else on this machine, reaches the Paper Finder service."""
        return self.service_address.rstrip("/") or f"http://{_reachable(self.host)}:{self.port}"

    @property
    def webui_url(self) -> str:
        """Where the service, and everything else on this machine, reaches Open WebUI."""
        return self.webui_address.rstrip("/") or f"http://{_reachable(self.host)}:{self.webui_port}"


def as_environment(settings: Settings) -> dict[str, str]:
    """The variables, secrets among them, from which another process reads the same settings."""
    variables = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        if value is not None:
            variables[f"PAPER_FINDER_{name.upper()}"] = json.dumps(value) if isinstance(value, dict) else str(value)
    return variables


def _reachable(host: str) -> str:
    if host in {"0.0.0.0", "::", ""}:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


_NOT_REPEATED = {
    "database_replicas",
    "api_key",
    "admin_password",
    "database_url",
    "embeddings",
    "embeddings_key",
    "reranker",
    "reranker_key",
}
_NOT_REPEATED |= {"chat", "chat_key", "database_replicas"}


def url_and_model(variable: str, address: str, example: str) -> tuple[str, str]:
    """The two parts of 'http://host:8001/v1#MODEL'.

    Raises:
        ConfigurationError: there are no such parts.
    """
    url, _, model = address.partition("#")
    hint = f"It looks like {example}."
    try:
        parsed = urlsplit(url)
        known = parsed.scheme in {"http", "https"} and bool(parsed.hostname) and (parsed.port or 1) > 0
    except ValueError as error:
        raise ConfigurationError(f"{variable} is {address!r}, which is no URL.", hint=hint) from error
    if not known or not model:
        raise ConfigurationError(f"{variable} is {address!r}, which is not a URL and a model.", hint=hint)
    return url.rstrip("/"), model


def load_settings(*, beside: bool = True) -> Settings:
    """Read the environment; what it leaves open is as in the ``make up`` that runs from the same state folder, if ``beside`` one.

    Raises:
        ConfigurationError: a variable holds something it cannot hold; the message names it.
    """
    try:
        settings = Settings()
        return Settings(**_left(settings)) if beside else settings
    except ValidationError as error:
        first = error.errors()[0]
        setting = str(first["loc"][0])
        reason = first["msg"].removeprefix("Value error, ")
        # What is secret, or may hold a password, is not repeated: neither here nor in a traceback.
        given = "" if setting in _NOT_REPEATED else f", not {first['input']!r}"
        raise ConfigurationError(f"PAPER_FINDER_{setting.upper()}: {reason}{given}.") from None


@contextmanager
def left_for_others(settings: Settings) -> Iterator[None]:
    """While this lasts, commands with the same state folder have these settings."""
    path = settings.home / RUNNING
    _write_privately(path, json.dumps({name: _plain(getattr(settings, name)) for name in settings.model_fields_set - {"home"}}))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _left(settings: Settings) -> dict[str, Any]:
    try:
        left: dict[str, Any] = json.loads((settings.home / RUNNING).read_text(encoding="utf-8"))
    except OSError:
        return {}
    return {name: value for name, value in left.items() if name not in settings.model_fields_set}


def _plain(value: object) -> object:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _write_privately(path: Path, text: str) -> None:
    """For its owner's eyes (mode 600), replacing the file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


class Secrets:
    """Names and values in ``secrets.env``; what is missing is made, and the file is readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = _read_env_file(path)

    def get(self, name: str) -> str | None:
        """The value under ``name``, if there is one."""
        return self._values.get(name)

    def get_or_make(self, name: str) -> str:
        """The value under ``name``; a random one (256 bits) is made and kept when there is none."""
        if name not in self._values:
            self.keep(name, secrets.token_urlsafe(32))
        return self._values[name]

    def keep(self, name: str, value: str) -> None:
        """Store ``value``, replacing the file in one step."""
        self._values[name] = value
        _write_privately(self._path, "".join(f"{key}={value}\n" for key, value in sorted(self._values.items())))


def _read_env_file(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"The file with the secrets, {path}, cannot be read: {error}.", hint="Put back a copy of it, or move it away."
        ) from error
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {name.strip(): _unquoted(value.strip()) for name, value in pairs}


def _unquoted(value: str) -> str:
    """Whoever writes the file by hand may write quotes, as in a shell."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def service_key(settings: Settings) -> str:
    """The key that authenticates callers: ``PAPER_FINDER_API_KEY``, else the one kept in the secrets file."""
    if settings.api_key is not None:
        return settings.api_key.get_secret_value()
    return Secrets(settings.secrets_file).get_or_make("PAPER_FINDER_API_KEY")


def admin_password(settings: Settings) -> str:
    """The password of the first Open WebUI account: ``PAPER_FINDER_ADMIN_PASSWORD``, else the one kept in the secrets file."""
    if settings.admin_password is not None:
        return settings.admin_password.get_secret_value()
    kept = Secrets(settings.secrets_file)
    password = kept.get(ADMIN_PASSWORD)
    if password is None:
        password = secrets.token_urlsafe(12)  # 96 bits, and still short enough to type
        kept.keep(ADMIN_PASSWORD, password)
    return password
