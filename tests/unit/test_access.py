"""What one question may see is asked once."""

import asyncio

import pytest

from rag.access import AskedOnce, Scope

pytestmark = pytest.mark.anyio


async def test_it_is_asked_when_needed_and_then_kept() -> None:
    asked = 0

    async def ask() -> Scope:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return Scope((asked,))

    once = AskedOnce(ask)
    assert asked == 0
    assert set(await asyncio.gather(once(), once())) == {Scope((1,))}
    assert await once() == Scope((1,))
    assert await AskedOnce(ask)() == Scope((2,))


async def test_a_failure_is_kept_too() -> None:
    async def ask() -> Scope:
        raise LookupError

    once = AskedOnce(ask)
    for _ in range(2):
        with pytest.raises(LookupError):
            await once()
