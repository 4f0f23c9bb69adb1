"""Evaluation: sets are read, refused plainly, and measured as trec_eval measures."""

import json
from pathlib import Path

import pytest

from rag.embeddings import embedding_text
from rag.embeddings.testing import FakeEmbedder
from rag.errors import UnreadableFileError
from rag.evaluation import as_markdown, evaluate, load_set
from rag.papers import PaperRecord
from rag.retrieval import Ranking, Searcher
from rag.store import Database, Embedded, Index, Library

pytestmark = pytest.mark.anyio

TITLES = {"d1": "red foxes hunt", "d2": "blue whales sing", "d3": "red and blue paint", "d4": "green tea"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "qrels").mkdir()
    queries = [{"_id": "q1", "text": "red foxes"}, {"_id": "q2", "text": "blue whales"}, {"_id": "unjudged", "text": "tea"}]
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(query) + "\n" for query in queries), encoding="utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\nq2\td9\t1\n", encoding="utf-8"
    )
    return tmp_path


async def test_measures_are_those_of_trec_eval(folder: Path, library: Library, searcher: Searcher, database: Database) -> None:
    records = [PaperRecord(source_id=source_id, title=title) for source_id, title in TITLES.items()]
    vectors = FakeEmbedder().encode_documents([embedding_text(record) for record in records])
    await library.write("set", [Embedded(record, vector) for record, vector in zip(records, vectors, strict=True)])
    done: list[int] = []
    results = await evaluate(load_set(folder), "set", searcher, Index(database), done.append)
    assert [result.ranking for result in results] == list(Ranking)
    assert sum(done) == 6
    for result in results:
        assert result.queries == 2
        # q1 is answered wholly; of q2's two papers one is not there: its DCG is 1, its ideal 1 + 1/log2(3).
        assert result.measures["nDCG@10"] == pytest.approx((1 + 1 / 1.6309297) / 2)
        assert result.measures["recall@10"] == pytest.approx(0.75)
    table = as_markdown(results).splitlines()
    assert len(table) == 5
    assert table[0].startswith("| set | queries | ranking | nDCG@10 |")


def test_a_folder_that_is_no_set_is_refused_with_the_layout(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"qrels/test\.tsv \(the BEIR layout\)"):
        load_set(tmp_path)
