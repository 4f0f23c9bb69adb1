"""JSON Lines and the BEIR layout."""

import gzip
import json
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import UnreadableFileError
from rag.ingest.files import LONGEST_LINE
from rag.ingest.formats.beir import BeirReader
from rag.ingest.formats.jsonl import JsonLinesReader
from rag.papers import PaperRecord
from tests.unit.ingest.conftest import Written, only, papers, told

READER = JsonLinesReader()


def test_plain_names(written: Written) -> None:
    line = {
        "id": 7,
        "title": "  Attention Is\n All You Need ",
        "summary": "We propose the Transformer.",
        "authors": [{"name": "Ashish Vaswani"}, "Shazeer, Noam", {"given": "Niki", "family": "Parmar"}],
        "year": "2017",
        "journal": "arXiv preprint arXiv:1706.03762v5",
        "doi": "https://doi.org/10.48550/arXiv.1706.03762",
        "url": "https://arxiv.org/abs/1706.03762",
        "keywords": "attention; translation",
    }
    paper = only(list(READER.read(written("a.jsonl", json.dumps(line)))))
    assert paper == PaperRecord(
        source_id="7",
        title="Attention Is All You Need",
        abstract="We propose the Transformer.",
        authors=["Ashish Vaswani", "Noam Shazeer", "Niki Parmar"],
        year=2017,
        venue="arXiv",
        doi="10.48550/arxiv.1706.03762",
        arxiv_id="1706.03762",
        url="https://arxiv.org/abs/1706.03762",
        language="en",
        keywords=["attention", "translation"],
    )


@pytest.mark.parametrize("key", ["id", "_id", "source_id", "key"])
def test_every_name_of_the_id(written: Written, key: str) -> None:
    assert papers(READER, written("a.jsonl", json.dumps({key: "x1", "title": "T"})))[0].source_id == "x1"


@pytest.mark.parametrize("key", ["abstract", "text", "summary"])
def test_every_name_of_the_abstract(written: Written, key: str) -> None:
    assert papers(READER, written("a.jsonl", json.dumps({"title": "T", key: "About."})))[0].abstract == "About."


def test_beir_folder_reads_the_corpus_alone(written: Written, tmp_path: Path) -> None:
    corpus = {
        "_id": "d1",
        "title": "Wing in a slipstream",
        "text": "An experimental study.",
        "metadata": {"authors": "Perlis, A. J.; Samelson,K.", "year": 1958, "venue": "CACM", "arxiv": "cs/0301012", "split": "x"},
    }
    written("corpus.jsonl.gz", gzip.compress(json.dumps(corpus).encode()))
    written("queries.jsonl", '{"_id": "q1", "text": "wings"}')
    paper = only(list(BeirReader().read(tmp_path)))
    assert (paper.source_id, paper.authors, paper.year) == ("d1", ["A. J. Perlis", "K. Samelson"], 1958)
    assert (paper.venue, paper.arxiv_id) == ("CACM", "cs/0301012")
    assert BeirReader().reads(tmp_path)
    assert BeirReader().count(tmp_path) == 1


def test_beir_without_title_takes_the_first_words(written: Written) -> None:
    words = " ".join(f"word{n}" for n in range(30))
    path = written(
        "corpus.jsonl",
        "\n".join(
            json.dumps({"_id": str(n), "title": "", "text": t})
            for n, t in enumerate(["Short sentence. And more of it.", words, "变" * 300, ""])
        ),
    )
    first, second, third = papers(BeirReader(), path)
    assert first.title == "Short sentence."
    assert first.abstract == "Short sentence. And more of it."
    assert second.title == " ".join(words.split()[:15]) + " …"
    assert third.title == "变" * 40 + "…"
    assert told(BeirReader(), path) == ["corpus.jsonl:4: no title"]


def test_bad_lines_are_named_and_the_rest_goes_in(written: Written) -> None:
    lines = [
        '{"id": "a", "title": "A"}',
        '{"id": "b", "title": }',
        "",
        "[1, 2]",
        '{"id": "c"}',
        '{"id": "a", "title": "Again"}',
        '{"id": "d", "title": "D", "year": 20235}',
        '{"id": "e", "title": "E"}',
        json.dumps({"id": "f", "title": "x" * 4001}),
    ]
    path = written("lib.jsonl", "\r\n".join(lines) + "\r\n")
    assert [paper.source_id for paper in papers(READER, path)] == ["a", "e"]
    assert told(READER, path) == [
        "lib.jsonl:2: not JSON: Expecting value at column 22",
        "lib.jsonl:4: not a JSON object",
        "lib.jsonl:5: no title",
        "lib.jsonl:6: same id as line 1 (a)",
        "lib.jsonl:7: 20235 is not a year",
        "lib.jsonl:9: title is longer than 4,000 characters",
    ]


@pytest.mark.parametrize("line", ["[" * 100_000, '{"title": "T", "year": ' + "9" * 5_000 + "}", '"' + "{" * 50])
def test_json_beyond_reason_is_rejected(written: Written, line: str) -> None:
    path = written("a.jsonl", line + '\n{"title": "Fine"}')
    assert [paper.title for paper in papers(READER, path)] == ["Fine"]
    assert told(READER, path)[0].startswith("a.jsonl:1: ")


def test_without_id_the_content_names_the_record(written: Written) -> None:
    lines = [
        {"title": "First", "doi": "10.1000/X1"},
        {"title": "Second", "arxiv_id": "1706.03762v2"},
        {"title": "Third", "authors": ["Ann Lee"], "year": 2020},
    ]
    before = papers(READER, written("a.jsonl", "\n".join(map(json.dumps, lines))))
    after = papers(READER, written("a.jsonl", "\n".join(map(json.dumps, [{"title": "New"}, *lines]))))
    assert [paper.source_id for paper in before[:2]] == ["10.1000/x1", "arxiv:1706.03762"]
    assert [paper.source_id for paper in after[1:]] == [paper.source_id for paper in before]
    assert len({paper.source_id for paper in after}) == 4


def test_control_characters_and_half_characters_go(written: Written) -> None:
    path = written("a.jsonl", '{"id": "a\\u0000", "title": "A\\u0000B \\ud800C\\u0007", "authors": ["D\\u0000"]}')
    paper = papers(READER, path)[0]
    assert (paper.source_id, paper.title, paper.authors) == ("a", "AB C", ["D"])
    paper.content_hash()


def test_encodings(written: Written) -> None:
    assert papers(READER, written("bom.jsonl", b"\xef\xbb\xbf" + '{"title": "Über"}'.encode()))[0].title == "Über"
    latin = written("latin.jsonl", '{"title": "Über Gödel"}\n{"title": "Café"}'.encode("latin-1"))
    assert [paper.title for paper in papers(READER, latin)] == ["Über Gödel", "Café"]
    assert told(READER, latin) == ["latin.jsonl:1: is not UTF-8; it was read as Latin-1 (Windows-1252)"]
    gbk = written("gbk.jsonl", '{"title": "基于注意力的机器翻译"}'.encode("gbk"))
    assert papers(READER, gbk)[0].title == "基于注意力的机器翻译"
    assert told(READER, gbk) == ["gbk.jsonl:1: is not UTF-8; it was read as GBK"]
    with pytest.raises(UnreadableFileError, match="UTF-16"):
        READER.count(written("wide.jsonl", '{"title": "T"}'.encode("utf-16")))


def test_language_given_or_guessed(written: Written) -> None:
    lines = [
        {"title": "T", "language": "English"},
        {"title": "U", "language": "zh-CN"},
        {"title": "低资源机器翻译"},
        {"title": "Learning to rank papers"},
    ]
    path = written("a.jsonl", "\n".join(map(json.dumps, lines)))
    assert [paper.language for paper in papers(READER, path)] == ["en", "zh", "zh", "en"]


def test_a_damaged_archive_gives_what_comes_before(written: Written) -> None:
    lines = "\n".join(json.dumps({"id": str(n), "title": f"Title {n * 7919 % 1000}"}) for n in range(5_000))
    packed = gzip.compress(lines.encode())
    path = written("cut.jsonl.gz", packed[: len(packed) // 2])
    assert 100 < len(papers(READER, path)) < 5_000
    assert "damaged from here on" in told(READER, path)[-1]
    assert READER.count(path) > 100


def test_a_line_without_end_is_passed_over(written: Written) -> None:
    path = written("long.jsonl", b'{"title": "' + b"x" * (LONGEST_LINE + 10) + b'"}\n{"title": "Fine"}')
    assert [paper.title for paper in papers(READER, path)] == ["Fine"]
    assert told(READER, path) == ["long.jsonl:1: the line is longer than 16 MB"]


def test_counts_lines_with_and_without_last_line_end(written: Written) -> None:
    assert READER.count(written("a.jsonl", "{}\n{}")) == 2
    assert READER.count(written("b.jsonl", "{}\n{}\n")) == 2
    assert READER.count(written("c.jsonl.gz", gzip.compress(b"{}\n{}\n{}"))) == 3


def test_counts_a_large_archive_from_its_beginning(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(1)
    path = written("a.jsonl.gz", gzip.compress(b"".join(b'{"n": "%x"}\n' % chance.getrandbits(4_000) for _ in range(2_000))))
    monkeypatch.setattr("rag.ingest.files.COUNTED_WHOLLY", 100_000)
    assert READER.count(path) == pytest.approx(2_000, rel=0.3)


def test_streams_in_bounded_memory(written: Written) -> None:
    line = json.dumps({"title": "T", "text": "word " * 4_000})
    records = (f'{{"_id": "doc{n}", {line[1:]}\n'.encode() for n in range(2_000))
    path = written("corpus.jsonl.gz", gzip.compress(b"".join(records), 1))
    tracemalloc.start()
    read = sum(1 for _ in BeirReader().read(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # 40 MB unpacked.
    assert read == 2_000
    assert peak < 8_000_000


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "given", "x"]), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [
    "_id",
    "id",
    "title",
    "text",
    "abstract",
    "authors",
    "year",
    "venue",
    "doi",
    "arxiv_id",
    "url",
    "language",
    "keywords",
    "metadata",
]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), json_values), max_size=4))
def test_any_object_is_a_record_or_a_reason(written: Written, lines: list[dict[str, Any]]) -> None:
    path = written("a.jsonl", "\n".join(map(json.dumps, lines)))
    items = list(READER.read(path))
    assert len(items) == len(lines)
    for item in items:
        if isinstance(item, PaperRecord):
            item.content_hash()
            assert item.title == " ".join(item.title.split())
            assert "\0" not in item.model_dump_json()


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read(written: Written, data: bytes) -> None:
    path = written("a.jsonl", data)
    try:
        assert len(list(READER.read(path))) <= 2 * READER.count(path)
    except UnreadableFileError:
        assert data.startswith((b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff"))


plain_text = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.tuples(plain_text, plain_text, st.integers(1000, 2200)), unique_by=lambda line: line[0], min_size=1, max_size=5)
)
def test_what_is_written_is_read(written: Written, lines: list[tuple[str, str, int]]) -> None:
    path = written("a.jsonl", "\n".join(json.dumps({"id": i, "title": t, "year": y}, ensure_ascii=False) for i, t, y in lines))
    assert [paper.year for paper in papers(READER, path)] == [year for _, _, year in lines]
    assert [paper.source_id for paper in papers(READER, path)] == [i for i, _, _ in lines]
