"""Searching a real database: both rankings, limits, evidence, folding, and LangChain's way in."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal

from rag.access import Scope
from rag.embeddings import Matrix, Task, embedding_text
from rag.embeddings.testing import FakeEmbedder
from rag.errors import ConfigurationError
from rag.papers import Filters, PaperRecord, Query
from rag.retrieval import (
    ALL,
    DenseRetriever,
    FusedRetriever,
    LexicalRetriever,
    Ranking,
    RerankEndpoint,
    Reranking,
    Searcher,
    Steps,
)
from rag.retrieval.testing import FakeRerankServer
from rag.store import Collections, Database, Embedded, Index, Library, migrate

pytestmark = pytest.mark.anyio


def record(source_id: str, title: str, abstract: str = "", **fields: Any) -> PaperRecord:
    return PaperRecord(source_id=source_id, title=title, abstract=abstract, **fields)


PAPERS = [
    record(
        "mt",
        "Machine Translation for Rare Languages",
        "Parallel text is scarce. Machine translation learns from related languages. Scores rise.",
        authors=["Ada Byron", "Bo Li"],
        year=2018,
        venue="Proceedings of ACL 2018",
        language="en",
    ),
    record(
        "survey", "Machine Translation: A Survey", "An overview.", authors=["Cleo Diaz"], year=2021, venue="NAACL", language="en"
    ),
    record("cooking", "Boiling Eggs", "Water and time.", authors=["Bo Li"], year=2020, venue="Kitchen", language="en"),
    record("zh", "Rare words", "机器翻译在低资源语言上的方法。", authors=["李飞飞"], year=2020, language="zh"),
]


async def fill(library: Library, records: Sequence[PaperRecord] = PAPERS, collection: str = "a") -> None:
    vectors = FakeEmbedder().encode_documents([embedding_text(r) for r in records])
    await library.write(collection, [Embedded(r, v) for r, v in zip(records, vectors, strict=True)])


async def found(searcher: Searcher, text: str, **limits: Any) -> list[str]:
    result = await searcher.search(Query(text, Filters(**limits), 10))
    return [hit.paper.source_id for hit in result.hits]


async def test_the_best_paper_comes_first_with_the_sentence_that_matched(library: Library, searcher: Searcher) -> None:
    await fill(library)
    result = await searcher.search(Query("machine translation from related languages"))
    first = result.hits[0]
    assert first.paper.source_id == "mt"
    assert first.passages[0].highlight == "Machine translation learns from related languages."
    assert first.passages[0].page is None
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert result.confident


async def test_what_may_be_read_is_asked_once_and_beside_the_embedding(library: Library, database: Database) -> None:
    await fill(library)
    begun, answered, asked = asyncio.Event(), asyncio.Event(), 0

    class Waiting(FakeEmbedder):
        async def aencode_queries(self, texts: Sequence[str], task: Task = Task.SEARCH) -> Matrix:
            begun.set()
            await answered.wait()
            return await super().aencode_queries(texts, task)

    async def scope() -> Scope:
        nonlocal asked
        asked += 1
        await begun.wait()
        answered.set()
        return await Collections(database).everyone()

    searcher = Searcher(Index(database), Waiting())
    for questions in (1, 2):
        result = await asyncio.wait_for(searcher.reading(scope).search(Query("machine translation")), 20)
        assert result.hits
        assert asked == questions


async def test_a_pasted_abstract_is_embedded_for_similarity(library: Library, database: Database) -> None:
    await fill(library)
    tasks: list[Task] = []

    class Noting(FakeEmbedder):
        async def aencode_queries(self, texts: Sequence[str], task: Task = Task.SEARCH) -> Matrix:
            tasks.append(task)
            return await super().aencode_queries(texts, task)

    searcher = Searcher(Index(database), Noting())
    for text in ("machine translation", "Translation between languages with little data is hard. " * 8):
        assert (await searcher.search(Query(text))).hits
    assert tasks == [Task.SEARCH, Task.SIMILARITY]


async def test_a_question_about_something_else_is_not_confident(library: Library, searcher: Searcher) -> None:
    await fill(library)
    assert not (await searcher.search(Query("volcano eruptions on distant moons"))).confident


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"year_from": 2019}, {"survey", "cooking", "zh"}),
        ({"year_to": 2018}, {"mt"}),
        ({"year_from": 2020, "year_to": 2020}, {"cooking", "zh"}),
        ({"authors": ["Bo Li"]}, {"mt", "cooking"}),
        ({"authors": ["byron"]}, {"mt"}),
        ({"authors": ["A. Byron", "Li, Bo"]}, {"mt"}),
        ({"authors": ["李飞飞"]}, {"zh"}),
        ({"venues": ["ACL"]}, {"mt"}),
        ({"venues": ["ACL", "naacl"]}, {"mt", "survey"}),
        ({"exclude_years": [2018, 2020]}, {"survey"}),
        ({"exclude_years": [2018], "year_to": 2020}, {"cooking", "zh"}),
        ({"exclude_authors": ["Bo Li"]}, {"survey", "zh"}),
        ({"exclude_authors": ["byron", "李飞飞"]}, {"survey", "cooking"}),
        ({"exclude_venues": ["ACL"]}, {"survey", "cooking", "zh"}),
        ({"exclude_venues": ["ACL", "naacl"]}, {"cooking", "zh"}),
        ({"languages": ["zh"]}, {"zh"}),
        ({"exclude": ["survey"]}, {"mt", "cooking", "zh"}),
        ({"exclude": ["eggs", "rare"]}, {"survey"}),
        ({"collections": ["b"]}, set()),
        ({"collections": ["a", "b"], "year_from": 2021}, {"survey"}),
        ({"has_full_text": True}, set()),
        ({"among": "uploads"}, set()),
        ({"has_full_text": False, "year_from": 2021}, {"survey"}),
    ],
)
async def test_limits(library: Library, searcher: Searcher, limits: dict[str, Any], expected: set[str]) -> None:
    await fill(library)
    # Nothing fits this question, so nothing is left out for its low relevance: all that is within the limits is there.
    assert set(await found(searcher, "volcano eruptions on distant moons", **limits)) == expected


async def test_what_has_hardly_anything_to_do_with_the_question_is_left_out(library: Library, searcher: Searcher) -> None:
    await fill(library)
    assert await found(searcher, "boiling eggs") == ["cooking"]


async def test_a_venue_that_is_an_everyday_word_is_matched_whole(library: Library, searcher: Searcher) -> None:
    venues = ["Nature", "Nature 2015", "Nature Methods", "Lecture Notes in Computer Science", "Science"]
    await fill(library, [record(venue, "Cells", venue=venue) for venue in venues])
    assert set(await found(searcher, "cells", venues=["Nature"])) == {"Nature", "Nature 2015"}
    assert set(await found(searcher, "cells", venues=["science"])) == {"Science"}


async def test_nasty_words_in_limits_and_questions_are_only_words(library: Library, searcher: Searcher) -> None:
    await fill(library)
    nasty = "'; DROP TABLE papers; -- (.*[ \\m %s {0} $1"
    assert await found(searcher, nasty, venues=[nasty], exclude=[nasty], authors=[nasty]) == []
    assert await found(searcher, f"{nasty} machine translation", exclude=["(", "*"])
    assert await library.count() == len(PAPERS)


async def test_each_ranking_alone(library: Library, searcher: Searcher) -> None:
    await fill(library)
    lexical = await searcher.rank(Query("eggs"), Ranking.LEXICAL)
    assert [r.candidate.dense for r in lexical] == [None]
    dense = await searcher.rank(Query("eggs"), Ranking.DENSE)
    assert len(dense) == len(PAPERS)
    assert dense[0].candidate.key == lexical[0].candidate.key


async def reranked_by(server: FakeRerankServer, database: Database) -> Searcher:
    reranking = Reranking(RerankEndpoint(f"http://reranker/v1#{server.model}", transport=server.transport()), budget=10.0)
    reranking.start()
    await reranking.checked()
    return Searcher(Index(database), FakeEmbedder(), reranking)


async def test_a_reranker_has_the_last_word_on_the_first_papers(library: Library, database: Database, searcher: Searcher) -> None:
    await fill(library)
    # The question's rare words are all in the survey, and nowhere as often as in the paper on rare languages.
    question = "machine translation overview"
    server = FakeRerankServer()
    fused = (await searcher.search(Query(question))).hits
    reranked = (await (await reranked_by(server, database)).search(Query(question))).hits
    asked = server.requests[-1]
    assert asked["query"] == question
    assert len(asked["documents"]) == len(PAPERS)
    assert asked["documents"][0].startswith(f"{fused[0].paper.title}\n")
    words = [re.findall(r"[a-z]+", text.lower()) for text in asked["documents"]]
    shares = [sum(word in text for word in question.split()) for text in words]
    assert asked["documents"][shares.index(max(shares))].startswith(reranked[0].paper.title)
    scores = [hit.score for hit in reranked]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("fault", ["backwards", "error"])
async def test_without_a_reranker_that_works_the_order_stays(
    library: Library, database: Database, searcher: Searcher, fault: Any
) -> None:
    await fill(library)
    question = Query("machine translation from related languages")
    reranked = await (await reranked_by(FakeRerankServer(fault=fault), database)).search(question)
    assert reranked == await searcher.search(question)


async def test_an_empty_question_and_an_empty_library_give_no_error(library: Library, searcher: Searcher) -> None:
    assert (await searcher.search(Query("anything"))).hits == ()
    await fill(library)
    await searcher.search(Query(""))
    await searcher.search(Query("的"))


async def test_versions_of_one_work_fold_in_what_is_shown_only(library: Library, searcher: Searcher) -> None:
    twins = [PAPERS[0], PAPERS[0].model_copy(update={"source_id": "mt2"})]
    await fill(library, twins)
    assert await found(searcher, "machine translation") == ["mt"]
    assert len(await searcher.rank(Query("machine translation"), Ranking.FUSED)) == 2


async def test_a_collection_answers_with_its_own_source_ids(library: Library, searcher: Searcher) -> None:
    await fill(library)
    await fill(library, [PAPERS[0].model_copy(update={"source_id": "other"})], "b")
    assert await found(searcher, "machine translation", collections=["b"]) == ["other"]


async def test_full_text_passages_count_and_are_cited_by_page(library: Library, searcher: Searcher, database: Database) -> None:
    await fill(library)
    vector = FakeEmbedder().encode_documents(["hidden markov quantities"])[0]
    async with database.connection() as connection:
        await connection.execute(
            """WITH passage AS (
                   INSERT INTO passages (paper_id, ordinal, page, section, text)
                   SELECT id, 0, 4, 'Results', 'Hidden Markov quantities.' FROM papers WHERE title = 'Boiling Eggs'
                   RETURNING id, paper_id)
               INSERT INTO passage_vectors_1 (passage_id, paper_id, embedding)
               SELECT id, paper_id, %s::real[]::halfvec FROM passage""",
            [vector.tolist()],
        )
    result = await searcher.search(Query("hidden markov quantities"))
    best = result.hits[0]
    assert best.paper.source_id == "cooking"
    assert (best.passages[0].page, best.passages[0].section) == (4, "Results")
    assert best.passages[0].text == "Hidden Markov quantities."


async def test_a_chinese_question_reaches_english_papers_through_the_glossary(library: Library, searcher: Searcher) -> None:
    await fill(library)
    assert set((await found(searcher, "机器翻译"))[:3]) == {"zh", "survey", "mt"}


async def test_a_multilingual_model_is_asked_as_the_question_stands(empty_database: str) -> None:
    embedder = FakeEmbedder(multilingual=True)
    await migrate(empty_database, model=embedder.model, dimensions=embedder.dimensions)
    async with Database.open(empty_database, pool_size=2) as database:
        await Searcher(Index(database), embedder).search(Query("机器翻译"))
    assert embedder.calls == [["机器翻译"]]


async def test_langchain_retrievers_give_documents_in_rank_order(library: Library, searcher: Searcher) -> None:
    await fill(library)
    for retriever in (DenseRetriever, LexicalRetriever, FusedRetriever):
        documents = await retriever(searcher=searcher, limit=2).ainvoke("boiling eggs")
        assert documents[0].metadata["title"] == "Boiling Eggs"
        assert documents[0].id == documents[0].metadata["source"]
    with pytest.raises(ConfigurationError, match="ainvoke"):
        FusedRetriever(searcher=searcher).invoke("boiling eggs")


def test_langchain_retrievers_answer_synchronously_through_a_portal(empty_database: str) -> None:
    embedder = FakeEmbedder()
    with start_blocking_portal() as portal:
        portal.call(lambda: migrate(empty_database, model=embedder.model, dimensions=embedder.dimensions))
        with portal.wrap_async_context_manager(Database.open(empty_database, pool_size=2)) as database:
            portal.call(fill, Library(database))
            retriever = FusedRetriever(searcher=Searcher(Index(database), embedder), portal=portal, limit=1)
            assert retriever.invoke("boiling eggs")[0].metadata["source_id"] == "cooking"


NAMED = [
    record(
        "bert", "BERT: Pre-training of Deep Transformers", "Language understanding.", doi="10.1000/bert", arxiv_id="1810.04805"
    ),
    *(record(f"about{n}", "BERT and BERT again", "BERT BERT BERT for everything.") for n in range(5)),
    record("other", "Pre-training of Shallow Trees: Deep Thoughts", "Forests."),
]


@pytest.mark.parametrize(
    "question",
    [
        "the BERT paper",
        "找一下BERT那篇论文",
        "https://doi.org/10.1000/BERT",
        "arXiv:1810.04805v2",
        'what came of "BERT - pre-training of deep transformers"?',
        "bert: pre-training of DEEP transformers",
    ],
)
async def test_what_a_question_names_stands_first(library: Library, searcher: Searcher, question: str) -> None:
    await fill(library, NAMED)
    result = await searcher.search(Query(question))
    assert result.hits[0].paper.source_id == "bert"
    assert result.confident
    assert result.hits[0].score == 1.0


async def test_limits_hold_for_what_is_named_too(library: Library, searcher: Searcher) -> None:
    await fill(library, NAMED)
    await fill(library, PAPERS, "b")
    assert "bert" not in await found(searcher, "the BERT paper", collections=["b"])


async def test_a_step_that_is_left_out_does_nothing(library: Library, searcher: Searcher) -> None:
    await fill(library, NAMED)
    ranked = await searcher.rank(Query("the BERT paper"), Ranking.FUSED, steps=replace(ALL, exact=False))
    assert not any(one.candidate.named for one in ranked)
    plain = Steps(unwrapping=False, exact=False, feedback=False, neighbours=False)
    assert all(0 <= one.score <= 1 for one in await searcher.rank(Query("trees"), Ranking.FUSED, steps=plain))
    assert all(one.candidate.vector is None for one in await searcher.rank(Query("trees"), Ranking.FUSED, steps=plain))


async def test_the_words_of_asking_are_not_searched_for(library: Library, searcher: Searcher) -> None:
    await fill(library, [record("eggs", "Boiling eggs"), record("asking", "Could you suggest some studies that discuss")])
    lexical = await searcher.rank(Query("Could you suggest some studies that discuss boiling eggs?"), Ranking.LEXICAL)
    assert len(lexical) == 1


async def test_feedback_brings_up_what_shares_the_words_of_the_best(library: Library, searcher: Searcher) -> None:
    papers = [
        record("best", "Zebra stripes", "Zebra stripes confuse flies and horseflies on the savanna."),
        record("kin", "Horseflies of the savanna", "Flies on the savanna confuse zebra herds."),
        record("same", "Zebra crossings", "Paint and traffic lights for a zebra in town."),
        *(record(f"far{n}", f"Topic {n}", f"Nothing shared, number {n}.") for n in range(5)),
    ]
    await fill(library, papers)

    async def lead(steps: Steps) -> float:
        scores = {r.candidate.key: r.score for r in await searcher.rank(Query("zebra stripes"), Ranking.FUSED, steps=steps)}
        keys = sorted(scores)
        return scores[keys[1]] - scores[keys[2]]

    assert await lead(replace(ALL, neighbours=False)) > await lead(replace(ALL, neighbours=False, feedback=False))
