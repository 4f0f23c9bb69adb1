"""Reports: tables, worst queries by id in Markdown and with their texts elsewhere."""

import json
from pathlib import Path

import pytest

from rag.evaluation import Evaluation, EvaluationSet, Plan, as_json, as_markdown, as_tables, difference, score, worst_as_text
from rag.evaluation.measuring import Latency, Measured, SetResult
from rag.evaluation.worst import worst_queries

RUNS = {
    "lexical": {"good": ["right"], "bad": ["x", "y"], "low": ["x", "right"]},
    "fused": {"good": ["right"], "bad": ["x", "y"], "low": ["x", "y", "right"]},
}


@pytest.fixture
def result(tmp_path: Path) -> SetResult:
    lines = [{"_id": name, "title": f"Title {name}", "text": "SECRET"} for name in ("right", "x", "y", "lost")]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    qrels = {"good": {"right": 1}, "bad": {"lost": 1}, "low": {"right": 1, "x": 0}}
    queries = {name: f"words of {name}" for name in qrels}
    one = EvaluationSet("tiny", tmp_path, queries, qrels, {"source: a": ["good", "bad"], "source: b": ["low"]})
    scores = {name: score(qrels, run) for name, run in RUNS.items()}
    gain = difference(list(scores["lexical"]["nDCG@10"].values()), list(scores["fused"]["nDCG@10"].values()))
    measured = [
        Measured("lexical", RUNS["lexical"], scores["lexical"], Latency(1, 2), gain),
        Measured("fused", RUNS["fused"], scores["fused"], Latency(3, 4.4), None),
    ]
    return SetResult(one, 4, "fused", measured)


@pytest.fixture
def evaluation(result: SetResult) -> Evaluation:
    return Evaluation("model", 8, 90.0, Plan(), [result])


def test_tables_have_a_row_for_each_variant_and_kind_of_query(evaluation: Evaluation) -> None:
    lines = as_tables(evaluation).splitlines()
    assert "3 queries, 4 papers." in lines
    fused = next(line for line in lines if line.startswith("| fused"))
    # 1, 0 and 1/log2(4)
    assert fused.split(" | ")[1] == "0.500"
    assert fused.endswith("| – | 3 | 4 |")
    assert sum(line.startswith("| source: a | 2 |") for line in lines) == 2
    assert sum(line.startswith("| source: b | 1 |") for line in lines) == 2


def test_a_step_is_compared_on_the_queries_that_it_was_asked(result: SetResult, evaluation: Evaluation) -> None:
    some = {query: result.of("lexical").scores["nDCG@10"][query] for query in ("bad", "low")}
    scores = {name: dict(some) for name in result.of("lexical").scores}
    result.measured.append(
        Measured(
            "fused without luck",
            {"bad": [], "low": ["x", "right"]},
            scores,
            Latency(1, 2),
            difference([0, 1], [0, 0.5]),
            step=True,
        )
    )
    lines = as_tables(evaluation).splitlines()
    # 0 and 1/log2(3) against 0 and 1/log2(4)
    row = next(line for line in lines if line.startswith("| fused without luck"))
    assert row.split(" | ")[1:4] == ["2", "0.315", "0.250"]
    assert sum(line.startswith("| source: a | 2 |") for line in lines) == 2
    assert as_json(evaluation)["sets"][0]["variants"][2]["queries"] == 2


def test_the_worst_come_first_with_what_was_found_instead(result: SetResult) -> None:
    worst = worst_queries(result, "fused")
    assert [one.query_id for one in worst] == ["bad", "low"]
    assert [(m.source_id, m.title, m.place) for m in worst[0].wanted] == [("lost", "Title lost", None)]
    assert worst[1].wanted[0].place == 3
    assert worst[1].found == [("x", "Title x"), ("y", "Title y")]


def test_markdown_has_ids_only(evaluation: Evaluation) -> None:
    text = as_markdown(evaluation)
    assert "| bad | 0.00 | lost (–) | x, y |" in text
    for theirs in ("Title", "words of", "SECRET"):
        assert theirs not in text
    assert "1.5 minutes" in text


def test_json_and_terminal_have_texts(evaluation: Evaluation) -> None:
    found = json.loads(json.dumps(as_json(evaluation)))
    one = found["sets"][0]
    assert one["worst"][0]["text"] == "words of bad"
    assert one["variants"][0]["groups"]["source: b"]["measures"]["MRR"] == 0.5
    assert one["variants"][0]["gain"]["low"] <= one["variants"][0]["gain"]["nDCG@10"] <= one["variants"][0]["gain"]["high"]
    assert one["variants"][1]["gain"] is None
    assert "  wanted lost (not found): Title lost" in list(worst_as_text(evaluation))
