"""The numbers shown down a list never rise."""

from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.relevance import falling

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
