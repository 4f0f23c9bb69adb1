"""How relevance comes of meaning and words, and that the numbers shown down a list never rise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.relevance import BY_THE_WAY, Scale, falling
from rag.store import Candidate

SCALE = Scale(0.3, 0.7, 10.0)

RELEVANCES = st.lists(st.floats(0, 1))


def test_a_paper_counts_for_no_more_than_those_before_it_unless_they_were_read() -> None:
    assert falling([0.5, 0.8, 0.3], read=False) == [0.5, 0.5, 0.3]
    assert falling([0.1, 0.8, 0.3], read=True) == [0.8, 0.8, 0.3]
    assert falling([], read=True) == []


@given(RELEVANCES, st.booleans())
def test_they_never_rise_and_one_of_them_always_stays(relevances: list[float], read: bool) -> None:
    shown = falling(relevances, read=read)
    assert shown == sorted(shown, reverse=True)
    assert len(shown) == len(relevances)
    if shown:
        assert shown[0] == (max(relevances) if read else relevances[0])
        assert shown[-1] == (relevances[-1] if read else min(relevances))


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        (Candidate(1, 0.3, 0.0), 0.0),
        (Candidate(1, 0.7, 0.0), 1.0),
        (Candidate(1, 0.5, 0.0), 0.5),
        (Candidate(1, None, 4.0), 0.4),
        (Candidate(1, 0.5, 4.0), 0.7),
        (Candidate(1, None, 4.0, telling=False), 0.4 * BY_THE_WAY),
        (Candidate(1, -0.2, 0.0, named=True), 1.0),
    ],
)
def test_meaning_or_words_make_relevance_and_words_say_less_without_the_rarest(candidate: Candidate, expected: float) -> None:
    assert SCALE.relevance(candidate) == pytest.approx(expected)
