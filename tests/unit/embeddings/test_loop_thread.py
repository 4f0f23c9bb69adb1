"""A loop on a thread of its own."""

import asyncio
from threading import get_ident

import pytest

from rag.embeddings.loop_thread import LoopThread


async def where() -> int:
    return get_ident()


def test_coroutines_run_on_one_other_thread() -> None:
    thread = LoopThread("test")
    first, second = (thread.submit(where()).result(10) for _ in range(2))
    assert first == second != get_ident()
    thread.close()


def test_closing_cancels_what_runs() -> None:
    thread = LoopThread("test")
    forever = thread.submit(asyncio.Event().wait())
    thread.submit(where()).result(10)
    thread.close()
    assert forever.cancelled()
    with pytest.raises(RuntimeError, match="closed"):
        thread.submit(where())


def test_closing_twice_or_unused_is_no_matter() -> None:
    thread = LoopThread("test")
    thread.close()
    thread.close()
