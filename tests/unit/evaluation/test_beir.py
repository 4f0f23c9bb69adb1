"""Sets are read with their kinds of queries, sampled evenly, and refused plainly."""

import json
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UnreadableFileError
from rag.evaluation import load_set
from rag.evaluation.beir import titles


def written(folder: Path, queries: list[dict[str, Any]], judged: list[str]) -> Path:
    (folder / "qrels").mkdir()
    (folder / "queries.jsonl").write_text("".join(json.dumps(query) + "\n" for query in queries), encoding="utf-8")
    rows = "".join(f"{query}\td-{query}\t1\n" for query in judged)
    (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{rows}", encoding="utf-8")
    return folder


def test_queries_without_a_judgement_are_left_out(tmp_path: Path) -> None:
    queries = [{"_id": "a", "text": "one"}, {"_id": "unjudged", "text": "two"}]
    read = load_set(written(tmp_path, queries, ["a", "no such query"]))
    assert read.queries == {"a": "one"}
    assert read.qrels == {"a": {"d-a": 1}}
    assert read.groups == {}


def test_kinds_of_queries_come_from_their_metadata(tmp_path: Path) -> None:
    queries = [
        {"_id": "a", "text": "x", "metadata": {"source": "One", "has_latin": True, "lang": "zh"}},
        {"_id": "b", "text": "x", "metadata": {"source": "Two", "has_latin": True}},
        {"_id": "c", "text": "x", "metadata": {"source": "One"}},
    ]
    # All are of one kind by has_latin, so that it tells nothing apart.
    assert load_set(written(tmp_path, queries, ["a", "b", "c"])).groups == {"source: one": ["a", "c"], "source: two": ["b"]}


def test_a_sample_is_spread_evenly(tmp_path: Path) -> None:
    queries = [{"_id": str(n), "text": "x", "metadata": {"source": "even" if n % 2 == 0 else "odd"}} for n in range(10)]
    whole = load_set(written(tmp_path, queries, [str(n) for n in range(10)]))
    sample = whole.sample(5)
    assert list(sample.queries) == ["0", "2", "4", "6", "8"]
    assert sample.groups == {"source: even": ["0", "2", "4", "6", "8"]}
    assert set(sample.qrels) == set(sample.queries)
    assert whole.sample(50) == whole


def test_titles_of_a_corpus(tmp_path: Path) -> None:
    lines = [{"_id": "a", "title": "A"}, {"_id": "b", "title": "B"}, {"_id": "c"}]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert titles(tmp_path, {"a", "c", "d"}) == {"a": "A", "c": ""}


def test_a_folder_that_is_no_set_is_refused_with_the_layout(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"qrels/test\.tsv \(the BEIR layout\)"):
        load_set(tmp_path)


def test_a_set_without_any_judged_query_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no query with a judgement"):
        load_set(written(tmp_path, [{"_id": "a", "text": "x"}], ["b"]))
