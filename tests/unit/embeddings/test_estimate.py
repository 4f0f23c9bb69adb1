"""Tokens by estimate, and windows in characters."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.embeddings.estimate import char_spans, token_estimate, usual_tokens


def test_english_counts_by_letters_and_chinese_by_characters() -> None:
    assert token_estimate("") == 0
    assert token_estimate("word " * 100) == 125
    assert token_estimate("机器翻译" * 10) == 40
    assert token_estimate("1.2.3.4.") == 7


def test_the_usual_number_goes_by_words_digits_and_signs() -> None:
    assert usual_tokens("") == 0
    assert usual_tokens("word " * 100) == 110
    assert usual_tokens("机器翻译" * 10) == 40
    assert usual_tokens("1.2.3.4.") == 7.2
    assert usual_tokens("naïve Größe") == 2.2


@given(st.text(max_size=60), st.text(max_size=60))
def test_two_texts_have_as_many_usual_tokens_as_both(one: str, other: str) -> None:
    assert usual_tokens(f"{one} {other}") == pytest.approx(usual_tokens(one) + usual_tokens(other))


@given(st.text(max_size=400), st.integers(4, 60), st.integers(0, 3))
def test_windows_cover_the_text_and_keep_the_size(text: str, size: int, overlap: int) -> None:
    text = text.encode("utf-8", "ignore").decode()
    windows = char_spans(text, size, overlap)
    assert windows[0][0] == 0
    assert windows[-1][1] == len(text)
    assert all(following[0] <= before[1] for before, following in pairwise(windows))
    assert all(tokens <= size for _, _, tokens in windows)
    assert all(token_estimate(text[start:end]) <= size + 1 for start, end, _ in windows)


def test_dense_parts_get_shorter_windows() -> None:
    windows = char_spans("word " * 80 + "机器" * 50, 50, 5)
    lengths = [end - start for start, end, _ in windows]
    assert lengths[0] > 3 * lengths[-1]
