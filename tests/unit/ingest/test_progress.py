"""The bar on the terminal."""

import io

from rich.console import Console

from rag.ingest import RichProgress


def shown(total: int | None) -> str:
    output = io.StringIO()
    with RichProgress(Console(file=output, force_terminal=True, width=120)) as progress:
        progress.start(total)
        progress.phase("Importing")
        progress.advance(600)
        progress.advance(400)
    return output.getvalue()


def test_shows_phase_and_numbers() -> None:
    assert "Importing" in shown(2_000)
    assert "1000/2000" in shown(2_000)
    assert "papers/s" in shown(2_000)


def test_without_a_total() -> None:
    assert "1000/?" in shown(None)
