"""Choosing readers."""

import gzip
import json
import os
from pathlib import Path

import pytest

from rag.errors import UnreadableFileError
from rag.ingest import readers_for
from tests.unit.ingest.conftest import Written

BIB = "@article{a, title={A}}\n"


def test_each_kind_gets_its_reader(written: Written, tmp_path: Path) -> None:
    paths = [
        written("set/corpus.jsonl", "{}\n{}").parent,
        written("corpus.jsonl.gz", gzip.compress(b"{}")),
        written("lib.ndjson", "{}"),
        written("one.json", '{"title": "T"}\n{"title": "U"}'),
        written("lib.bib", BIB),
        written("lib.ris", "TY  - JOUR\nER  -\n"),
        written("export.txt", BIB),
        written("paper.PDF", "%PDF"),
        written("notes.txt", "Notes."),
    ]
    sources = readers_for(paths)
    assert [source.reader.name for source in sources.found] == [
        *("BEIR", "BEIR", "JSON Lines", "JSON Lines", "BibTeX", "RIS", "BibTeX", "document", "document"),
    ]
    assert sources.expected == 11
    assert tmp_path in sources.found[0].path.parents


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("paper.zip", b"PK", "of no kind"),
        ("data.yaml", b"title: T", "of no kind"),
        ("empty.bib", b"", "no BibTeX record"),
        ("notes.bib", b"% nothing yet", "no BibTeX record"),
        ("broken.ris", b"TI  - T\nER  - \n", "no RIS record"),
        ("empty.jsonl", b"", "no JSON Lines record"),
        ("bad.jsonl.gz", b"\x1f\x8bgarbage", "cannot be read"),
        ("bad.bib", b"\x1f\x8bgarbage", "cannot be read"),
    ],
)
def test_refused_before_anything_is_read(written: Written, name: str, content: bytes, message: str) -> None:
    good = written("good.bib", BIB)
    with pytest.raises(UnreadableFileError, match=message):
        readers_for([good, written(name, content)])


def test_missing_and_forbidden(written: Written, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="There is no file or folder"):
        readers_for([tmp_path / "nowhere.bib"])
    with pytest.raises(UnreadableFileError, match="There is nothing in the folder"):
        readers_for([written("papers/a.zip", "PK").parent])
    if os.geteuid() != 0:
        secret = written("secret.bib", BIB)
        secret.chmod(0)
        with pytest.raises(UnreadableFileError, match="Permission denied"):
            readers_for([secret])


def test_a_folder_is_read_file_by_file(written: Written, tmp_path: Path) -> None:
    written("a.bib", BIB)
    written("deep/er/b.ris", "TY  - JOUR\nER  -\n")
    written("set/corpus.jsonl", json.dumps({"_id": "1", "title": "T"}))
    written("set/queries.jsonl", json.dumps({"_id": "q", "text": "not a paper"}))
    written("empty.bib", "")
    written("paper.pdf", "%PDF")
    written("paper.zip", "PK")
    written("notes.csv", "a,b")
    written(".hidden.bib", BIB)
    sources = readers_for([tmp_path])
    assert [str(source.path.relative_to(tmp_path)) for source in sources.found] == ["a.bib", "deep/er/b.ris", "paper.pdf", "set"]
    assert [rejected.location for rejected in sources.rejected] == ["empty.bib", "notes.csv"]
    assert [remark.text for remark in sources.remarks] == ["1 files of other kinds were passed over"]
