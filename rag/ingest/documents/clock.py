"""The time and the pages that are left of a budget."""

import sys
import time
from collections.abc import Callable

from rag.ingest.documents.limits import Budget


class Clock:
    """Runs from when it is made; without a budget it never ends."""

    def __init__(self, budget: Budget | None, now: Callable[[], float] = time.monotonic) -> None:
        self.limited = budget is not None
        self.pages = sys.maxsize if budget is None else max(1, budget.pages)
        self._now = now
        self._end = float("inf") if budget is None else now() + budget.seconds

    def left(self) -> float:
        """Seconds."""
        return max(0.0, self._end - self._now())

    def over(self) -> bool:
        """Whether the time is up."""
        return self.left() <= 0
