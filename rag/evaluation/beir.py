"""Evaluation sets in the BEIR layout: a folder with corpus.jsonl[.gz], queries.jsonl and qrels/test.tsv."""

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import UnreadableFileError


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Questions with judgements over one corpus."""

    name: str
    folder: Path
    queries: dict[str, str]
    """Query id → text; only queries that have a judgement."""
    qrels: dict[str, dict[str, int]]
    """Query id → source id → grade."""


def load_set(folder: Path) -> EvaluationSet:
    """Read a set.

    Raises:
        UnreadableFileError: a part of the layout is missing or cannot be read.
    """
    hint = "An evaluation set is a folder with corpus.jsonl[.gz], queries.jsonl and qrels/test.tsv (the BEIR layout)."
    try:
        qrels = _qrels(folder / "qrels" / "test.tsv")
        found = _first_existing(folder / "queries.jsonl", folder / "queries.jsonl.gz")
        queries = {str(line["_id"]): str(line["text"]) for line in _lines(found)}
    except (OSError, KeyError, ValueError) as error:
        raise UnreadableFileError(f"{folder} cannot be read as an evaluation set: {error}.", hint=hint) from error
    judged = {query_id: text for query_id, text in queries.items() if query_id in qrels}
    if not judged:
        raise UnreadableFileError(f"{folder} has no query with a judgement.", hint=hint)
    return EvaluationSet(folder.resolve().name, folder, judged, {query_id: qrels[query_id] for query_id in judged})


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            qrels.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return qrels


def _first_existing(*paths: Path) -> Path:
    return next((path for path in paths if path.exists()), paths[0])


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
