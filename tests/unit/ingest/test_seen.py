"""The table of ids."""

from rag.ingest.seen import SeenIds


def test_remembers_the_first_number() -> None:
    seen = SeenIds()
    assert seen.remember("a", 3) is None
    assert seen.remember("b", 0) is None
    assert seen.remember("a", 9) == 3
    assert seen.remember("b", 9) == 0


def test_grows() -> None:
    seen = SeenIds()
    assert all(seen.remember(f"id{n}", n) is None for n in range(20_000))
    assert all(seen.remember(f"id{n}", 0) == n for n in range(20_000))
