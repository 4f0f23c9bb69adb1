"""The models: do they give what they should, and how fast."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from statistics import median

from rag.api.engine import open_reranking
from rag.chat_model import ChatEndpoint
from rag.doctor.finding import Finding, failed, ok, skipped, warning
from rag.embeddings import Embedder, open_embedder, self_check
from rag.errors import PaperFinderError
from rag.retrieval import TOP
from rag.settings import Settings

QUESTIONS = 5
TEXTS = 64
SLOW_QUESTION = 1.0
"""Seconds."""
CHAT_SYSTEM = "Answer with one word."
CHAT_QUESTION, CHAT_ANSWER = "What is the capital of France?", "paris"


async def look_at_embeddings(settings: Settings) -> AsyncIterator[Finding]:
    """Self-check, latency of a question, throughput of documents."""
    part = "Embedding model"
    try:
        embedder = await asyncio.to_thread(open_embedder, settings)
    except PaperFinderError as error:
        yield failed(part, error.message, error.advice)
        return
    try:
        await asyncio.to_thread(self_check, embedder)
        yield await _measured(part, embedder)
    except PaperFinderError as error:
        yield failed(part, error.message, error.advice)
    finally:
        await embedder.aclose()


async def _measured(part: str, embedder: Embedder) -> Finding:
    # Texts that no cache knows, of an abstract's length.
    run = f"{time.time_ns():x}"
    seconds = []
    for number in range(QUESTIONS):
        start = time.perf_counter()
        await embedder.aencode_queries([f"low-resource machine translation {run} {number}"])
        seconds.append(time.perf_counter() - start)
    abstract = "We study the translation of languages with little parallel data and compare methods on ten of them. " * 10
    start = time.perf_counter()
    await embedder.aencode_documents([f"{run} {number} {abstract}" for number in range(TEXTS)])
    rate = TEXTS / (time.perf_counter() - start)
    latency = median(seconds)
    said = (
        f"{embedder.model} with {embedder.dimensions} dimensions passes its check; "
        f"{latency * 1000:.0f} ms a question, {rate:.0f} abstracts a second."
    )
    figures = {"question_ms": latency * 1000, "abstracts_per_second": rate}
    if latency > SLOW_QUESTION:
        return warning(part, said, "A question waits for it: look at the server's load, or give it a GPU.", **figures)
    return ok(part, said, **figures)


async def look_at_chat(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the chat model answers a known question, and when its first words come."""
    part = "Chat model"
    if not settings.chat:
        yield skipped(part, "None is configured.")
        return
    key = settings.chat_key.get_secret_value() if settings.chat_key else None
    words: list[str] = []
    start, first = time.perf_counter(), 0.0
    try:
        chat = ChatEndpoint(settings.chat, key=key)
        try:
            async with asyncio.timeout(settings.chat_seconds), aclosing(chat.stream(CHAT_SYSTEM, CHAT_QUESTION)) as pieces:
                async for piece in pieces:
                    first = first or time.perf_counter() - start
                    words.append(piece)
        finally:
            await chat.aclose()
    except TimeoutError:
        yield failed(
            part, f"No whole answer within {settings.chat_seconds:g} s.", "Raise PAPER_FINDER_CHAT_SECONDS, or serve it faster."
        )
        return
    except PaperFinderError as error:
        yield failed(part, error.message, error.advice or "Check PAPER_FINDER_CHAT, and that the server runs.")
        return
    seconds = time.perf_counter() - start
    if CHAT_ANSWER not in "".join(words).casefold():
        said = f"To '{CHAT_QUESTION}' it answers {''.join(words)[:60]!r}."
        yield warning(part, said, "Serve a model that follows instructions, with its own chat template.", seconds=seconds)
        return
    said = f"It answers a known question; first words after {first:.2f} s, {seconds:.2f} s in all."
    yield ok(part, said, first_words_seconds=first, seconds=seconds)


async def look_at_reranker(settings: Settings) -> AsyncIterator[Finding]:
    """Its check, and how long it takes for what a question sends it."""
    part = "Reranker"
    if not settings.reranker:
        yield skipped(part, "None is configured.")
        return
    try:
        async with open_reranking(settings, budget=60.0) as reranking:
            assert reranking is not None
            await reranking.checked()
            if reranking.reason:
                yield failed(
                    part, reranking.reason, "See PAPER_FINDER_RERANKER in the README; until then the order stays as it is."
                )
                return
            texts = [f"Abstract {number} on the translation of languages with little data. " * 12 for number in range(TOP)]
            start = time.perf_counter()
            await reranking.order("low-resource machine translation", texts)
            seconds = time.perf_counter() - start
    except PaperFinderError as error:
        yield failed(part, error.message, error.advice)
        return
    said = f"It passes its check; {seconds:.2f} s for {TOP} papers, of {settings.reranker_seconds:g} s that a question waits."
    if seconds > settings.reranker_seconds:
        yield warning(
            part, said, "Questions go on without it: raise PAPER_FINDER_RERANKER_SECONDS or serve it faster.", seconds=seconds
        )
    else:
        yield ok(part, said, seconds=seconds)
