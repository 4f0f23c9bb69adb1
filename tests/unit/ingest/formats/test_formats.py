"""Every format: its reader is found by what is in the file, and its papers are read."""

import gzip
import random
from contextlib import suppress
from pathlib import Path

import pytest

from rag.errors import UnreadableFileError
from rag.ingest import Item, Rejected, Remark, readers_for
from rag.papers import PaperRecord
from tests.unit.ingest.conftest import DATA, Written
from tests.unit.ingest.formats.samples import SAMPLES, Sample

CUTS = 2_400
FILES = sorted(path for path in (DATA / "importers").rglob("*") if path.is_file() and path.suffix != ".txt")


def read(path: Path) -> list[Item]:
    [source] = readers_for([path]).found
    return list(source.reader.read(path))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_read(sample: Sample, written: Written) -> None:
    path = written(sample.name, sample.content)
    [source] = readers_for([path]).found
    assert source.reader.name == sample.reader
    found = [item for item in source.reader.read(path) if isinstance(item, PaperRecord)]
    assert len(found) == sample.papers
    assert {name: getattr(found[0], name) for name in sample.first} == sample.first


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_known_by_content_whatever_it_is_called(sample: Sample, written: Written) -> None:
    if sample.name.endswith("l") and sample.reader == "JSON Lines":
        return  # one line alone is a JSON document as well
    path = written("export.txt", gzip.compress(sample.content))
    [source] = readers_for([path]).found
    assert source.reader.name == sample.reader


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
@pytest.mark.parametrize("line_end", [b"\r\n", b"\r"])
def test_other_line_ends(sample: Sample, line_end: bytes, written: Written) -> None:
    if line_end == b"\r" and sample.reader == "JSON Lines":
        return
    found = [
        item for item in read(written(sample.name, sample.content.replace(b"\n", line_end))) if isinstance(item, PaperRecord)
    ]
    assert [found[0].title, len(found)] == [sample.first["title"], sample.papers]


@pytest.mark.parametrize(
    ("name", "place", "reason"),
    [
        ("savedrecs.txt", 20, "the record is cut short: it has no ER line"),
        ("feed.atom", 6, "no title"),
        ("csl.json", 36, "not a JSON object"),
        ("crossref.json", 37, "no title"),
        ("scopus.csv", None, ""),
    ],
)
def test_what_is_refused_is_told_with_its_line(name: str, place: int | None, reason: str, written: Written) -> None:
    sample = next(sample for sample in SAMPLES if sample.name == name)
    rejected = [item for item in read(written(name, sample.content)) if isinstance(item, Rejected)]
    assert [str(item) for item in rejected] == ([f"{name}:{place}: {reason}"] if place else [])


@pytest.mark.parametrize(
    ("name", "content", "location", "reason"),
    [
        ("a.xml", "<mods><title>x</title></mods>", "a.xml:1", "its root element <mods> is that of no format"),
        ("a.xml", "<xml><records>\n\n<record><titles></xml>", "a.xml:3", "not XML: "),
        ("a.xml", "<dblp></dblp>", "a.xml:1", "there is no record in its root element <dblp>"),
        ("a.json", '[{"title": "T"},\n{"title": ', "a.json:2", "not JSON: "),
        ("a.json", '[{"title": "T"},\n\n17]', "a.json:3", "not a JSON object"),
        ("a.cff", "cff-version: 1\ntitle: [", "a.cff:2", "not YAML"),
        ("a.json", "[" * 200_000, "a.json:1", "not JSON: "),
    ],
)
def test_broken_files(name: str, content: str, location: str, reason: str, written: Written) -> None:
    rejected = [item for item in read(written(name, content)) if isinstance(item, Rejected)]
    assert rejected
    assert rejected[-1].location == location
    assert rejected[-1].reason.startswith(reason)


def test_a_whole_article_has_its_sections(written: Written) -> None:
    sample = next(sample for sample in SAMPLES if sample.name == "article.nxml")
    [paper] = [item for item in read(written(sample.name, sample.content)) if isinstance(item, PaperRecord)]
    assert [(passage.section, passage.text) for passage in paper.passages] == [("Results", "They do 1burst.")]


def test_entities_are_neither_expanded_nor_fetched(written: Written, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("never seen")
    content = (
        f'<!DOCTYPE dblp SYSTEM "dblp.dtd" [<!ENTITY own "<b>expanded</b>"><!ENTITY file SYSTEM "{secret.as_uri()}">]>\n'
        "<dblp><article key='a'><author>A B</author><title>T &own; &file; &eacute;</title></article></dblp>"
    )
    [paper] = [item for item in read(written("entities.xml", content)) if isinstance(item, PaperRecord)]
    assert paper.title == "T é"


def test_a_bomb_of_entities_is_refused(written: Written) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 20))
    content = f'<!DOCTYPE dblp [<!ENTITY l0 "ha">{laughs}]><dblp><article key="a"><title>&l19;</title></article></dblp>'
    assert [type(item) for item in read(written("bomb.xml", content))] == [Rejected]


@pytest.mark.parametrize("codec", ["gb18030", "latin-1", "utf-16", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_swapped_encodings_never_crash(sample: Sample, codec: str, written: Written) -> None:
    path = written(sample.name, sample.content.decode().encode(codec, "replace"))
    assert all(isinstance(item, PaperRecord | Rejected | Remark) for item in survived(path))


@pytest.mark.parametrize(
    "name", ["endnote.xml", "export.enw", "csl.json", "scopus.csv", "library.bib", "library.ris", "pubmed.txt"]
)
def test_chinese_in_gbk(name: str, written: Written) -> None:
    sample = next(sample for sample in SAMPLES if sample.name == name)
    title = str(sample.first["title"]).split()[0]
    text = (
        sample.content.decode().replace(title, "基于图的机器翻译方法研究").replace("ø", "o").replace("ü", "u").replace("ö", "o")
    )
    items = read(written(name, text.replace('encoding="UTF-8"', "").encode("gbk", "replace")))
    assert any(isinstance(item, PaperRecord) and "基于图的机器翻译方法研究" in item.title for item in items)
    assert any(isinstance(item, Remark) and "GBK" in item.text for item in items)


def survived(path: Path) -> list[Item]:
    """What the file gives; being refused as a whole is nothing to wonder at."""
    with suppress(UnreadableFileError):
        return read(path)
    return []


def test_cut_and_damaged_files_never_crash(written: Written) -> None:
    chance = random.Random(20_240_229)
    contents = [(sample.name, sample.content) for sample in SAMPLES]
    contents += [(f"a{path.suffix}", path.read_bytes()) for path in chance.sample(FILES, min(60, len(FILES)))]
    for _ in range(CUTS):
        name, content = chance.choice(contents)
        for item in survived(written(name, damaged(content[:60_000], chance))):
            assert isinstance(item, PaperRecord | Rejected | Remark)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Cut somewhere, some bytes changed, or both."""
    data = bytearray(content[: chance.randrange(len(content) + 1)] if chance.random() < 0.7 else content)
    for _ in range(chance.choice((0, 1, 5, 40)) if data else 0):
        data[chance.randrange(len(data))] = (
            chance.choice(b'{}"\\@=,#%$&<>[]:;\n') if chance.random() < 0.5 else chance.randrange(256)
        )
    return bytes(data)


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(DATA)) for path in FILES])
def test_real_files_are_imported_or_refused_with_line_and_reason(path: Path) -> None:
    try:
        [source] = readers_for([path]).found
    except UnreadableFileError:
        return  # refused as a whole: of no kind that is read, or without a record
    items = [item for item in source.reader.read(path) if not isinstance(item, Remark)]
    assert items
    if source.reader.name in ("BibTeX", "RIS", "MEDLINE", "Web of Science", "EndNote"):
        assert source.expected is not None
        assert len(items) >= source.expected
    for item in items:
        if isinstance(item, Rejected):
            assert item.location.rpartition(":")[2].isdecimal()
            assert item.reason
        else:
            assert isinstance(item, PaperRecord)
            assert source.reader.name != "BibTeX" or not any(sign in item.title for sign in "{}\0"), item.title
