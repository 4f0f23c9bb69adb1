"""The house: a room imports only from rooms above it, and files stay small."""

import ast
from pathlib import Path

import pytest

from rag.settings import CHECKOUT

ROOMS = ["errors", "text", "settings", "access", "papers", "wording", "store", "embeddings", "retrieval", "ingest", "exports"]
ROOMS += ["chat_model", "assistant", "webui"]
# The pipeline stands between the rooms it uses and the service that hosts it; on its own it opens the service's engine.
ROOMS += [
    "pipelines",
    "api",
    "stack",
    "evaluation",
    "administration",
    "audit",
    "backup",
    "deployment",
    "doctor",
    "model_change",
    "cli",
]
LATE = {("pipelines", "api")}
FILES = sorted([*(CHECKOUT / "rag").rglob("*.py"), *(CHECKOUT / "pipelines").glob("*.py")])


def room_of(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return parts[0] if parts[0] == "pipelines" else parts[1]


def imported_rooms(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for module in modules:
            package, _, rest = module.partition(".")
            if package == "pipelines":
                found.add(package)
            elif package == "rag" and rest:
                found.add(rest.split(".")[0])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_a_room_imports_only_from_rooms_above_it(path: Path) -> None:
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        return
    below = {other for other in imported_rooms(path) - {room} if ROOMS.index(other) > ROOMS.index(room)}
    assert {other for other in below if (room, other) not in LATE} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_a_file_has_a_purpose_and_no_more_than_400_lines(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 400
