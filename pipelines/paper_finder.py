"""
title: Paper Finder
description: Finds papers in your library and cites them with their passages.
version: 0.1.0
licence: Apache-2.0
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, AsyncExitStack
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from anyio.from_thread import BlockingPortal, start_blocking_portal
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from rag.access import AskedOnce, ScopeOf
from rag.assistant import Assistant, Picture, Source, Status, Turn, Writer, answer_task, messages_from, source_event, task_of
from rag.assistant.completions import Completion, Piece
from rag.assistant.services import FileLink
from rag.chat_model import ChatModel
from rag.papers import Filters, Hit, PaperId, Query, SearchResult
from rag.retrieval import Searcher, similar
from rag.store import Index, Shelf


class Pipeline:
    """Paper Finder as an Open WebUI pipeline.

    It has no attribute ``type``: to the reference server that is what makes it a model and not a filter.
    Our service hosts it through ``answer``. In the reference Pipelines server, which tells no caller's credential, ``pipe``
    answers from the shared library alone.
    """

    class Valves(BaseModel):
        """What an administrator may turn in Open WebUI under Admin → Settings → Pipelines."""

        model_config = ConfigDict(extra="forbid")

        most_papers: int = Field(default=50, ge=1, le=50, description="Papers in one answer at most, whatever was asked for")
        collections: str | None = Field(
            default=None, description="Search these collections only (names separated by commas); all of them when empty"
        )

        def chosen(self) -> list[str]:
            """Names of the collections to search; all when there is none."""
            return [name for name in map(str.strip, (self.collections or "").split(",")) if name]

    def __init__(self) -> None:
        self.id = "paper-finder"
        self.name = "Paper Finder"
        self.valves = self.Valves()
        self._library: tuple[Searcher, Shelf, Index] | None = None
        self._writer: Writer | None = None
        self._file_link: FileLink | None = None
        self._portal: BlockingPortal | None = None
        self._closing: list[Callable[[], object]] = []

    def attach(
        self,
        searcher: Searcher,
        shelf: Shelf,
        index: Index,
        chat: ChatModel | None = None,
        file_link: FileLink | None = None,
    ) -> None:
        """Search, read and write with these from now on; called by the service that hosts this pipeline."""
        self._file_link = file_link
        self._library = searcher, shelf, index
        self._writer = Writer(chat) if chat else None

    async def on_startup(self) -> None:
        """The reference server's start: open the library on an event loop of our own, which ``pipe`` can wait for."""
        from rag.api.engine import Engine
        from rag.settings import load_settings

        thread: AbstractContextManager[BlockingPortal] = start_blocking_portal()
        self._portal = thread.__enter__()
        stack = AsyncExitStack()
        engine = self._portal.call(stack.enter_async_context, Engine.open(load_settings()))
        self._closing = [lambda: thread.__exit__(None, None, None), lambda: self._running_portal().call(stack.aclose)]
        self.attach(engine.searcher, engine.shelf, engine.index, engine.chat)

    async def on_shutdown(self) -> None:
        """The reference server's end."""
        while self._closing:
            self._closing.pop()()

    async def on_valves_updated(self) -> None:
        """Valves are read at each question; nothing is to be done."""

    def pipe(
        self, user_message: str, model_id: str, messages: Sequence[Mapping[str, Any]], body: Mapping[str, Any]
    ) -> Iterator[Piece] | dict[str, Any]:
        """The answer to the conversation ``messages``: pieces when ``body`` asks to stream, else a whole chat completion."""
        del model_id  # this pipeline is one model
        conversation = messages or [{"role": "user", "content": user_message}]
        pieces = self._pieces(conversation)
        if body.get("stream"):
            return pieces
        return Completion(self.id).whole(pieces)

    async def answer(
        self, messages: Sequence[Mapping[str, Any]], task: str = "", scope_of: ScopeOf | None = None
    ) -> AsyncGenerator[Piece]:
        """The answer as it comes: status and citations as events, text as strings.

        ``task`` is Open WebUI's name for a background task; such a request is answered from its own text, without a search.
        ``scope_of`` says what the question may see; what everyone may read, if it is not given.
        """
        conversation = messages_from(messages)
        if task := task or task_of(conversation) or "":
            yield answer_task(task, conversation)
            return
        turn = Turn(conversation, datetime.now().astimezone().date())
        async for event in self._assistant(scope_of).answer(turn):
            if isinstance(event, Status):
                yield {"event": {"type": "status", "data": {"description": event.text, "done": event.done}}}
            elif isinstance(event, Source):
                yield {"event": source_event(event)}
            elif isinstance(event, Picture):
                yield {"event": {"type": "embeds", "data": {"embeds": [event.html]}}}
            else:
                yield event.markdown

    def _assistant(self, scope_of: ScopeOf | None) -> Assistant:
        if self._library is None:
            raise RuntimeError("on_startup, or attach, comes first")
        searcher, shelf, index = self._library
        if scope_of is not None:
            scope_of = AskedOnce(scope_of)
            searcher, shelf, index = searcher.reading(scope_of), shelf.reading(scope_of), index.reading(scope_of)

        chosen = self.valves.chosen()

        async def search(query: Query) -> SearchResult:
            return await searcher.search(replace(query, filters=query.filters.within(chosen)))

        async def alike(
            positives: Sequence[PaperId], negatives: Sequence[PaperId], filters: Filters, limit: int
        ) -> Sequence[Hit]:
            return await similar(index, positives, negatives, filters.within(chosen), limit)

        async def vectors(ids: Sequence[PaperId]) -> Mapping[PaperId, NDArray[np.float32]]:
            keys = await index.keys(ids)
            found = await index.vectors(list(keys.values()))
            return {paper_id: found[key] for paper_id, key in keys.items() if key in found}

        return Assistant(
            search,
            similar=alike,
            shelf=shelf.within(chosen),
            most=self.valves.most_papers,
            scope_of=scope_of,
            writer=self._writer,
            vectors=vectors,
            file_link=self._file_link,
        )

    def _pieces(self, messages: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
        portal = self._running_portal()
        answer = self.answer(messages)
        try:
            while (piece := portal.call(_next, answer)) is not None:
                yield piece
        finally:
            portal.call(answer.aclose)

    def _running_portal(self) -> BlockingPortal:
        if self._portal is None:
            raise RuntimeError("on_startup comes first")
        return self._portal


async def _next(pieces: AsyncIterator[Piece]) -> Piece | None:
    return await anext(pieces, None)
