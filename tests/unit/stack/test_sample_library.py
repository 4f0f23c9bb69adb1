"""The sample library: enough papers, each in its place, none of them with words from its abstract."""

import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.ingest import readers_for
from rag.papers import PaperRecord
from rag.settings import CHECKOUT
from rag.stack.sample import FILE
from rag.text import family_key, is_chinese, normalised_title

DATA = Path(os.environ.get("PAPER_FINDER_TEST_DATA", CHECKOUT.parent / "shared" / "data"))
AREAS = {
    "machine translation", "language model", "retrieval", "image", "medical", "graph", "speech", "reinforcement learning",
    "distributed", "database", "cryptography", "complexity", "interaction", "federated", "recommend", "robot", "generative",
}  # fmt: skip


def papers() -> list[dict[str, Any]]:
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def test_every_line_is_read_as_a_paper() -> None:
    items = [item for source in readers_for([FILE]).found for item in source.reader.read(source.path)]
    assert all(isinstance(item, PaperRecord) for item in items)
    assert len(items) >= 150


def test_ids_and_titles_are_unique_and_fields_are_filled() -> None:
    found = papers()
    assert len({paper["_id"] for paper in found}) == len(found)
    assert len({normalised_title(paper["title"]) for paper in found}) == len(found)
    for paper in found:
        fields = paper["metadata"]
        assert 1930 <= fields["year"] <= 2026, paper["_id"]
        assert fields["authors"], paper["_id"]
        assert fields["venue"], paper["_id"]
        assert fields["doi"] or fields["arxiv_id"] or fields["url"].startswith("http"), paper["_id"]
        assert re.fullmatch(r"(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})?", fields["arxiv_id"]), paper["_id"]
        assert re.fullmatch(r"(10\.\d{4,9}/\S+)?", fields["doi"]), paper["_id"]


def test_summaries_are_short_and_some_are_chinese() -> None:
    found = papers()
    for paper in found:
        length = len(paper["text"]) / 2.5 if is_chinese(paper["text"]) else len(paper["text"].split())
        assert 20 <= length <= 110, paper["_id"]
    assert sum(is_chinese(paper["text"]) for paper in found) >= 10
    # The language is that of the paper, whatever its summary is written in.
    assert {paper["metadata"]["language"] for paper in found} == {"en"}


def test_all_areas_are_there() -> None:
    text = " ".join(f"{paper['title']} {' '.join(paper['metadata']['keywords'])}" for paper in papers()).lower()
    assert {area for area in AREAS if area not in text} == set()


def test_facts_agree_with_real_data_and_no_abstract_was_copied() -> None:
    if not DATA.exists():
        pytest.skip("no real data here")
    ours = {normalised_title(paper["title"]): paper for paper in papers()}
    seen = 0
    for real in _real_papers():
        paper = ours.get(normalised_title(real["title"]))
        if paper is None:
            continue
        seen += 1
        assert _runs(paper["text"]).isdisjoint(_runs(real["text"])), paper["_id"]
        if real["authors"] and real["year"]:
            assert abs(paper["metadata"]["year"] - int(real["year"])) <= 2, paper["_id"]
            assert family_key(paper["metadata"]["authors"][0]) in {family_key(name) for name in real["authors"]}, paper["_id"]
            assert len(paper["metadata"]["authors"]) == len(real["authors"]), paper["_id"]
    assert seen >= 20


def _runs(text: str) -> set[tuple[str, ...]]:
    words = normalised_title(text).split()
    return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}


def _real_papers() -> Iterator[dict[str, Any]]:
    for path in [DATA / "retrieval/findpapers-cs/corpus.jsonl.gz", DATA / "retrieval/cacm/corpus.jsonl.gz"]:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                paper = json.loads(line)
                fields = paper.get("metadata", {})
                authors = fields.get("authors") or []
                names = authors if isinstance(authors, list) else authors.split(";")
                yield {"title": paper["title"], "text": paper["text"], "year": fields.get("year"), "authors": names}
