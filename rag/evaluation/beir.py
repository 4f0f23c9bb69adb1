"""Evaluation sets in the BEIR layout: a folder with corpus.jsonl[.gz], queries.jsonl and qrels/test.tsv."""

import csv
import gzip
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from rag.errors import UnreadableFileError

T = TypeVar("T")

GROUPED_BY = ("source", "has_latin")
"""Fields of the queries' metadata that tell kinds of queries apart."""


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Questions with judgements over one corpus."""

    name: str
    folder: Path
    queries: dict[str, str]
    """Query id → text; only queries that have a judgement."""
    qrels: dict[str, dict[str, int]]
    """Query id → source id → grade."""
    groups: dict[str, list[str]] = field(default_factory=dict)
    """Kind of query ('source: LitSearch') → query ids, where the queries' metadata tells several kinds apart."""

    def sample(self, most: int) -> "EvaluationSet":
        """The same with at most so many of the queries, evenly spread over their order in the file."""
        kept = set(spread(list(self.queries), most))
        queries = {query_id: text for query_id, text in self.queries.items() if query_id in kept}
        groups = {name: [query_id for query_id in ids if query_id in kept] for name, ids in self.groups.items()}
        qrels = {query_id: self.qrels[query_id] for query_id in queries}
        return replace(self, queries=queries, qrels=qrels, groups={name: ids for name, ids in groups.items() if ids})


def spread(items: Sequence[T], most: int) -> list[T]:
    """At most so many of ``items``, at even distances."""
    return [items[place * len(items) // most] for place in range(most)] if most < len(items) else list(items)


def load_set(folder: Path) -> EvaluationSet:
    """Read a set.

    Raises:
        UnreadableFileError: a part of the layout is missing or cannot be read.
    """
    hint = "An evaluation set is a folder with corpus.jsonl[.gz], queries.jsonl and qrels/test.tsv (the BEIR layout)."
    try:
        qrels = _qrels(folder / "qrels" / "test.tsv")
        found = _first_existing(folder / "queries.jsonl", folder / "queries.jsonl.gz")
        lines = list(_lines(found))
        queries = {str(line["_id"]): str(line["text"]) for line in lines}
    except (OSError, KeyError, ValueError) as error:
        raise UnreadableFileError(f"{folder} cannot be read as an evaluation set: {error}.", hint=hint) from error
    judged = {query_id: text for query_id, text in queries.items() if query_id in qrels}
    if not judged:
        raise UnreadableFileError(f"{folder} has no query with a judgement.", hint=hint)
    groups = _groups(line for line in lines if str(line["_id"]) in judged)
    return EvaluationSet(folder.resolve().name, folder, judged, {query_id: qrels[query_id] for query_id in judged}, groups)


def _groups(lines: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    groups: dict[str, dict[str, list[str]]] = {name: {} for name in GROUPED_BY}
    for line in lines:
        metadata = line.get("metadata") or {}
        for name in GROUPED_BY:
            if name in metadata:
                groups[name].setdefault(f"{name}: {metadata[name]}".lower(), []).append(str(line["_id"]))
    return {kind: ids for kinds in groups.values() if len(kinds) > 1 for kind, ids in sorted(kinds.items())}


def titles(folder: Path, source_ids: Collection[str]) -> dict[str, str]:
    """The titles of some of the corpus's papers by source id."""
    lines = _lines(_first_existing(folder / "corpus.jsonl", folder / "corpus.jsonl.gz"))
    return {str(line["_id"]): str(line.get("title") or "") for line in lines if str(line["_id"]) in source_ids}


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
