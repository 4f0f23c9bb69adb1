"""The assistant: understand, search, answer, cite."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from rag.assistant.answer import apology, item, nothing, shortened, understood, without_search
from rag.assistant.citations import ranked
from rag.assistant.conversation import Event, Intent, Source, Status, Text, Turn, Understanding
from rag.assistant.messages import say
from rag.assistant.understanding import understand
from rag.errors import PaperFinderError
from rag.papers import Query, SearchResult

_logger = logging.getLogger(__name__)
_STATUS_TOPIC = 80


class Assistant:
    """Answers turns of a conversation from what ``search`` finds; ``search`` already knows what the caller may see."""

    def __init__(self, search: Callable[[Query], Awaitable[SearchResult]]) -> None:
        self._search = search

    async def answer(self, turn: Turn) -> AsyncIterator[Event]:
        """The events of an answer in the order to send them: a status at once, sources in rank order, a last status, text."""
        understanding = understand(turn.messages, turn.today)
        if understanding.intent is not Intent.FIND:
            yield Text(without_search(understanding))
            return
        language, query = understanding.language, understanding.query()
        yield Status(say("searching", language, topic=shortened(query.text, _STATUS_TOPIC)), done=False)
        try:
            result = await self._search(query)
            sources = _sources(understanding, result)
            elsewhere = 0 if sources else await self._found_without_limits(understanding)
        except PaperFinderError as error:
            _logger.warning("A search failed: %s", error)
            yield Status(say("failed", language), done=True)
            yield Text(apology(error, language))
            return
        for source in sources:
            yield source
        yield Status(_found(len(sources), understanding), done=True)
        yield Text(understood(understanding, result.scope))
        if not sources:
            for piece in nothing(understanding, elsewhere, result.scope):
                yield Text(piece)
        for source in sources:
            yield Text(item(source.rank, source.hit, language))

    async def _found_without_limits(self, understanding: Understanding) -> int:
        if not understanding.limited or not understanding.topic:
            return 0
        without = understanding.without_limits()
        return len(_sources(without, await self._search(without.query())))


def _sources(understanding: Understanding, result: SearchResult) -> list[Source]:
    """What the answer will cite: nothing, unless the best paper is about the topic."""
    # Without a topic the limits are the whole question, and whatever meets them fits.
    if understanding.topic and not result.confident:
        return []
    return list(ranked(result.hits[: understanding.limit]))


def _found(count: int, understanding: Understanding) -> str:
    name = {0: "found_nothing", 1: "found_one"}.get(count, "found")
    return say(name, understanding.language, count=count)
