"""What one question may see, and what whoever asks is to be told of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

COUNTED_PAPERS, COUNTED_PASSAGES = 25_001, 50_000
"""Papers and passages of a scope are counted up to here: whether they are few is all that matters."""


class Unreadable(StrEnum):
    """Why pages of a file were not read."""

    DAMAGED = "damaged"
    PICTURES = "pictures"
    """They are pictures, and no text recognition is installed."""
    SLOW = "slow"
    """They are pictures whose text was not found in time."""


@dataclass(frozen=True, slots=True)
class UnreadPages:
    """Pages of a file, from 0, that could not be read."""

    why: Unreadable
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UploadNote:
    """What whoever uploaded a file should know of it."""

    name: str
    """Of the file."""
    set_aside: str = ""
    """Why it was set aside, in English; '' when it was not."""
    code: str = ""
    """The error's ``code``, by which the reason can be said in another language."""
    unread: tuple[UnreadPages, ...] = ()


class LeftOut(StrEnum):
    """Why uploads were left out of a search."""

    UNAVAILABLE = "unavailable"
    """Open WebUI could not be asked what the person may read."""
    REFUSED = "refused"
    """Open WebUI does not accept the person's credential."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The collections that one question may see, and how to say so.

    Everything a caller may see is a set of collections: those of the shared library, knowledge bases, and single files.
    """

    collections: tuple[int, ...] = ()
    """Keys of the collections; nothing else is ever read for the question."""
    papers: int = 0
    """How many papers they have, counted up to ``COUNTED_PAPERS``."""
    uploads: tuple[int, ...] = ()
    """Those of them that are no collections of the library."""
    passages: int = 0
    """How many passages the uploads have, counted up to ``COUNTED_PASSAGES``."""
    chosen: bool = False
    """Whether the person picked knowledge bases, so that nothing outside them is searched."""
    knowledge: tuple[str, ...] = ()
    """Names of the knowledge bases among the collections."""
    files: int = 0
    """Files attached to the chat among the collections."""
    pending: int = 0
    """Uploads among them that are still being read: the person's own, where it is known who asks."""
    notes: tuple[UploadNote, ...] = ()
    """What is to be told of those that the person has uploaded."""
    left_out: LeftOut | None = None
    """Why uploads are not among them, when it is not for want of access."""


ScopeOf = Callable[[], Awaitable[Scope]]
"""Asks what may be seen."""


class AskedOnce:
    """Asks what one question may see when it is first needed, and keeps to the answer until the question is answered."""

    def __init__(self, ask: ScopeOf) -> None:
        self._ask = ask
        self._asked: asyncio.Future[Scope] | None = None

    async def __call__(self) -> Scope:
        """What may be seen."""
        if self._asked is None:
            self._asked = asyncio.ensure_future(self._ask())
        return await self._asked


@dataclass(frozen=True, slots=True)
class Attached:
    """Open WebUI's ids of what a person attached to a chat. Anybody can write them: each is checked before it counts."""

    files: frozenset[str] = frozenset()
    knowledge: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Readable:
    """What Open WebUI says that a person may read now."""

    knowledge: dict[str, str]
    """Names of knowledge bases by their ids."""
    files: frozenset[str] = frozenset()
    """Those of the attached files."""
    groups: frozenset[str] = frozenset()
    """Names and ids of the groups that the person is in."""
