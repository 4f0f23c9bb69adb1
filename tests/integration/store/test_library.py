"""The library: what is added, updated, merged and left alone, and the numbers that BM25 rests on."""

from collections.abc import Sequence

import pytest

from rag.embeddings import embedding_text
from rag.embeddings.testing import FakeEmbedder
from rag.errors import NotFoundError
from rag.papers import SAMPLE, Filters, PaperRecord, paper_id
from rag.store import Collections, Database, Embedded, Index, Library, WriteOutcome
from rag.text import tokens

pytestmark = pytest.mark.anyio

NETWORKS = PaperRecord(
    source_id="n1", title="Deep Networks", abstract="Layers of units learn.", authors=["Ada Byron"], year=2015, doi="10.1000/abc"
)
GRAPHS = PaperRecord(
    source_id="g1", title="Walks on Graphs", abstract="Random walks embed vertices.", authors=["Bo Li"], year=2016
)


def embedded(records: Sequence[PaperRecord]) -> list[Embedded]:
    vectors = FakeEmbedder().encode_documents([embedding_text(r) for r in records])
    return [Embedded(record, vector) for record, vector in zip(records, vectors, strict=True)]


async def counts(database: Database) -> dict[str, int]:
    """Stem → document frequency, without those that no paper has any more."""
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT stem, papers FROM stems WHERE papers <> 0")
        return dict(await cursor.fetchall())


async def test_the_same_records_again_change_nothing(library: Library) -> None:
    batch = embedded([NETWORKS, GRAPHS])
    assert await library.write("a", batch) == WriteOutcome(added=2)
    assert await library.unchanged("a", [NETWORKS, GRAPHS]) == {"n1", "g1"}
    assert await library.write("a", batch) == WriteOutcome(unchanged=2)
    assert await library.count() == 2


async def test_a_changed_record_is_updated_and_found_by_its_new_words_only(library: Library, database: Database) -> None:
    await library.write("a", embedded([NETWORKS, GRAPHS]))
    changed = NETWORKS.model_copy(update={"abstract": "Kernels separate zebras."})
    assert await library.write("a", embedded([changed])) == WriteOutcome(updated=1)
    frequencies = await counts(database)
    assert frequencies["zebra"] == 1
    assert "layer" not in frequencies
    assert frequencies["network"] == 1
    found, _ = await Index(database).candidates(embedding=None, stems=tokens("layers"), filters=Filters(), limit=10)
    assert found == []


@pytest.mark.parametrize(
    "twin",
    [
        PaperRecord(source_id="x", title="Another title", doi="https://doi.org/10.1000/ABC"),
        PaperRecord(source_id="x", title="DEEP  networks.", authors=["Byron, Ada"], year=2015),
    ],
    ids=["same DOI", "same title, first author and year"],
)
async def test_one_work_in_two_collections_is_one_paper_with_both_source_ids(
    library: Library, index: Index, twin: PaperRecord
) -> None:
    await library.write("a", embedded([NETWORKS]))
    assert await library.write("b", embedded([twin])) == WriteOutcome(added=1)
    assert await library.write("b", embedded([twin])) == WriteOutcome(unchanged=1)
    assert await library.count() == 1
    paper = await index.paper(paper_id("a", "n1"))
    assert paper.title == "Deep Networks"
    assert paper.collections == ("a", "b")


async def test_a_title_alone_merges_nothing(library: Library) -> None:
    await library.write("a", embedded([NETWORKS]))
    await library.write("b", embedded([PaperRecord(source_id="x", title="Deep Networks", year=2015)]))
    assert await library.count() == 2


async def test_records_of_one_collection_stay_rows_of_their_own(library: Library) -> None:
    twins = [NETWORKS, NETWORKS.model_copy(update={"source_id": "n2"})]
    assert await library.write("a", embedded(twins)) == WriteOutcome(added=2)
    assert await library.count() == 2
    # In another collection each finds a paper of its own again.
    assert await library.write("b", embedded(twins)) == WriteOutcome(added=2)
    assert await library.count() == 2


async def test_a_second_record_fills_in_what_the_first_lacked(library: Library, index: Index, database: Database) -> None:
    bare = PaperRecord(source_id="n1", title="Deep Networks", authors=["Ada Byron"], year=2015)
    await library.write("a", embedded([bare]))
    await library.write("b", embedded([NETWORKS]))
    paper = await index.paper(paper_id("a", "n1"))
    assert paper.abstract == NETWORKS.abstract
    assert paper.doi == "10.1000/abc"
    assert (await counts(database))["layer"] == 1


async def test_a_summary_of_the_sample_gives_way_to_an_abstract(library: Library, index: Index, database: Database) -> None:
    ours = NETWORKS.model_copy(update={"abstract": "Kernels separate zebras.", "language": "zh", "keywords": ["stacks"]})
    await library.write(SAMPLE, embedded([ours]))
    own = NETWORKS.model_copy(update={"title": "Deep networks", "language": "en"})
    await library.write("a", embedded([own]))
    await library.write("b", embedded([own.model_copy(update={"abstract": "Yet another one."})]))
    paper = await index.paper(paper_id(SAMPLE, "n1"))
    assert (paper.title, paper.abstract, paper.language) == (own.title, own.abstract, "en")
    assert paper.keywords == ("stacks",)
    assert await counts(database) == {"deep": 1, "network": 1, "layer": 1, "unit": 1, "learn": 1, "stack": 1}


async def test_an_update_without_an_abstract_keeps_the_one_that_another_collection_gave(library: Library, index: Index) -> None:
    bare = PaperRecord(source_id="n1", title="Deep Networks", authors=["Ada Byron"], year=2015)
    await library.write("a", embedded([bare]))
    await library.write("b", embedded([NETWORKS]))
    await library.write("a", embedded([bare.model_copy(update={"venue": "ICML"})]))
    paper = await index.paper(paper_id("a", "n1"))
    assert (paper.venue, paper.abstract) == ("ICML", NETWORKS.abstract)


async def test_a_paper_is_found_by_its_keywords(library: Library, index: Index) -> None:
    await library.write("a", embedded([NETWORKS, GRAPHS.model_copy(update={"keywords": ["shortest paths", "最短路径"]})]))
    for asked in ("shortest paths", "最短路径"):
        found, _ = await index.candidates(embedding=None, stems=tokens(asked), filters=Filters(), limit=10)
        assert [(await index.papers([candidate.key]))[candidate.key].title for candidate in found] == [GRAPHS.title]


async def test_groups_are_collections_beside_the_one_they_were_read_into(library: Library, index: Index) -> None:
    grouped = NETWORKS.model_copy(update={"groups": ["Reading", "Old"]})
    await library.write("a", embedded([grouped, GRAPHS]))
    assert (await index.paper(paper_id("a", "n1"))).collections == ("a", "a/Old", "a/Reading")
    assert await library.write("a", embedded([grouped])) == WriteOutcome(unchanged=1)
    left = NETWORKS.model_copy(update={"groups": ["Reading"], "abstract": ""})
    assert await library.write("a", embedded([left])) == WriteOutcome(updated=1)
    paper = await index.paper(paper_id("a", "n1"))
    assert (paper.collections, paper.abstract) == (("a", "a/Reading"), "")
    assert (await index.paper(paper_id("a", "g1"))).collections == ("a",)


async def test_a_group_is_read_by_whoever_reads_its_collection(library: Library, database: Database) -> None:
    collections = Collections(database)
    await library.write("a", embedded([GRAPHS]))
    await library.write("a/Open", embedded([GRAPHS.model_copy(update={"title": "Another"})]))
    await collections.restrict("a", ["staff"])
    await library.write("a", embedded([NETWORKS.model_copy(update={"groups": ["Reading", "Open"]})]))
    listed = {one.name: (one.papers, one.groups) for one in await collections.list(await collections.operator())}
    assert listed == {"a": (2, ("staff",)), "a/Open": (1, None), "a/Reading": (1, ("staff",))}


async def test_document_frequencies_and_lengths_are_those_of_the_papers(library: Library, database: Database) -> None:
    await library.write("a", embedded([NETWORKS, GRAPHS]))
    await library.write("a", embedded([NETWORKS.model_copy(update={"abstract": "Walks of units."})]))
    frequencies = await counts(database)
    assert frequencies["walk"] == 2
    assert frequencies["unit"] == 1
    async with database.connection() as connection:
        row = await (await connection.execute("SELECT papers, tokens FROM lexical_statistics")).fetchone()
        rows = await (await connection.execute("SELECT count(*), sum(length) FROM paper_stems")).fetchone()
    assert row == rows


async def test_weights_follow_when_papers_become_longer(library: Library, database: Database) -> None:
    await library.write("a", embedded([NETWORKS]))
    index = Index(database)

    async def score() -> float:
        found, weight = await index.candidates(embedding=None, stems=["layer"], filters=Filters(), limit=10)
        return found[0].lexical / weight

    before = await score()
    long = PaperRecord(source_id="l", title="Long", abstract=" ".join(f"word{i}" for i in range(400)))
    await library.write("a", embedded([long]))
    assert await score() == pytest.approx(before, rel=1e-5)
    await library.refresh_statistics()
    length, mean = 7, (7 + 402) / 2  # the title counts twice
    assert await score() == pytest.approx(1 / (1 + 1.2 * (0.4 + 0.6 * length / mean)), rel=1e-3)
    assert before < await score()


async def test_a_failed_batch_leaves_nothing(library: Library) -> None:
    good, bad = embedded([NETWORKS, GRAPHS])
    with pytest.raises(Exception, match="expected 64 dimensions"):
        await library.write("a", [good, Embedded(bad.record, bad.embedding[:5])])
    assert await library.count() == 0
    assert await library.write("a", [good, bad]) == WriteOutcome(added=2)


async def test_indexes_can_be_dropped_and_built(library: Library, database: Database) -> None:
    await library.drop_indexes()
    await library.write("a", embedded([NETWORKS, GRAPHS]))
    assert await library.build_indexes() > 0
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%hnsw' ORDER BY 1")
        names = [row[0] for row in await cursor.fetchall()]
    assert names == ["paper_stems_hnsw", "paper_vectors_1_hnsw", "passage_vectors_1_hnsw", "passage_vectors_1_uploads_hnsw"]


async def test_an_unknown_paper_is_not_found(index: Index) -> None:
    with pytest.raises(NotFoundError):
        await index.paper(paper_id("a", "nothing"))
