"""Sandboxes, and PDFs that are made for a test."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from reportlab.pdfgen.canvas import Canvas

from rag.ingest.documents import Sandbox

Drawn = Callable[..., bytes]


@pytest.fixture(scope="session")
def real() -> Iterator[Sandbox]:
    """A sandbox as the service has it."""
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="module")
def nasty() -> Iterator[Sandbox]:
    """A sandbox in which documents say what their reading does."""
    sandbox = Sandbox("tests.integration.ingest.documents.nasty_warden")
    yield sandbox
    sandbox.close()


@pytest.fixture
def drawn() -> Drawn:
    """Makes a PDF: each argument draws a page."""

    def make(*pages: Callable[[Canvas], None], **options: object) -> bytes:
        made = BytesIO()
        canvas = Canvas(made, **options)
        for page in pages:
            page(canvas)
            canvas.showPage()
        canvas.save()
        return made.getvalue()

    return make
