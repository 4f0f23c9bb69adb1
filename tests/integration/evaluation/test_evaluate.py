"""Evaluations over a real database with the bundled model: a generated set always, scifact when its data is there."""

import gzip
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from rag.evaluation import VARIANTS, Evaluation, Plan, as_json, chosen, evaluate, load_set
from rag.evaluation.runner import CACHE
from rag.evaluation.variants import WITHOUT_RERANKING
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
    without_a_reranker = [variant.name for variant in VARIANTS if variant.name != WITHOUT_RERANKING]
    assert [one.variant for one in found.measured] == without_a_reranker
    assert len(found.steps) >= 5
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


async def test_what_a_step_brings_is_measured_on_some_of_the_queries(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.evaluation.measuring.STEP_QUERIES", 4)
    found = (await run(folder, settings, Plan(chosen(["fused", "fused without feedback"])))).sets[0]
    (step,) = found.steps
    assert list(step.run) == ["q-speech", "q-proteins", "q-vision", "q-planets"]
    assert step.difference is not None


async def test_two_at_once_are_refused(folder: Path, settings: Settings, empty_database: str) -> None:
    async with alone(empty_database):
        with pytest.raises(EvaluationRunningError):
            await run(folder, settings)


@pytest.fixture
def part_of_scifact(tmp_path: Path) -> Path:
    """Every fourth query with its papers, and every fourth paper beside them: what two cores embed in a minute."""
    folder = tmp_path / "part-of-scifact"
    (folder / "qrels").mkdir(parents=True)
    part = load_set(SCIFACT).sample(277)
    wanted = {name for judged in part.qrels.values() for name in judged}
    with gzip.open(SCIFACT / "corpus.jsonl.gz", "rt", encoding="utf-8") as corpus:
        lines = [line for place, line in enumerate(corpus) if place % 4 == 0 or json.loads(line)["_id"] in wanted]
    (folder / "corpus.jsonl").write_text("".join(lines), encoding="utf-8")
    write(folder / "queries.jsonl", [{"_id": query, "text": text} for query, text in part.queries.items()])
    rows = "".join(f"{query}\t{name}\t{grade}\n" for query, judged in part.qrels.items() for name, grade in judged.items())
    (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{rows}", encoding="utf-8")
    return folder


def means(found: Evaluation) -> dict[str, float]:
    one = found.sets[0]
    return {measured.variant: measured.means(list(one.evaluation_set.queries))["nDCG@10"] for measured in one.whole}


@pytest.mark.skipif(not SCIFACT.exists(), reason="the test data is not there")
@pytest.mark.timeout(900)
async def test_a_part_of_scifact_keeps_its_level(part_of_scifact: Path, settings: Settings) -> None:
    ndcg = means(await run(part_of_scifact, settings, Plan(chosen(["lexical", "dense", "fused"]))))
    assert ndcg["lexical"] > 0.78
    assert ndcg["dense"] > 0.735
    assert ndcg["fused"] > 0.82


@pytest.mark.slow
@pytest.mark.skipif(not SCIFACT.exists(), reason="the test data is not there")
@pytest.mark.timeout(1_800)
async def test_scifact_keeps_its_level(settings: Settings) -> None:
    found = await run(SCIFACT, settings, Plan(chosen(["lexical", "dense", "fused"])))
    ndcg = means(found)
    assert found.sets[0].papers == 5_183
    assert ndcg["lexical"] > 0.69
    assert ndcg["dense"] > 0.65
    assert ndcg["fused"] > 0.735
    difference = found.sets[0].of("lexical").difference
    assert difference is not None
    assert difference.high < 0, "both rankings together do not beat words alone"
