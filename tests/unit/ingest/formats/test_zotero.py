"""A library that comes with its files."""

from pathlib import Path

from rag.ingest import Item, Rejected, Remark, readers_for
from rag.ingest.document_reader import DocumentsReader
from rag.ingest.formats.zotero import ZoteroReader
from rag.ingest.testing import plain_document
from rag.papers import PaperRecord
from tests.unit.ingest.conftest import Written

LIBRARY = r"""
@article{with, title = {With a file},
  file = {PDF:files/1/with.pdf:application/pdf;Page:files/1/page.html:text/html}}
@article{without, title = {Without}}
@article{lost, title = {Lost}, file = {PDF:files/2/lost.pdf:application/pdf}}
@article{outside, title = {Outside}, file = {PDF:../secret.pdf:application/pdf}}
@article{damaged, title = {Damaged}, file = {files/3/damaged.pdf}}
"""


def read(folder: Path) -> list[Item]:
    return list(ZoteroReader(DocumentsReader(lambda content, **_: plain_document(content))).read(folder))


def test_papers_get_the_text_of_their_files(written: Written, tmp_path: Path) -> None:
    written("secret.pdf", "Secret\fwords")
    written("export/My Library.bib", LIBRARY)
    written("export/files/1/with.pdf", "Title in the file\nabout it\fsecond page")
    written("export/files/1/page.html", "snapshot")
    written("export/files/3/damaged.pdf", b"\xff\xfe")
    written("export/files/4/alone.pdf", "Alone\nnobody names it")
    folder = tmp_path / "export"
    [source] = readers_for([folder]).found
    assert (source.reader.name, source.expected) == ("library with files", 5)
    items = read(folder)
    papers = {item.title: item for item in items if isinstance(item, PaperRecord)}
    assert list(papers) == ["With a file", "Without", "Lost", "Outside", "Damaged", "Alone"]
    assert papers["With a file"].abstract == "about it"
    assert [passage.page for passage in papers["With a file"].passages] == [0, 1]
    assert not any(papers[title].passages for title in ("Without", "Lost", "Outside", "Damaged"))
    lost, outside, damaged = [str(item) for item in items if isinstance(item, Remark)]
    assert lost == "export:5: the file files/2/lost.pdf is not in the folder"
    assert outside == "export:6: the file ../secret.pdf is not in the folder"
    assert damaged.startswith("damaged.pdf: This is no text.")
    assert not any(isinstance(item, Rejected) for item in items)


def test_ris_names_its_files_too(written: Written, tmp_path: Path) -> None:
    written("export/lib.ris", "TY  - JOUR\nTI  - One\nL1  - files/1/one%20paper.pdf\nER  - \n")
    written("export/files/1/one paper.pdf", "One\nabout one")
    [paper] = read(tmp_path / "export")
    assert isinstance(paper, PaperRecord)
    assert paper.abstract == "about one"
