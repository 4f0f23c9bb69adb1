"""Reranking is checked before it is believed, waits no longer than allowed, and leaves a failing server alone."""

import asyncio
import logging
from collections.abc import Sequence

import pytest

from rag.retrieval.rerank import FAILURES, PAUSE, RerankError, Reranking, State

pytestmark = pytest.mark.anyio

TEXTS = ["far off", "machine translation", "neural machine translation"]


class WordCounter:
    """Scores by shared words; fails, hangs or turns round as told."""

    def __init__(self) -> None:
        self.fails = self.hangs = self.backwards = False
        self.calls = 0
        self.closed = False

    async def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        self.calls += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise RerankError("The reranker cannot be reached")
        words = set(question.lower().split())
        shared = [len(words & set(text.lower().split())) / len(words) for text in texts]
        return [-score for score in shared] if self.backwards else shared

    async def aclose(self) -> None:
        self.closed = True


class Clock:
    """Time that goes on when told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def started(reranker: WordCounter, clock: Clock | None = None, budget: float = 5.0) -> Reranking:
    reranking = Reranking(reranker, budget=budget, clock=clock or Clock())
    reranking.start()
    await reranking.checked()
    return reranking


async def test_texts_come_in_the_order_of_their_scores_and_ties_stay() -> None:
    reranking = await started(WordCounter())
    assert reranking.state is State.ON
    assert await reranking.order("neural machine translation", TEXTS) == [2, 1, 0]
    assert await reranking.order("nothing of these", TEXTS) == [0, 1, 2]
    assert await reranking.order("one text alone", TEXTS[:1]) is None


async def test_nothing_is_asked_before_the_check_has_passed() -> None:
    reranker = WordCounter()
    reranking = Reranking(reranker, budget=5.0)
    assert await reranking.order("neural machine translation", TEXTS) is None
    assert reranker.calls == 0


async def test_a_model_that_puts_wrong_texts_first_is_switched_off_with_a_plain_word(caplog: pytest.LogCaptureFixture) -> None:
    reranker, clock = WordCounter(), Clock()
    reranker.backwards = True
    reranking = await started(reranker, clock)
    assert reranking.state is State.OFF
    assert "scored a text about something else" in reranking.reason
    assert any("The reranker is off" in line and "--hf-overrides" in line for line in caplog.messages)
    reranker.backwards, clock.now = False, clock.now + 10 * PAUSE
    assert await reranking.order("neural machine translation", TEXTS) is None
    assert reranker.calls == 1


async def test_who_takes_too_long_is_not_waited_for() -> None:
    reranker = WordCounter()
    reranking = await started(reranker, budget=0.01)
    reranker.hangs = True
    assert await reranking.order("neural machine translation", TEXTS) is None
    reranker.hangs = False
    assert await reranking.order("neural machine translation", TEXTS) == [2, 1, 0]


async def test_a_failing_server_is_left_alone_and_checked_anew_after_a_pause(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    reranker, clock = WordCounter(), Clock()
    reranking = await started(reranker, clock)
    reranker.fails = True
    for _ in range(FAILURES):
        assert await reranking.order("neural machine translation", TEXTS) is None
    assert reranking.state is State.AWAY
    asked = reranker.calls
    assert await reranking.order("neural machine translation", TEXTS) is None
    assert reranker.calls == asked, "it was asked during the pause"

    reranker.fails = False
    clock.now += PAUSE
    # The first question after the pause starts the check and keeps its order.
    assert await reranking.order("neural machine translation", TEXTS) is None
    await reranking.checked()
    assert (reranking.state, reranking.reason) == (State.ON, "")
    assert await reranking.order("neural machine translation", TEXTS) == [2, 1, 0]


async def test_failures_count_only_in_a_row() -> None:
    reranker = WordCounter()
    reranking = await started(reranker)
    for _ in range(2 * FAILURES):
        reranker.fails = True
        await reranking.order("neural machine translation", TEXTS)
        reranker.fails = False
        await reranking.order("neural machine translation", TEXTS)
    assert reranking.state is State.ON


async def test_a_server_that_is_away_at_the_start_comes_in_later() -> None:
    reranker, clock = WordCounter(), Clock()
    reranker.fails = True
    reranking = await started(reranker, clock)
    assert reranking.state == "away"
    reranker.fails, clock.now = False, clock.now + PAUSE
    await reranking.order("neural machine translation", TEXTS)
    await reranking.checked()
    assert reranking.state == "on"


async def test_closing_ends_a_check_that_hangs() -> None:
    reranker = WordCounter()
    reranker.hangs = True
    reranking = Reranking(reranker, budget=5.0)
    reranking.start()
    await asyncio.sleep(0)
    await reranking.aclose()
    assert reranker.closed
