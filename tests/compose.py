"""The compose file as Docker would read it: merged, its variables filled in from ``.env.example`` and made-up secrets."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from rag.settings import CHECKOUT

COMPOSE = CHECKOUT / "docker-compose.yml"
EXAMPLE = CHECKOUT / ".env.example"
SECRETS = ("POSTGRES_PASSWORD", "PAPER_FINDER_API_KEY", "PAPER_FINDER_ADMIN_PASSWORD", "WEBUI_SECRET_KEY", "GRAFANA_PASSWORD")
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<default>[^}]*))?\}")


def example() -> dict[str, str]:
    """The variables of ``.env.example`` as they stand there."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def filled() -> dict[str, str]:
    """The same with a value for each secret."""
    return example() | {name: f"made-up-{number}" for number, name in enumerate(SECRETS)}


def compose(variables: Mapping[str, str]) -> dict[str, Any]:
    """The whole file; a variable that has to be set and is not is a KeyError."""
    loaded = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    read: dict[str, Any] = _filled_in(loaded, variables)
    return read


def _filled_in(part: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _filled_in(value, variables) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled_in(value, variables) for value in part]
    return VARIABLE.sub(lambda found: _value(found, variables), part) if isinstance(part, str) else part


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    name, kind = found["name"], found["kind"]
    value = variables.get(name, "")
    if value or kind is None:
        return value
    if kind == "?":
        raise KeyError(name)
    return str(found["default"])
