"""Tokens of a text without the tokenizer that a distant server uses: at most, for limits, and about, for the size of passages."""

import re

import numpy as np
from numpy.typing import NDArray

from rag.embeddings.windows import spans
from rag.text import CJK

_LETTER, _SIGN, _OTHER = 0.25, 0.8, 1.0
"""Tokens of an ASCII letter or blank (English has 4 to 5 to a token), another ASCII sign, any other character (Chinese)."""
_WORDS = re.compile(f"[^\\W\\d_{CJK}]{{1,12}}")
_DIGITS = re.compile(r"\d")
_SIGNS = re.compile(f"[{CJK}]|[^\\w\\s]|_")
_PER_WORD, _PER_DIGIT = 1.1, 0.8


def token_estimate(text: str) -> int:
    """Tokens of ``text``, rounded up."""
    return int(np.ceil(_weights(text).sum()))


def usual_tokens(text: str) -> float:
    """About how many tokens a tokenizer makes of ``text``; two texts with a blank between have as many as both.

    Fitted to the passages of 36 papers: of 300 tokens, it is off by 5 % (standard deviation).
    """
    words, digits, signs = (len(pattern.findall(text)) for pattern in (_WORDS, _DIGITS, _SIGNS))
    return round(_PER_WORD * words + _PER_DIGIT * digits + signs, 6)


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
