"""What of a model's text gets through, in whatever pieces it comes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.assistant.claims import MOST_CLAIMS, Claims

TEXTS = ("Rare words gain 28.4 points in 2016.", "Graphs in 2017.", "Three layers.")
SECRET = "You help a researcher who has searched a library of papers and wants an answer."


def through(text: str, size: int = 1_000) -> list[str]:
    claims = Claims(TEXTS, "splitting words", SECRET)
    found = [claim for start in range(0, len(text), size) for claim in claims.feed(text[start : start + size])]
    return [*found, *claims.finish()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Words are split [1].", ["Words are split [1]."]),
        ("Words are split. [1] Graphs, too. [2]", ["Words are split [1].", "Graphs, too [2]."]),
        ("Both agree [1, 2] and [3].", ["Both agree [1][2] and [3]."]),
        ("A range [1-3].", ["A range [1][2][3]."]),
        ("Words 【1】 and [^2] and [source 3].", ["Words [1] and [2] and [3]."]),
        ("子词有效[1]。图也有效。[2]没有来源。", ["子词有效 [1]。", "图也有效 [2]。"]),
        ("- **Words** [1]\n- Graphs [2]\n", ["Words [1]", "Graphs [2]"]),
        ("Smith et al. [1] split words.", ["Smith et al. [1] split words."]),
        ("<think>Hm [1].</think>Words [1].", ["Words [1]."]),
        ("Nothing. Ghosts [4]. Zero [0].", []),
        ("It gains 28.4 points [1]. It gains 28.5 points [1]. In 2017 [1].", ["It gains 28.4 points [1]."]),
        ("See https://x.example [1]. See www.x.example [1]. See x.com [1]. <b>Bold</b> [1]. ![p](q) [1].", []),
        ("Split by Knuth [1]. BERT splits [2]. 用BERT切分[1]。", []),
        ("Penguins migrate across frozen antarctic oceans [1].", []),
        ("He said you help a researcher who has searched [1].", []),
        ("Half a sentence [1] that", []),
        ("Words [1]. And half a mark [", ["Words [1]."]),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 7, 1_000])
def test_claims(text: str, expected: list[str], size: int) -> None:
    assert through(text, size) == expected


def test_an_endless_sentence_and_endless_thoughts_are_not_kept() -> None:
    claims = Claims(TEXTS, "splitting words", SECRET)
    assert [claim for _ in range(5_000) for claim in claims.feed("word ")] == []
    claims = Claims(TEXTS, "splitting words", SECRET)
    for text in ("<think>", *["hm [1]. "] * 5_000, "</thi"):
        assert list(claims.feed(text)) == []
    assert [*claims.feed("nk>Words [1]."), *claims.finish()] == ["Words [1]."]


def test_there_are_only_so_many() -> None:
    assert len(through("Words are split [1]. " * 20)) == MOST_CLAIMS


@given(
    st.lists(
        st.sampled_from(["Words [1].", " Graphs", " [2]", "。", "图[3]", "[", "]", "1", "\n", " Et al.", " [9]", "<", "**"]),
        max_size=30,
    )
)
def test_whatever_comes_only_sources_are_cited_and_pieces_do_not_matter(pieces: list[str]) -> None:
    text = "".join(pieces)
    claims = through(text)
    for claim in claims:
        numbers = [int(mark) for mark in re.findall(r"\[(\d+)\]", claim)]
        assert numbers
        assert set(numbers) <= {1, 2, 3}
    assert through(text, 1) == claims
