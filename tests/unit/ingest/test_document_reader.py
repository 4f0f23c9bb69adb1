"""Documents as papers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.access import Unreadable, UnreadPages
from rag.embeddings.testing import FakeEmbedder
from rag.errors import EncryptedFileError, UnreadableFileError
from rag.ingest import Rejected, Remark, SilentProgress, ingest
from rag.ingest.batches import Batches
from rag.ingest.document_reader import DocumentsReader
from rag.ingest.documents import Document, Limits, Metadata, PassageDraft
from rag.ingest.runner import embedded
from rag.ingest.sources import Source, Sources
from rag.ingest.testing import FakeLibrary
from rag.ingest.uploading import upload_of
from rag.papers import PaperRecord, PassageText
from tests.unit.ingest.conftest import Written


def document(title: str = "On Widgets", passages: int = 2) -> Document:
    return Document(
        metadata=Metadata(title, ("Ann Lee",), 2021, "Widgets", "10.1000/w", "2101.00001", "About widgets.", "en"),
        pages=("One.", "Two."),
        passages=tuple(PassageDraft(f"Passage {n} of {title}.", n, "Intro") for n in range(passages)),
        kind="pdf",
        unread=(UnreadPages(Unreadable.DAMAGED, (2,)),),
        page_count=3,
        pages_read=3,
    )


def test_a_document_is_a_paper_with_its_passages(written: Written) -> None:
    path = written("w.pdf", "%PDF-1.7")
    remark, paper = DocumentsReader(lambda _, **__: document()).read(path)
    assert remark == Remark("w.pdf", "Page 3 is damaged and could not be read.")
    assert isinstance(paper, PaperRecord)
    assert (paper.title, paper.authors, paper.year, paper.doi, paper.arxiv_id, paper.language) == (
        *("On Widgets", ["Ann Lee"], 2021, "10.1000/w", "2101.00001", "en"),
    )
    assert paper.passages == [PassageText(text=f"Passage {n} of On Widgets.", page=n, section="Intro") for n in range(2)]


def test_an_upload_is_the_same_paper_as_the_file_in_the_library(written: Written) -> None:
    said = Metadata("On Widgets and  Their Uses", ("Ann Lee", " "), 2021, "arXiv:2101.00001v2", abstract="About all widgets.")
    read = replace(document(), metadata=said)
    _, shared = DocumentsReader(lambda _, **__: read).read(written("w.pdf", "%PDF-1.7"))
    upload = upload_of(read, file_id="f", owner="ann", name="w.pdf", content=b"%PDF-1.7")
    assert isinstance(shared, PaperRecord)
    assert upload.record.model_copy(update={"source_id": shared.source_id}) == shared
    assert (shared.title, shared.language, shared.arxiv_id) == ("On Widgets and Their Uses", "en", "2101.00001")


def test_a_document_without_a_title_is_called_like_its_file(written: Written) -> None:
    read = replace(document(), metadata=Metadata(), unread=())
    (paper,) = DocumentsReader(lambda _, **__: read).read(written("Budget 2021.pdf", "%PDF-1.7"))
    assert isinstance(paper, PaperRecord)
    assert paper.title == "Budget 2021"


def test_what_makes_no_paper_is_told(written: Written) -> None:
    read = replace(document(), metadata=Metadata("On Widgets", year=99), unread=())
    (rejected,) = DocumentsReader(lambda _, **__: read).read(written("w.pdf", "%PDF-1.7"))
    assert isinstance(rejected, Rejected)
    assert "99 is not a year" in rejected.reason


def test_it_is_known_by_its_bytes(written: Written) -> None:
    reader = DocumentsReader(lambda _, **__: document())
    papers = [
        list(reader.read(written(name, text)))[-1]
        for name, text in (("a.pdf", "%PDF-1"), ("b.pdf", "%PDF-1"), ("c.pdf", "%PDF-2"))
    ]
    ids = [paper.source_id for paper in papers if isinstance(paper, PaperRecord)]
    assert ids[0] == ids[1] != ids[2]


def test_what_cannot_be_read_is_rejected_with_advice(written: Written, tmp_path: Path) -> None:
    def fail(*_: object, **__: object) -> Document:
        raise EncryptedFileError("w.pdf is protected by a password.")

    (rejected,) = DocumentsReader(fail).read(written("w.pdf", "%PDF"))
    assert isinstance(rejected, Rejected)
    assert rejected.reason.startswith("w.pdf is protected by a password. Open it with its password")
    (rejected,) = DocumentsReader(fail, Limits(input_bytes=2**20)).read(written("l.pdf", b"%PDF" + bytes(2**20)))
    assert str(rejected) == "l.pdf: it is larger than 1 MB"
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        list(DocumentsReader(fail).read(tmp_path / "gone.pdf"))


@pytest.mark.anyio
async def test_passages_are_embedded_under_their_title_and_section() -> None:
    records = [
        PaperRecord(source_id=name, title=name, passages=[PassageText(text=f"{name}{n}", section="S") for n in range(count)])
        for name, count in (("none", 0), ("two", 2), ("one", 1))
    ]
    embedder = FakeEmbedder()
    items = await embedded(records, embedder)
    assert embedder.calls == [["none", "two", "one", "two · S\ntwo0", "two · S\ntwo1", "one · S\none0"]]
    assert [item.record for item in items] == records
    sizes = [None if item.passage_embeddings is None else item.passage_embeddings.shape for item in items]
    assert sizes == [None, (2, embedder.dimensions), (1, embedder.dimensions)]
    expected = await embedder.aencode_documents(["one · S\none0"])
    assert items[2].passage_embeddings is not None
    np.testing.assert_allclose(items[2].passage_embeddings, expected, atol=1e-6)


def test_batches_of_long_documents_end_early(written: Written) -> None:
    long = (PassageDraft("word " * 300_000, None, ""),)
    reader = DocumentsReader(lambda data, **_: replace(document(data.decode()), passages=long))
    sources = Sources([Source(written(f"{n}.pdf", f"%PDF-{n}"), reader, 1) for n in range(5)])
    batches = Batches(sources)
    sizes = []
    while (batch := batches.next()) is not None:
        sizes.append(len(batch.records))
    assert sizes == [3, 2]


@pytest.mark.anyio
async def test_a_folder_of_documents_goes_in_and_the_same_again_changes_nothing(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written("papers/a.pdf", "%PDF-a").parent
    written("papers/b.pdf", "%PDF-b")
    library = FakeLibrary()
    readers = Sources([Source(path, DocumentsReader(lambda data, **_: document(data.decode())), 1) for path in folder.iterdir()])
    monkeypatch.setattr("rag.ingest.runner.readers_for", lambda _: readers)
    first = await ingest([folder], "c", library, FakeEmbedder(), SilentProgress())
    again = await ingest([folder], "c", library, FakeEmbedder(), SilentProgress())
    assert (first.added, again.added, again.unchanged) == (2, 0, 2)
    assert {len(paper.passages) for paper in library.collections["c"].values()} == {2}
