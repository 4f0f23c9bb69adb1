"""The models: do they give what they should, and how fast."""

import asyncio
import time
from collections.abc import AsyncIterator
from statistics import median

from rag.api.engine import open_reranking
from rag.doctor.finding import Finding, failed, ok, skipped, warning
from rag.embeddings import Embedder, open_embedder, self_check
from rag.errors import PaperFinderError
from rag.retrieval import TOP
from rag.settings import Settings

QUESTIONS = 5
TEXTS = 64
SLOW_QUESTION = 1.0
"""Seconds."""


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
