"""Windows cover a text, and combine to one vector."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.embeddings.vectors import unit_rows
from rag.embeddings.windows import combine, spans


@given(st.integers(0, 5000), st.integers(2, 600), st.data())
def test_spans_cover_every_token_with_windows_of_like_length(length: int, size: int, data: st.DataObject) -> None:
    overlap = data.draw(st.integers(0, size - 1))
    windows = spans(length, size, overlap)
    assert windows[0][0] == 0
    assert windows[-1][1] == length
    assert all(end - start <= size for start, end in windows)
    assert all(following[0] == ended[1] - overlap for ended, following in pairwise(windows))
    lengths = [end - start for start, end in windows]
    assert max(lengths) - min(lengths) <= 1


def test_a_text_that_fits_is_one_window() -> None:
    assert spans(254, 254, 32) == [(0, 254)]
    assert spans(0, 254, 32) == [(0, 0)]


def test_few_windows_are_used() -> None:
    assert spans(255, 254, 32) == [(0, 144), (112, 255)]


def test_windows_count_by_their_tokens() -> None:
    windows = np.array([[1, 0], [0, 1], [1, 0]], np.float32)
    combined = combine(windows, [0, 0, 1], [300, 100, 5], 2)
    np.testing.assert_allclose(combined, unit_rows(np.array([[3, 1], [1, 0]], np.float32)), atol=1e-6)


def test_single_windows_are_left_as_they_are() -> None:
    windows = np.array([[1, 0], [0, 1]], np.float32)
    assert combine(windows, [0, 1], [0, 7], 2) is windows
