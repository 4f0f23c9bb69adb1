"""Reranking the first papers by a model that reads question and text together: checked, in time, and never in the way."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol

from rag.errors import PaperFinderError
from rag.retrieval.ranking import Ranked
from rag.store import Index

log = logging.getLogger(__name__)

TOP = 30
"""Papers of the fused order that are read again."""
FAILURES = 3
"""So many in a row, and the reranker is left alone for a while."""
PAUSE = 30.0
"""Seconds that it is left alone."""
CHECK_SECONDS = 20.0
"""For the check: the first answer of a server that has just started may take long."""
MARGIN = 0.05
"""By how much the right text must score higher in the check."""

_QUESTION = "neural machine translation for languages with little training data"
_FITS = "We train neural machine translation for low-resource languages, where little parallel data is available."
_DOES_NOT = (
    "Patients received antibiotics after surgery, and the wound healed within two weeks.",
    "Training data for neural networks that find cars and people in pictures is labelled by hand.",
)


class RerankError(PaperFinderError):
    """The reranker cannot be reached or gave an answer that cannot be used."""

    status = 502
    code = "rerank_error"


class Reranker(Protocol):
    """A model that scores texts for a question. Its scores order one question's texts; nothing else is asked of them."""

    async def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """A score for each text, higher is better.

        Raises:
            RerankError: there is no answer that can be used.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


class State(StrEnum):
    """What becomes of questions at the moment."""

    CHECKING = "checking"
    ON = "on"
    AWAY = "away"
    """Failed several times in a row; tried again after a pause."""
    OFF = "off"
    """Puts wrong texts first; not used until the service starts again."""


class Reranking:
    """A reranker behind its check, a time budget and a circuit breaker."""

    def __init__(self, reranker: Reranker, *, budget: float, clock: Callable[[], float] = time.monotonic) -> None:
        """``budget``: seconds that a question waits for the reranker at most."""
        self._reranker = reranker
        self._budget = budget
        self._clock = clock
        self._failures = 0
        self._resume = 0.0
        self._check: asyncio.Task[None] | None = None
        self.state = State.CHECKING
        self.reason = ""
        """Why it is not on; '' when it is."""

    def start(self) -> None:
        """Begin the check in the background; questions keep the fused order until it has passed."""
        if self._check is None or self._check.done():
            self._check = asyncio.create_task(self._checked())

    async def checked(self) -> None:
        """Wait for the check that runs."""
        if self._check is not None:
            await asyncio.shield(self._check)

    async def aclose(self) -> None:
        """Stop the check and close the reranker."""
        if self._check is not None:
            self._check.cancel()
            await asyncio.gather(self._check, return_exceptions=True)
        await self._reranker.aclose()

    async def order(self, question: str, texts: Sequence[str]) -> list[int] | None:
        """The places of ``texts`` in their new order; None when the old one is to stay: no answer in time, or switched off."""
        if not self._may_ask() or len(texts) < 2:
            return None
        try:
            async with asyncio.timeout(self._budget):
                scores = await self._reranker.scores(question, texts)
        except TimeoutError:
            self._failed(f"no answer within {self._budget:g} s")
            return None
        except RerankError as error:
            self._failed(str(error))
            return None
        self._failures = 0
        # Equal scores keep the fused order.
        return sorted(range(len(texts)), key=lambda place: -scores[place])

    def _may_ask(self) -> bool:
        if self.state is State.AWAY and self._clock() >= self._resume:
            # Whatever answers now may be another server than before: it is checked before it is believed.
            self.state = State.CHECKING
            self.start()
        return self.state is State.ON

    def _failed(self, reason: str) -> None:
        self._failures += 1
        log.debug("The reranker: %s.", reason)
        if self._failures >= FAILURES:
            self._away(reason)

    def _away(self, reason: str) -> None:
        self._failures = 0
        self._resume = self._clock() + PAUSE
        self.state, self.reason = State.AWAY, reason
        log.warning("The reranker is left alone for %g s: %s.", PAUSE, reason.rstrip("."))

    async def _checked(self) -> None:
        """A known text must score above others; a model without its template fails this, and would shuffle every answer."""
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                right, *wrong = await self._reranker.scores(_QUESTION, [_FITS, *_DOES_NOT])
        except (TimeoutError, RerankError) as error:
            self._away(str(error) or f"no answer within {CHECK_SECONDS:g} s")
            return
        if right >= max(wrong) + MARGIN * max(1.0, abs(right)):
            self.state, self.reason = State.ON, ""
            log.info("The reranker passed its check and is on.")
            return
        self.reason = f"it scored a text about something else {max(wrong):.2f} and the right one {right:.2f}"
        self.state = State.OFF
        log.error(
            "The reranker is off: %s. Check its model name, and for Qwen3-Reranker the --hf-overrides it was started with.",
            self.reason,
        )


async def reread(reranking: Reranking, index: Index, question: str, ranked: Sequence[Ranked]) -> list[Ranked] | None:
    """``ranked`` with its first ``TOP`` in the reranker's order; None when the order is to stay.

    A paper is read as its title and its best passage: of the full text where one matched, else the abstract. Those that the
    question names stay before all others.
    """
    named = [r for r in ranked if r.candidate.named]
    others = [r for r in ranked if not r.candidate.named]
    first = others[:TOP]
    papers = await index.papers([r.candidate.key for r in first])
    stored = await index.passages([r.candidate.passages[0][0] for r in first if r.candidate.passages])
    texts: list[str] = []
    for r in first:
        paper = papers.get(r.candidate.key)
        passage = stored.get(r.candidate.passages[0][0]) if r.candidate.passages else None
        body = passage.text if passage else paper.abstract if paper else ""
        texts.append("\n".join(filter(None, [paper.title if paper else "", body])))
    order = await reranking.order(question, texts)
    return None if order is None else [*named, *(first[place] for place in order), *others[TOP:]]
