"""Sentences over papers: those that sum them up rest on them, those that make something up do not."""

import json
from functools import cache
from pathlib import Path

import pytest

from rag.assistant.grounds import Grounds
from rag.stack.sample import FILE


@cache
def paper(key: str) -> Grounds:
    """What is known of a paper of the sample library, in part in Chinese."""
    line = next(line for line in FILE.read_text(encoding="utf-8").splitlines() if f'"_id": "{key}"' in line)
    record = json.loads(line)
    facts = record["metadata"]
    return Grounds.of(" ".join([record["title"], record["text"], *facts["authors"], facts["venue"], *facts["keywords"]]))


CLAIMS = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("claims.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def rests(sentence: str, cited: str) -> bool:
    return Grounds.together([paper(key) for key in cited.split()]).bear(sentence)


@pytest.mark.parametrize(("kind", "cited", "sentence"), CLAIMS)
def test_what_sums_papers_up_rests_on_them_and_what_is_made_up_does_not(kind: str, cited: str, sentence: str) -> None:
    assert rests(sentence, cited) is (kind == "supported")


def test_words_of_another_source_help_no_claim() -> None:
    assert rests("MapReduce runs at Google.", "dean2004mapreduce")
    assert not rests("MapReduce runs at Google.", "bloom1970filter")
