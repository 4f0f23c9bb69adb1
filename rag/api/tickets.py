"""Links to a file of references: whoever holds one gets that file for a day, without signing in."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence

from rag.errors import NotFoundError
from rag.exports import Format
from rag.papers import PaperId

SECONDS = 24 * 3600
"""How long a link works."""
MOST = 200
"""Papers of one link; their ids stand in its address."""


class Tickets:
    """Makes tickets that nobody else can make, out of the service's key.

    A ticket names papers. It opens none that are not for everyone.
    """

    def __init__(self, key: str, clock: Callable[[], float] = time.time) -> None:
        self._key = hmac.digest(key.encode(), b"paper-finder exports", "sha256")
        self._clock = clock

    def issue(self, ids: Sequence[PaperId], format_: Format) -> str:
        """A ticket for these papers in that format; letters, digits, '-', '_' and one dot."""
        words = json.dumps([format_, int(self._clock()) + SECONDS, *ids], separators=(",", ":")).encode()
        return f"{_encoded(words)}.{_encoded(self._signature(words))}"

    def read(self, ticket: str) -> tuple[list[PaperId], Format]:
        """What a ticket is for.

        Raises:
            NotFoundError: it is none of ours, or too old.
        """
        try:
            words, signature = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in ticket.split("."))
        except ValueError as error:
            raise NotFoundError("There is no such file.") from error
        if not hmac.compare_digest(signature, self._signature(words)):
            raise NotFoundError("There is no such file.")
        format_, until, *ids = json.loads(words)
        if until < self._clock():
            raise NotFoundError("This link is too old.", hint="Ask for the export again; a link works for a day.")
        return [PaperId(one) for one in ids], Format(format_)

    def _signature(self, words: bytes) -> bytes:
        return hmac.new(self._key, words, hashlib.sha256).digest()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
