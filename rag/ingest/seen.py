"""Which ids have been met, in twelve bytes each: millions of records fit into memory."""

import hashlib
from array import array

_SMALLEST = 1024


class SeenIds:
    """A hash table from an id's 64-bit hash to the number it was first met with (open addressing, at most half full)."""

    def __init__(self) -> None:
        self._hashes = array("Q", bytes(8 * _SMALLEST))
        self._numbers = array("I", bytes(4 * _SMALLEST))
        self._count = 0

    def remember(self, source_id: str, number: int) -> int | None:
        """The number the id was met with before; None when it is new, and is kept with ``number`` from now on."""
        # Zero marks an empty slot.
        key = int.from_bytes(hashlib.blake2b(source_id.encode("utf-8", "replace"), digest_size=8).digest()) or 1
        slot = self._slot(key)
        if self._hashes[slot]:
            return self._numbers[slot]
        self._hashes[slot], self._numbers[slot] = key, min(number, 0xFFFF_FFFF)
        self._count += 1
        if 2 * self._count > len(self._hashes):
            self._grow()
        return None

    def _slot(self, key: int) -> int:
        mask = len(self._hashes) - 1
        slot = key & mask
        while self._hashes[slot] not in (0, key):
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        hashes, numbers = self._hashes, self._numbers
        self._hashes, self._numbers = array("Q", bytes(16 * len(hashes))), array("I", bytes(8 * len(hashes)))
        for key, number in zip(hashes, numbers, strict=True):
            if key:
                slot = self._slot(key)
                self._hashes[slot], self._numbers[slot] = key, number
