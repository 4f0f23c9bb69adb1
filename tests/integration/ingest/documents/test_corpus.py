"""Real files, whole and broken: a document or a clear error, within a minute and within the memory limit."""

import os
import time
from pathlib import Path

import pytest

from rag.errors import DocumentError, NoTextLayerError
from rag.ingest.documents import Budget, Document, Limits, Sandbox
from rag.settings import CHECKOUT
from tests.integration.ingest.documents.conftest import within_memory

PDFS = Path(os.environ.get("PAPER_FINDER_TEST_DATA", CHECKOUT.parent / "shared" / "data")) / "pdfs"
FOLDERS = ("academic", "broken", "cjk", "encrypted", "layout", "malicious", "scanned")
WHILE_WAITED_FOR = Budget(seconds=20.0)

pytestmark = pytest.mark.skipif(not PDFS.is_dir(), reason="no PDFs under PAPER_FINDER_TEST_DATA")


def read(sandbox: Sandbox, path: Path) -> Document | DocumentError:
    """What became of it."""
    try:
        return sandbox.read_now(path.read_bytes(), path.name, "application/pdf", Limits(), WHILE_WAITED_FOR)
    except DocumentError as error:
        return error


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_document_or_a_clear_error(real: Sandbox, folder: str) -> None:
    documents = 0
    for path in sorted((PDFS / folder).glob("*.pdf")):
        started = time.monotonic()
        found = read(real, path)
        assert time.monotonic() - started < 60
        if isinstance(found, DocumentError):
            assert path.name in found.message
            assert found.status in {413, 415, 422}
            assert "crash" not in found.message
            continue
        documents += 1
        assert found.metadata.title
        assert found.pages_read <= len(found.pages) <= found.page_count
        assert any(found.pages) or found.pages_read < found.page_count
        assert not any("\0" in page for page in found.pages)
    assert documents
    assert within_memory()


def test_scanned_files_without_tesseract_say_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    sandbox = Sandbox()
    refused = 0
    try:
        for path in sorted((PDFS / "scanned").glob("*.pdf")):
            found = read(sandbox, path)
            if isinstance(found, DocumentError):
                assert isinstance(found, NoTextLayerError)
                assert "no text layer" in str(found)
                assert "tesseract-ocr tesseract-ocr-chi-sim" in str(found)
                refused += 1
            else:
                assert any(found.pages)
                assert (found.pages_read, found.page_count) == (len(found.pages), len(found.pages))
    finally:
        sandbox.close()
    assert refused


def test_files_with_a_password_say_so(real: Sandbox) -> None:
    said = set()
    for name in ("r2-user-password", "r3-user-password", "r6-both-passwords", "libreoffice-writer-password", "rc4-128"):
        path = PDFS / "encrypted" / f"{name}.pdf"
        with pytest.raises(DocumentError, match="is protected by a password") as raised:
            real.read_now(path.read_bytes(), path.name, "", Limits(), WHILE_WAITED_FOR)
        said.add(raised.value.code)
    assert said == {"encrypted_file"}


def test_a_paper_of_a_dozen_pages_takes_less_than_a_second_of_processor_time(real: Sandbox) -> None:
    """The clock would measure what else the machine does."""
    path = PDFS / "academic" / "fader11.pdf"
    data = path.read_bytes()
    real.read_now(data, path.name, "", Limits(), WHILE_WAITED_FOR)
    document = real.read_now(data, path.name, "", Limits(cpu=1), None)
    assert document.pages_read == document.page_count == 12
