"""Measures are trec_eval's, and differences come with honest intervals."""

import pytest

from rag.evaluation import difference, score

QRELS = {"q1": {"d1": 1}, "q2": {"d2": 1, "d9": 1}, "unanswered": {"d3": 1}, "graded": {"a": 2, "b": 1, "c": 0}}
RUN = {"q1": ["d1", "d2"], "q2": ["d2", "x"], "unanswered": [], "graded": ["c", "b", "a"], "unjudged": ["d1"]}


def test_measures_are_those_of_trec_eval() -> None:
    scores = score(QRELS, RUN)
    # q2 finds one of its two papers: its DCG is 1, its ideal 1 + 1/log2(3). trec_eval's gain is the grade itself.
    assert scores["nDCG@10"] == pytest.approx(
        {"q1": 1, "q2": 1 / 1.6309298, "unanswered": 0, "graded": (0.6309298 + 2 / 2) / (2 + 0.6309298)}
    )
    assert scores["recall@5"] == {"q1": 1, "q2": 0.5, "unanswered": 0, "graded": 1}
    assert scores["MRR"] == {"q1": 1, "q2": 1, "unanswered": 0, "graded": 0.5}


def test_the_order_counts_and_no_tie_shuffles_it() -> None:
    many = {"q": {"d70": 1}}
    run = {"q": [f"d{place}" for place in range(100)]}
    scores = score(many, run)
    assert scores["MRR"]["q"] == pytest.approx(1 / 71)
    assert (scores["recall@20"]["q"], scores["recall@100"]["q"]) == (0, 1)


def test_a_difference_that_is_the_same_everywhere_is_certain() -> None:
    sure = difference([0.6] * 40, [0.5] * 40)
    assert (sure.mean, sure.low, sure.high) == pytest.approx((0.1, 0.1, 0.1))
    assert sure.significant


def test_the_interval_is_that_of_the_normal_distribution_for_many_queries() -> None:
    # Half of 400 queries gain 1, half lose nothing: the mean's standard error is 0.5 / 20.
    gain = difference([1.0, 0.0] * 200, [0.0, 0.0] * 200)
    assert gain.mean == 0.5
    assert gain.low == pytest.approx(0.5 - 1.96 * 0.025, abs=0.004)
    assert gain.high == pytest.approx(0.5 + 1.96 * 0.025, abs=0.004)


def test_what_helps_as_often_as_it_hurts_is_not_significant() -> None:
    even = difference([0.2, 0.8] * 30, [0.8, 0.2] * 30)
    assert not even.significant
    assert even == difference([0.2, 0.8] * 30, [0.8, 0.2] * 30), "the same numbers give the same interval"
