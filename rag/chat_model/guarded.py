"""A chat model behind a time budget and a circuit breaker."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel

from rag.chat_model.endpoint import Chat, ChatModelError

log = logging.getLogger(__name__)

FAILURES = 3
"""So many in a row, and the model is left alone for a while."""
PAUSE = 30.0
"""Seconds that it is left alone."""
PATIENCE = 0.5
"""The part of the budget within which the first word must come."""

T = TypeVar("T", bound=BaseModel)


class Failure(StrEnum):
    """Why a model's text is not there, or not whole."""

    AWAY = "away"
    """It cannot be reached, refuses, or failed so often that it is left alone."""
    SLOW = "slow"
    USELESS = "useless"
    """Nothing of what it wrote could be used."""


class ChatModel:
    """A chat model that keeps nobody waiting longer than ``budget`` seconds for a text."""

    def __init__(self, chat: Chat, *, budget: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._chat = chat
        self._budget = budget
        self._clock = clock
        self._failures = 0
        self._resume = 0.0
        self.reason = ""
        """Why it is left alone; '' when it is not."""

    async def aclose(self) -> None:
        """Close the connections."""
        await self._chat.aclose()

    @property
    def away(self) -> bool:
        """Whether it is left alone at the moment."""
        return self._clock() < self._resume

    async def write(self, system: str, user: str) -> AsyncGenerator[str | Failure]:
        """The model's text in pieces as they come, within the budget; a failure, if there is one, is the last of them."""
        if self.away:
            yield Failure.AWAY
            return
        end = self._clock() + self._budget
        until = self._clock() + PATIENCE * self._budget
        async with aclosing(self._chat.stream(system, user)) as pieces:
            while True:
                try:
                    async with asyncio.timeout(max(0.0, until - self._clock())):
                        piece = await anext(pieces, None)
                except TimeoutError:
                    self.failed(f"no answer within {self._budget:g} s")
                    yield Failure.SLOW
                    return
                except ChatModelError as error:
                    self.failed(str(error))
                    yield Failure.AWAY
                    return
                if piece is None:
                    return
                until = end
                yield piece

    async def read(self, system: str, user: str, schema: type[T], seconds: float) -> T | None:
        """The model's answer as an object of ``schema``; None when it is slow, away, or says something else."""
        if self.away:
            return None
        try:
            async with asyncio.timeout(seconds):
                return await self._chat.structured(system, user, schema)
        except TimeoutError:
            self.failed(f"no answer within {seconds:g} s")
        except ChatModelError as error:
            # Broken JSON now and then is in the nature of such models; only what it writes decides whether it is left alone.
            log.debug("The chat model: %s.", error)
        return None

    def succeeded(self) -> None:
        """What it wrote could be used."""
        self._failures = 0
        self.reason = ""

    def failed(self, reason: str) -> None:
        """It was slow or away, or nothing of what it wrote could be used."""
        self._failures += 1
        log.debug("The chat model: %s.", reason)
        if self._failures >= FAILURES:
            self._failures = 0
            self._resume = self._clock() + PAUSE
            self.reason = reason
            log.warning("The chat model is left alone for %g s: %s.", PAUSE, reason.rstrip("."))
