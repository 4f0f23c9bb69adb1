"""The scripted dialogues of ``tests/conversations/*.yaml``.

A turn says something and expects, where it states them: ``intent``, ``topic``, ``limits`` (all of them), ``count``, ``language``,
``format``; ``refers`` and ``unlike`` to papers by their places in the latest list; ``sources`` or ``min_sources``; ``first``,
``cites`` and ``leaves_out`` by title; ``years`` that every cited paper lies in; ``new`` papers that this list has not shown yet;
``exported`` papers in the block; a ``picture``; ``text`` and ``not_text`` in the answer ("a|b" is either). ``images`` adds
pictures, ``times`` repeats what is said.
"""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from rag.settings import CHECKOUT

FOLDER = CHECKOUT / "tests" / "conversations"


class Expected(BaseModel):
    """One turn."""

    model_config = ConfigDict(extra="forbid")

    say: str
    images: int = 0
    times: int = 1
    intent: str | None = None
    topic: str | None = None
    limits: dict[str, Any] | None = None
    count: int | None = None
    language: str | None = None
    format: str | None = None
    refers: list[int] = Field(default_factory=list)
    unlike: list[int] = Field(default_factory=list)
    sources: int | None = None
    min_sources: int = 0
    first: str | None = None
    cites: list[str] = Field(default_factory=list)
    leaves_out: list[str] = Field(default_factory=list)
    years: tuple[int, int] | None = None
    new: bool = False
    exported: int | None = None
    picture: bool = False
    text: list[str] = Field(default_factory=list)
    not_text: list[str] = Field(default_factory=list)


class Dialogue(BaseModel):
    """A conversation from its first message."""

    model_config = ConfigDict(extra="forbid")

    name: str
    turns: list[Expected]


def dialogues() -> dict[str, Dialogue]:
    """Every dialogue by file and name."""
    found: dict[str, Dialogue] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        found |= {f"{path.stem}: {entry['name']}": Dialogue(**entry) for entry in _read(path)}
    return found


def _read(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return entries
