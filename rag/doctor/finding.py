"""One thing that was looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, but not as well as it could."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """It is not used here, or cannot be looked at while something else is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part."""

    part: str
    state: State
    said: str
    mend: str = ""
    """What to do; '' where there is nothing to do."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """What was measured, by name with its unit."""

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "part": self.part,
            "state": self.state.value,
            "message": self.said,
            "mend": self.mend,
            "figures": dict(self.figures),
        }


def ok(part: str, said: str, **figures: float) -> Finding:
    """As it should be."""
    return Finding(part, State.OK, said, figures=figures)


def warning(part: str, said: str, mend: str, **figures: float) -> Finding:
    """Could be better."""
    return Finding(part, State.WARNING, said, mend, figures)


def failed(part: str, said: str, mend: str) -> Finding:
    """Wrong."""
    return Finding(part, State.FAILED, said, mend)


def skipped(part: str, said: str) -> Finding:
    """Not looked at."""
    return Finding(part, State.SKIPPED, said)
