"""Tokens of a text without the tokenizer that a distant server uses: an estimate on the high side."""

import numpy as np
from numpy.typing import NDArray

from rag.embeddings.windows import spans

_LETTER, _SIGN, _OTHER = 0.25, 0.8, 1.0
"""Tokens of an ASCII letter or blank (English has 4 to 5 to a token), another ASCII sign, any other character (Chinese)."""


def token_estimate(text: str) -> int:
    """Tokens of ``text``, rounded up."""
    return int(np.ceil(_weights(text).sum()))


def char_spans(text: str, size: int, overlap: int) -> list[tuple[int, int, int]]:
    """Windows over ``text``: begin and end in characters, and tokens by estimate; as ``windows.spans``."""
    ends = np.ceil(np.cumsum(_weights(text))).astype(int)
    total = int(ends[-1]) if len(text) else 0
    if total <= size:
        return [(0, len(text), total)]
    return [
        (int(np.searchsorted(ends, start, side="right")), int(np.searchsorted(ends, end, side="right")), end - start)
        for start, end in spans(total, size, overlap)
    ]


def _weights(text: str) -> NDArray[np.float64]:
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    lower = codes | 0x20
    letters = ((lower >= ord("a")) & (lower <= ord("z"))) | (codes == ord(" ")) | (codes == ord("\n"))
    return np.where(letters, _LETTER, np.where(codes < 128, _SIGN, _OTHER))
