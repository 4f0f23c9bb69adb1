"""The engine of a running service: opened in the background, again when a part was away, and anew when the library was switched
to another model."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential

from rag.api.engine import Engine, settings_of_space
from rag.api.state import State
from rag.errors import DatabaseUnavailableError, EmbeddingUnavailableError, PaperFinderError
from rag.settings import Settings
from rag.store import KnowledgeBases, Spaces
from rag.webui import FileReader, Mirror, as_admin
from rag.wording.patterns import compile_rules

log = logging.getLogger(__name__)

PASSING = (DatabaseUnavailableError, EmbeddingUnavailableError)
"""Failures that mend themselves when the other side returns; any other is the operator's to mend."""
GRACE = 30.0
"""Seconds after a switch in which answers that had begun before may still use the former engine."""
AGAIN = 5.0
"""Seconds until a switch that could not be followed is tried again."""


async def serve_engine(state: State, on_failure: Callable[[PaperFinderError], None]) -> None:
    """Open the engine and keep ``state`` answering from the active space, until cancelled.

    ``on_failure`` is told when it cannot be opened at the start for a reason that waiting will not mend.
    """
    async with AsyncExitStack() as everything:
        serving = _Serving(state)
        everything.push_async_callback(serving.close)
        try:
            await serving.open(state.settings)
        except PaperFinderError as error:
            state.failure = error
            on_failure(error)
            return
        await asyncio.to_thread(compile_rules)
        serving.answer()
        while True:
            following = _Serving(state)
            everything.push_async_callback(following.close)
            try:
                await _follow(serving, following)
            except PaperFinderError as error:
                log.warning("%s Answering as before; trying again.", error)
                await following.close()
                await asyncio.sleep(AGAIN)
            else:
                serving = following


async def _follow(former: "_Serving", following: "_Serving") -> None:
    """Wait for a switch, answer from the new space, and let go of the former engine once nothing can need it any more."""
    space = await Spaces(former.engine.database).next_active()
    log.warning("The library was switched to %s with %d dimensions.", space.model, space.dimensions)
    await following.open(settings_of_space(following.state.settings, space))
    await former.stop_work()
    following.answer()
    await asyncio.sleep(GRACE)
    await former.close()


class _Serving:
    """One engine with its background work."""

    engine: Engine
    _settings: Settings

    def __init__(self, state: State) -> None:
        self.state = state
        self._stack = AsyncExitStack()
        self._works: list[asyncio.Task[None]] = []

    async def open(self, settings: Settings) -> None:
        """Open the engine; what is away for a while is waited for.

        Raises:
            PaperFinderError: something only the operator can mend.
        """
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(PASSING),
            wait=wait_exponential(0.25, max=5),
            before_sleep=self._keep_reason,
            reraise=True,
        )
        self._settings = settings
        async for attempt in retrying:
            with attempt:
                self.engine = await self._stack.enter_async_context(Engine.open(settings))

    def answer(self) -> None:
        """Answer from this engine from now on, and do its background work."""
        state, engine = self.state, self.engine
        mirror = _mirror(state, engine)
        # Without a pause between: nobody sees half of it.
        state.engine, state.mirror = engine, mirror
        state.pipeline.attach(engine.searcher, engine.shelf, engine.index, engine.chat, state.file_link)
        self._works = [asyncio.create_task(work) for work in (engine.work(self._settings), mirror.run())]

    async def stop_work(self) -> None:
        """End the background work; answers that have begun go on."""
        for work in self._works:
            work.cancel()
        await asyncio.gather(*self._works, return_exceptions=True)

    async def close(self) -> None:
        """End everything."""
        await self.stop_work()
        await self._stack.aclose()

    def _keep_reason(self, retry: RetryCallState) -> None:
        error = retry.outcome.exception() if retry.outcome else None
        if isinstance(error, PaperFinderError):
            self.state.failure = error
            log.warning("%s Trying again.", error)


def _mirror(state: State, engine: Engine) -> Mirror:
    knowledge = KnowledgeBases(engine.database)
    reader = FileReader(knowledge, engine.uploads)
    return Mirror(lambda: as_admin(state.webui, state.settings), knowledge, engine.uploads, reader)
