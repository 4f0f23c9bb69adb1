"""Sandboxes, and PDFs that are made for a test."""

import os
from collections.abc import Callable, Iterator
from io import BytesIO

import psutil
import pytest
from reportlab.pdfgen.canvas import Canvas

from rag.ingest.documents import Limits, Sandbox
from rag.stack.testing import wait_until
from tests.integration.ingest.documents.measuring_warden import forget, measured

Drawn = Callable[..., bytes]


@pytest.fixture(scope="session")
def real() -> Iterator[Sandbox]:
    """A sandbox as the service has it, but for its memory being measured."""
    sandbox = Sandbox("tests.integration.ingest.documents.measuring_warden")
    yield sandbox
    sandbox.close()
    forget(os.getpid())


def memory_taken() -> int:
    """The most that a document took which ``real`` has read so far, in bytes."""
    wardens = [one for one in psutil.Process().children() if "measuring_warden" in " ".join(one.cmdline())]
    wait_until(lambda: not any(one.children() for one in wardens), 20)
    found = measured(os.getpid())
    return found.most - found.own


def within_memory() -> bool:
    """Whether none of them took more than the limit."""
    return memory_taken() <= Limits().memory_bytes


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
