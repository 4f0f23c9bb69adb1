"""Evaluations over a real database with the bundled model: a generated set always, scifact when its data is there."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from rag.evaluation import VARIANTS, Evaluation, Plan, as_json, chosen, evaluate
from rag.evaluation.runner import CACHE
from rag.evaluation.workspace import EvaluationRunningError, alone
from rag.ingest import SilentProgress
from rag.settings import CHECKOUT, Settings

pytestmark = pytest.mark.anyio

SCIFACT = Path(os.environ.get("PAPER_FINDER_TEST_DATA", CHECKOUT.parent / "shared" / "data")) / "retrieval" / "scifact"

TOPICS = [
    ("speech", "Recognising spoken words", "An acoustic model turns recorded speech into text."),
    ("translation", "Translating between languages", "A sequence model translates sentences of one language into another."),
    ("proteins", "Folding of proteins", "The structure of a protein is predicted from its amino acids."),
    ("graphs", "Learning on graphs", "Neighbours in a network pass messages to each other."),
    ("vision", "Finding objects in pictures", "A convolutional network draws boxes around cars and people."),
    ("databases", "Transactions in databases", "Isolation levels and locks keep concurrent writers apart."),
    ("planets", "Orbits of planets", "Gravity and tides shape the orbits of distant planets."),
    ("robots", "Walking robots", "Reinforcement teaches a robot with legs to walk over stones."),
]
QUESTIONS = {
    "speech": "speech to text with an acoustic model",
    "translation": "machine translation of sentences",
    "proteins": "predicting the structure of a protein",
    "graphs": "message passing on graphs",
    "vision": "object detection with boxes",
    "databases": "locks for concurrent transactions",
    "planets": "tides and orbits",
    "robots": "a robot that learns to walk",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight topics, each with its paper, a paper beside it and a question."""
    folder = tmp_path / "generated"
    (folder / "qrels").mkdir(parents=True)
    papers = [{"_id": name, "title": title, "text": text} for name, title, text in TOPICS]
    papers += [{"_id": f"beside-{name}", "title": f"Notes on {name}", "text": "Remarks."} for name, _, _ in TOPICS]
    queries = [
        {"_id": f"q-{name}", "text": QUESTIONS[name], "metadata": {"source": "first" if place < 4 else "second"}}
        for place, (name, _, _) in enumerate(TOPICS)
    ]
    write(folder / "corpus.jsonl", papers)
    write(folder / "queries.jsonl", queries)
    rows = "".join(f"q-{name}\t{name}\t1\n" for name, _, _ in TOPICS)
    (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{rows}", encoding="utf-8")
    return folder


def write(path: Path, lines: Sequence[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


@pytest.fixture
def settings(empty_database: str, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", database_url=SecretStr(empty_database))


async def run(folder: Path, settings: Settings, plan: Plan | None = None) -> Evaluation:
    return await evaluate([folder], settings, plan or Plan(), SilentProgress())


def databases(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'paper_finder_eval_%'").fetchall()
    return {row[0] for row in rows}


def tables(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'paper_finder'").fetchone()
    assert row is not None
    return int(row[0])


async def test_a_generated_set_in_a_database_of_its_own(folder: Path, settings: Settings, empty_database: str) -> None:
    found = (await run(folder, settings)).sets[0]
    assert (found.papers, len(found.evaluation_set.queries)) == (16, 8)
    assert [one.variant for one in found.measured] == [variant.name for variant in VARIANTS]
    queries = list(found.evaluation_set.queries)
    for one in found.measured:
        means = one.means(queries)
        assert means["nDCG@10"] > 0.8, f"{one.variant} hardly finds anything"
        assert means["recall@5"] <= means["recall@10"] <= means["recall@20"] <= means["recall@100"] <= 1
        assert 0 < one.latency.p50 <= one.latency.p95
        assert (one.difference is None) == (one.variant == "fused")
    assert set(found.evaluation_set.groups) == {"source: first", "source: second"}
    assert tables(empty_database) == 0, "the library was touched"
    assert databases(empty_database) == set()


async def test_again_it_is_the_same_and_nothing_is_embedded_anew(folder: Path, settings: Settings) -> None:
    first = await run(folder, settings)
    kept = (settings.home / CACHE).stat().st_mtime_ns
    again = await run(folder, settings)
    assert (settings.home / CACHE).stat().st_mtime_ns == kept
    assert [one.run for one in again.sets[0].measured] == [one.run for one in first.sets[0].measured]
    assert [one.scores for one in again.sets[0].measured] == [one.scores for one in first.sets[0].measured]
    uncached = await run(folder, settings, Plan(cached=False))
    assert [one.run for one in uncached.sets[0].measured] == [one.run for one in first.sets[0].measured]


async def test_databases_are_kept_on_request_and_used_again(folder: Path, settings: Settings, empty_database: str) -> None:
    await run(folder, settings, Plan(keep=True))
    (name,) = databases(empty_database)
    assert name.startswith("paper_finder_eval_generated_")
    assert (await run(folder, settings, Plan(chosen(["fused"]), keep=True))).sets[0].papers == 16
    await run(folder, settings)
    assert databases(empty_database) == set()


async def test_inside_the_library_when_asked(folder: Path, settings: Settings, empty_database: str) -> None:
    found = await run(folder, settings, Plan(chosen(["fused"]), collection="mine", most_queries=3))
    assert len(found.sets[0].evaluation_set.queries) == 3
    assert tables(empty_database) > 0
    assert databases(empty_database) == set()
    json.dumps(as_json(found))


async def test_two_at_once_are_refused(folder: Path, settings: Settings, empty_database: str) -> None:
    async with alone(empty_database):
        with pytest.raises(EvaluationRunningError):
            await run(folder, settings)


@pytest.mark.skipif(not SCIFACT.exists(), reason="the test data is not there")
@pytest.mark.timeout(1_200)
async def test_scifact_keeps_its_level(settings: Settings) -> None:
    found = (await run(SCIFACT, settings, Plan(most_queries=300))).sets[0]
    queries = list(found.evaluation_set.queries)
    ndcg = {one.variant: one.means(queries)["nDCG@10"] for one in found.measured}
    assert found.papers == 5_183
    assert ndcg["lexical"] > 0.67
    assert ndcg["dense"] > 0.62
    assert ndcg["fused"] > 0.72
    assert found.of("lexical").difference is not None
    assert found.of("lexical").difference.high < 0, "fusing both does not beat words alone"  # type: ignore[union-attr]
