"""How much one document may cost: hard limits, and the budget of somebody who waits for an answer."""

from dataclasses import dataclass

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What ends the reading of a document with an error that names the limit. Sizes in bytes, times in seconds."""

    input_bytes: int = 200 * _MB
    unpacked_bytes: int = 400 * _MB
    """Of all that a DOCX, PPTX or EPUB holds."""
    memory_bytes: int = 1024 * _MB
    """Of the reading process, beyond what it takes at its start."""
    pages: int = 2_000
    characters: int = 20_000_000
    """Of the text."""
    cpu: int = 3_600
    wall: float = 7_200.0
    stall: float = 50.0
    """How long one page may take, or a hundred paragraphs of a document without pages."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How far a document is read while somebody waits. Where it ends, what was read so far is the result."""

    seconds: float = 30.0
    """Waiting for a turn among others included."""
    pages: int = 200


LEAST = 5.0
"""Seconds of a budget that must be left when a document's turn comes."""


GRACE = 10.0
"""Seconds after a budget's end in which the page at hand may still be finished."""
